"""Writes articles with suggested questions as a file that a person reads, thins out and imports."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ..store.engine import Store
from ..store.reading import from_moment
from ..store.tables import articles
from .reviewing import Suggested

BECAUSE = {
    "helped": "somebody asked so, and said that the article helped",
    "labelled": "a person said that this intent was wanted",
}


def write_suggestions(store: Store, suggested: Sequence[Suggested], path: Path) -> int:
    """Write the articles for which there are suggestions, whole, the new questions marked.

    Args:
        store: An open store.
        suggested: The questions.
        path: The file; it is replaced.

    Returns:
        How many articles it has.
    """
    wanted: dict[tuple[str, str], list[Suggested]] = defaultdict(list)
    for one in suggested:
        wanted[one.article, one.language].append(one)
    query = (
        select(articles)
        .where(articles.c.is_current, articles.c.key.in_({key for key, _ in wanted}))
        .order_by(articles.c.key, articles.c.language)
    )
    with store.read() as connection:
        rows = [row for row in connection.execute(query).all() if (row.key, row.language) in wanted]
    lines = [
        "# Suggested by 'ballyhoo faq review'. Take away the questions that you do not want, then:",
        f"#   ballyhoo import articles {path.name}",
    ]
    for row in rows:
        lines += _write_article(row, wanted[row.key, row.language])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(rows)


def _write_article(row: Any, suggested: Sequence[Suggested]) -> Iterator[str]:
    yield f"- id: {_quote(row.key)}"
    told = {
        "language": row.language,
        "title": row.title,
        "body": row.body,
        "intent": row.intent,
        "audience": row.audience,
        "valid_from": _show(row.valid_from),
        "valid_until": _show(row.valid_until),
    }
    for name, value in told.items():
        if value is not None:
            yield f"  {name}: {_quote(value)}"
    yield "  questions:"
    for question in row.questions:
        yield f"    - {_quote(question)}"
    for one in suggested:
        yield f"    - {_quote(one.question)}  # {BECAUSE[one.because]}"


def _quote(text: str) -> str:
    """Return a text as YAML: a JSON string is one."""
    return json.dumps(text, ensure_ascii=False)


def _show(moment: int | None) -> str | None:
    return None if moment is None else from_moment(moment).isoformat()
