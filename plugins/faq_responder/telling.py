"""Answers from the articles: in their own words, with the source."""

from __future__ import annotations

from urllib.parse import quote

from ballyhoo import Article, Reply

from .case import Case, Found
from .common_ground import has_common_ground
from .markdown import strip_markdown

SAME_AGAIN = 2
"""After so many turns with the same article a third one would help as little."""


def tell_article(case: Case) -> Reply | None:
    """Return the article that fits, as it is; None when none fits well enough."""
    best = choose_article(case)
    if best is None:
        return None
    text = case.greet(write_extract(case, best))
    return Reply(
        text=text + cite(case, [best.article]),
        articles=(best.article.id,),
        intent=case.understood.intent or best.article.intent,
        confidence=measure_fit(case, best),
        language=best.article.language,
        details={**case.details, "written_by": "article"},
    )


def choose_article(case: Case) -> Found | None:
    """Return the article that answers, one in her language before others; or None."""
    fitting = [
        one
        for one in case.found
        if measure_fit(case, one) >= case.options.confidence and shares_ground(case, one)
    ]
    own, shared = _base(case.language), _base(case.options.language)

    def rank(one: Found) -> tuple[bool, bool, float]:
        base = _base(one.article.language)
        return base == own, base == shared, measure_fit(case, one)

    return max(fitting, key=rank, default=None)


def shares_ground(case: Case, found: Found) -> bool:
    """Say whether an article speaks of anything that was asked for.

    A sentence model sees what words do not say, so that none have to be shared where one is named.
    """
    return case.options.embeddings is not None or has_common_ground(case.asked, found.article)


def measure_fit(case: Case, found: Found) -> float:
    """Return how sure it is that an article answers: search, and the intent when it agrees."""
    fit, understood = found.hit.fit, case.understood
    if found.article.intent is not None and found.article.intent == understood.intent:
        return fit + (1 - fit) * 0.5 * understood.confidence
    return fit


def was_told_before(case: Case) -> bool:
    """Say whether the answer has been given in this conversation, and asked for again."""
    best = choose_article(case)
    last = case.enquiry.earlier[-SAME_AGAIN:]
    return (
        best is not None
        and len(last) == SAME_AGAIN
        and all(best.article.id in turn.articles for turn in last)
    )


def write_extract(case: Case, found: Found) -> str:
    """Return an article's own words: all, or the part that fits when it is long."""
    body = strip_markdown(found.article.body)
    if count_words(body) > case.options.length:
        body = strip_markdown(found.hit.passage) or body
    if _base(found.article.language) != _base(case.language):
        return f"{case.say('other_language')}\n\n{body}"
    return body


def cite(case: Case, articles: list[Article]) -> str:
    """Return the line that names the articles that a reply rests on."""
    if not case.options.cite or not articles:
        return ""
    names = [_name(case, article) for article in articles]
    if len(names) == 1:
        return "\n\n" + case.say("source").format(title=names[0])
    return "\n\n" + case.say("sources").format(titles="; ".join(names))


def count_words(text: str) -> int:
    """Return how many words a text has; two signs of a script without spaces count as one."""
    unspaced = sum("\u3040" <= one <= "\u30ff" or "\u3400" <= one <= "\u9fff" for one in text)
    return len(text.split()) + unspaced // 2


def _name(case: Case, article: Article) -> str:
    link = case.options.link
    if link is None:
        return article.title
    return f"{article.title} ({link.replace('{id}', quote(article.id, safe=''))})"


def _base(language: str) -> str:
    return language.partition("-")[0].lower()
