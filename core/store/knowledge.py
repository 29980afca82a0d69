"""Reads the knowledge base: its articles, and the questions whose intent a person told."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, or_, select

from ..enquiry import Article, LabelledEnquiry
from .engine import Store
from .tables import articles, enquiries


def read_articles(connection: Connection, now: int, language: str | None = None) -> list[Article]:
    """Return the articles that are valid at a moment, in order of their ids.

    Args:
        connection: Within any transaction.
        now: UTC milliseconds.
        language: Only those in this language; all when None.
    """
    query = (
        select(articles)
        .where(
            articles.c.is_current,
            or_(articles.c.valid_from.is_(None), articles.c.valid_from <= now),
            or_(articles.c.valid_until.is_(None), articles.c.valid_until > now),
        )
        .order_by(articles.c.key, articles.c.language)
    )
    if language is not None:
        query = query.where(articles.c.language == language)
    return [
        Article(
            id=row.key,
            title=row.title,
            body=row.body,
            language=row.language,
            version=row.version,
            questions=tuple(row.questions),
            intent=row.intent,
            audience=row.audience,
        )
        for row in connection.execute(query)
    ]


def read_titles(connection: Connection, ids: Sequence[str], language: str | None) -> dict[str, str]:
    """Return the titles of some articles by their ids, in a language where they have it."""
    query = (
        select(articles.c.key, articles.c.title)
        .where(articles.c.is_current, articles.c.key.in_(ids))
        .order_by(articles.c.language == language, articles.c.id)  # the last one stays
    )
    return {row.key: row.title for row in connection.execute(query)}


def read_labelled(connection: Connection) -> list[LabelledEnquiry]:
    """Return the questions of which a person said what was wanted, oldest first."""
    query = (
        select(enquiries.c.text, enquiries.c.intent, enquiries.c.language)
        .where(enquiries.c.intent.is_not(None), enquiries.c.text.is_not(None))
        .order_by(enquiries.c.at, enquiries.c.id)
    )
    return [
        LabelledEnquiry(text=row.text, intent=row.intent, language=row.language)
        for row in connection.execute(query)
    ]


def has_articles(store: Store) -> bool:
    """Whether there is any article."""
    with store.read() as connection:
        return connection.execute(select(articles.c.id).limit(1)).first() is not None
