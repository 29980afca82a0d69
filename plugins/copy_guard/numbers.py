"""The rules of numbers and prices: what counts or costs comes through a slot, or is a fact."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, is_within, refuse
from .facts import Facts, split_tokens
from .lexicon.discounts import CURRENCIES, SIGNS
from .number_words import COMPOUNDS, FIGURES, INNOCENT, NUMBERS, ROMAN
from .reading import MARK, Reading
from .words import compile_pattern, compile_words

_AROUND = 24
_FIGURE = r"\d+(?:[.,:/\u2044' -]\d+)*(?: ?[%‰‱])?"
_END = re.compile(r"[.!?](?:\s|$)|[。！？\n]")
_PERCENT = "%‰‱"
_SAID = "a number that is neither in a slot nor a fact of these products"
_LINKING = frozenset((
    "the", "for", "from", "with", "only", "over", "and", "of", "in", "on", "at", "to", "by",
    "than", "about", "just", "now", "up", "nur", "mit", "und", "auf", "von", "aus", "bis", "im",
    "am", "zu", "ab", "als", "fur", "bei", "sie", "du", "der", "die", "das", "a", "an",
))  # fmt: skip


def find_numbers(case: Case) -> Iterator[Objection]:
    """Object to digits of any script, to numbers in words and to fractions."""
    roman = compile_pattern(ROMAN)
    for passage in case.passages:
        for reading in passage.readings:
            claims = case.find_claims(reading)
            for span in _find_figures(reading):
                if not is_within(span, claims) and not _is_fact(case.facts, reading, *span):
                    yield refuse("numbers", passage, reading, span, _SAID)
            for found in roman.finditer(reading.cased):
                if not case.facts.hold([found[0].lower()]):
                    yield refuse("numbers", passage, reading, found.span(), _SAID)
    innocent = compile_pattern(INNOCENT)
    for words, with_pairs in ((NUMBERS, True), (COMPOUNDS, False)):
        hits = case.search(
            compile_pattern(words), innocent, with_claims=True, with_pairs=with_pairs
        )
        for passage, reading, found in hits:
            if not _is_fact(case.facts, reading, *found.span()):
                yield refuse("numbers", passage, reading, found.span(), _SAID)


def _find_figures(reading: Reading) -> Iterator[tuple[int, int]]:
    for found in compile_pattern(_FIGURE).finditer(reading.bare):
        yield found.span()
    for at, start in enumerate(reading.starts):
        # "Ⅼ" is read as a letter, and is fifty all the same.
        if unicodedata.category(reading.original[start]) in ("Nl", "No"):
            yield at, at + 1
    for at, one in enumerate(reading.bare):
        if (
            one in _PERCENT
            or one in FIGURES
            or (not one.isascii() and not one.isdecimal() and unicodedata.category(one)[0] == "N")
        ):
            yield at, at + 1


def _is_fact(facts: Facts, reading: Reading, start: int, end: int) -> bool:
    """Whether the products' own text says this number with the word before or after it.

    A number beside money or a word of reduction is never one: those are the offer's.
    """
    bare = reading.bare
    left = _END.split(bare[max(0, start - _AROUND) : start])[-1]
    right = _END.split(bare[end : end + _AROUND])[0]
    near = f"{left}{bare[start:end]}{right}"
    if _is_money(bare, start, end) or compile_words(SIGNS).search(near):
        return False
    tokens, before, after = split_tokens(bare[start:end]), split_tokens(left), split_tokens(right)
    if after and after[0] not in _LINKING and facts.hold([*tokens, after[0]]):
        return True
    word = before[-1] if before else ""
    return len(word) > 2 and word not in _LINKING and facts.hold([word, *tokens])


def _is_money(bare: str, start: int, end: int) -> bool:
    before, after = bare[max(0, start - 2) : start].rstrip(), bare[end : end + 2].lstrip()
    if any(one == MARK or unicodedata.category(one) == "Sc" for one in before[-1:] + after[:1]):
        return True
    return compile_words(CURRENCIES).search(bare[max(0, start - 8) : end + 12]) is not None


def find_prices(case: Case) -> Iterator[Objection]:
    """Object to signs and names of currencies: a slot brings its own."""
    said = "a currency outside of a slot"
    for passage in case.passages:
        for reading in passage.readings:
            for at, one in enumerate(reading.bare):
                if one == "$" or (not one.isascii() and unicodedata.category(one) == "Sc"):
                    span = (max(0, at - 6), min(len(reading.bare), at + 7))
                    yield refuse("prices", passage, reading, span, said)
    for passage, reading, found in case.search(compile_words(CURRENCIES)):
        yield refuse("prices", passage, reading, found.span(), said)
