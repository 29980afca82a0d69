"""Reads questions of which is known what the right answer is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataError
from ..importing.opening import open_source

COLUMNS = {
    "text": ("text", "question", "utterance", "query", "body", "message"),
    "intent": ("intent", "category", "label"),
    "article": ("article", "article_id"),
    "language": ("language",),
}
"""What each field may be called in the file."""

NOTHING = frozenset({"", "none", "out_of_scope", "oos"})
"""Intents of a question that nothing answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledQuestion:
    """A question and its right answer.

    Attributes:
        text: The question.
        intent: What is wanted, or None when the file does not say.
        article: The id of the article that answers it, or None.
        language: BCP 47 tag, or None.
        is_answerable: Whether anything answers it.
    """

    text: str
    intent: str | None
    article: str | None
    language: str | None
    is_answerable: bool


def read_labelled_file(path: Path) -> list[LabelledQuestion]:
    """Return the questions of a file.

    Args:
        path: CSV, JSON Lines, JSON or Parquet with a column `text`, and `intent` or `article`.

    Raises:
        DataError: A column is missing, or a row has no question; it says which.
    """
    source = open_source(path, "enquiries")
    found = {
        field: next((name for name in names if name in source.header), None)
        for field, names in COLUMNS.items()
    }
    if found["text"] is None:
        raise DataError(
            f"{path.name} has no column 'text'", hint=f"it has {', '.join(source.header)}"
        )
    if found["intent"] is None and found["article"] is None:
        raise DataError(
            f"{path.name} does not say what is right",
            hint="a column 'intent' or 'article' says what the answer to each question is",
        )
    questions = []
    for chunk in source.chunks():
        columns = {
            field: [None] * len(chunk) if name is None else list(chunk.column(name))
            for field, name in found.items()
        }
        for index in range(len(chunk)):
            values = {field: _tidy(column[index]) for field, column in columns.items()}
            if index in chunk.damaged or values["text"] is None:
                why = chunk.damaged.get(index, "there is no question")
                raise DataError(f"{path.name}:{chunk.lines[index]}: {why}")
            questions.append(_make(values["text"], values))
    if not questions:
        raise DataError(f"{path.name} has no question")
    return questions


def _make(text: str, values: dict[str, str | None]) -> LabelledQuestion:
    intent, article = values["intent"], values["article"]
    is_named = intent is not None and intent.casefold() not in NOTHING
    return LabelledQuestion(
        text=text,
        intent=intent if is_named else None,
        article=article,
        language=values["language"],
        is_answerable=is_named or article is not None,
    )


def _tidy(value: Any) -> str | None:
    text = "" if value is None else str(value).strip()
    return text or None
