"""Writes the articles of the knowledge base; other words make a new version."""

from __future__ import annotations

from sqlalchemy import Connection

from ..bulk import insert_rows, lock_writers, select_rows, update_rows
from ..ordinals import hash_nested
from ..rows import Counts, dump_json
from ..tables import articles
from .writer import Row, Writer

COLUMNS = (
    "key",
    "language",
    "version",
    "title",
    "body",
    "questions",
    "intent",
    "audience",
    "valid_from",
    "valid_until",
    "is_current",
    "created_at",
    "content",
)


class ArticleWriter(Writer):
    """Writes `ArticleRow`s; what a reply rested on stays readable."""

    def get_key(self, row: Row) -> tuple[str, str]:
        """Return id and language."""
        return row[0], row[3]

    def write_chunk(self, connection: Connection, rows: list[tuple[int, Row]]) -> Counts:
        """Write articles with their indexes within one transaction."""
        lock_writers(connection, "articles")
        current = {
            (key, language): (article, version, content)
            for key, language, article, version, content in select_rows(
                connection,
                articles,
                ("key", "language", "id", "version", "content"),
                "key",
                {row[0] for _, row in rows},
                where="is_current",
            )
        }
        values = []
        replaced = []
        for _, row in rows:
            key, title, body, language, questions, intent, audience, valid_from, valid_until = row
            content = hash_nested(row)
            article, version, before = current.get((key, language), (None, 0, None))
            if before == content:
                continue
            if article is not None:
                replaced.append((article, False))
            values.append(
                (
                    key,
                    language,
                    version + 1,
                    title,
                    body,
                    dump_json(list(questions)),
                    intent,
                    audience,
                    valid_from,
                    valid_until,
                    True,
                    self.now,
                    content,
                )
            )
        update_rows(connection, articles, "id", ("is_current",), replaced)
        insert_rows(connection, articles, COLUMNS, values)
        return Counts(
            new=len(values) - len(replaced),
            updated=len(replaced),
            unchanged=len(rows) - len(values),
        )
