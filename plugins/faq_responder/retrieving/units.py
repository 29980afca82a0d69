"""Cuts articles into what is searched: their titles, their questions, passages of their bodies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ballyhoo import Article

LONGEST_PASSAGE = 400
"""Letters; a sign of a script without spaces counts as two."""

_BREAK = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A part of an article that is searched.

    Attributes:
        article: The place of the article.
        text: What it says.
        is_asked: Whether it is a title or a question, not a passage.
    """

    article: int
    text: str
    is_asked: bool


def cut_articles(articles: Sequence[Article]) -> list[Unit]:
    """Return the units of articles, those of an article together."""
    units: list[Unit] = []
    for place, article in enumerate(articles):
        asked = dict.fromkeys(one for one in (article.title, *article.questions) if one.strip())
        units += [Unit(article=place, text=text, is_asked=True) for text in asked or ("",)]
        passages = cut_body(article.body) or [""]
        units += [Unit(article=place, text=text, is_asked=False) for text in passages]
    return units


def cut_body(body: str) -> list[str]:
    """Return the passages of a body: paragraphs, short ones together, long ones by sentences."""
    passages: list[str] = []
    for paragraph in _BREAK.split(body):
        parts = [paragraph.strip()]
        if _measure(parts[0]) > LONGEST_PASSAGE:
            parts = [one for one in _SENTENCE.split(parts[0]) if one.strip()]
        for number, part in enumerate(parts):
            if not part:
                continue
            joint = "\n\n" if number == 0 else " "
            if passages and _measure(passages[-1]) + _measure(part) <= LONGEST_PASSAGE:
                passages[-1] += joint + part
            else:
                passages.append(part)
    return passages


def _measure(text: str) -> int:
    return len(text) + len(_UNSPACED.findall(text))
