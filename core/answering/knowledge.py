"""The articles as they are now, found by id and language, and whom each is for."""

from __future__ import annotations

from collections.abc import Iterable

from ..enquiry import Article, Enquiry


class Knowledge:
    """The articles of the knowledge base that are valid at one moment.

    Args:
        articles: All of them; those of one id are the same article in several languages.
    """

    def __init__(self, articles: Iterable[Article]) -> None:
        self._by_id: dict[str, dict[str, Article]] = {}
        for article in articles:
            self._by_id.setdefault(article.id, {})[article.language] = article

    def find(self, id: str, language: str | None) -> Article | None:
        """Return an article in a language, else in the first that there is; None without one."""
        versions = self._by_id.get(id)
        if versions is None:
            return None
        return versions.get(language or "") or next(iter(versions.values()))


def is_for(article: Article, enquiry: Enquiry) -> bool:
    """Say whether an article may be told to whoever asks."""
    return article.audience is None or article.audience in enquiry.audiences
