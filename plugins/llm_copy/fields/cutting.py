"""Tidies what a model wrote for a field, and cuts it at the end of a sentence or word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ballyhoo import FieldLimits

from .lengths import has_least, is_over

ENOUGH = 0.4
"""A cut at the end of a sentence must leave so much of what a cut at the end of a word would."""

_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)]*(?=\s|$)|[。！？]+[”’」』]*")
_WORD_END = re.compile(r"(?=\s)|(?<=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff01-\uff60])")
_SLOT = re.compile(r"\{[^{}]*\}?")
_UNREADABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffd]")
"""Control characters, and what stands where bytes made no character."""

_LEFT_OVER = " \t,;:-–—(/&、，；："
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "»": "«", "「": "」", "'": "'"}


def tidy_text(text: str) -> str:
    """Return a model's text on one line, without quotation marks or asterisks around it all."""
    line = " ".join(_UNREADABLE.sub("", text).split())
    while len(line) > 1 and _QUOTES.get(line[0]) == line[-1] and line[0] not in line[1:-1]:
        line = line[1:-1].strip()
    return line.strip("* ") if line.startswith("*") and line.endswith("*") else line


def cut_text(
    text: str, limits: FieldLimits, values: Mapping[str, str], *, is_finished: bool
) -> str:
    """Return a text that keeps its limits where that can be done by leaving out its end.

    Args:
        text: On one line.
        limits: What it must keep to.
        values: Of its slots, about as long as they will be.
        is_finished: Whether the model ended it; else its last words may lack their end.

    Returns:
        The text, cut at the end of a sentence, or of a word where too little would be left; as it
        is when no cut makes it fit.
    """
    if is_finished and not is_over(text, limits, values):
        return text
    sentence = _cut_at(text, _list_ends(text, _SENTENCE_END), limits, values)
    word = _cut_at(text, _list_ends(text, _WORD_END), limits, values).rstrip(_LEFT_OVER)
    if sentence and len(sentence) >= ENOUGH * len(word) and has_least(sentence, limits):
        return sentence
    return word or text


def _cut_at(text: str, ends: list[int], limits: FieldLimits, values: Mapping[str, str]) -> str:
    for end in reversed(ends):
        if not is_over(text[:end], limits, values):
            return text[:end].strip()
    return ""


def _list_ends(text: str, pattern: re.Pattern[str]) -> list[int]:
    """Return where a pattern ends, outside of slots."""
    slots = [found.span() for found in _SLOT.finditer(text)]
    return [end for end in _find_ends(text, pattern) if not any(a < end < b for a, b in slots)]


def _find_ends(text: str, pattern: re.Pattern[str]) -> Iterator[int]:
    return (found.end() for found in pattern.finditer(text) if found.end())
