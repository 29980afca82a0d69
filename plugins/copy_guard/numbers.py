"""The rules of numbers and prices: what counts or costs comes through a slot, or is a fact."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, is_within, refuse
from .discounts import SIGNS
from .facts import Facts, split_tokens
from .number_words import FIGURES, INNOCENT, NUMBERS, ROMAN
from .reading import MARK, Reading
from .words import compile_pattern, compile_words

CURRENCIES = """
    euro, euros, eur, cents, cent, dollar, dollars, usd, gbp, chf, pound sterling, pounds, quid,
    bucks, pence, fiver, tenner, franken, rappen, yen, yuan, rmb, cny, jpy, renminbi, rupees,
    krona, kronen, zloty, 欧元, 美元, 英镑, 日元, 人民币, 元整, 块钱, 元钱, 毛钱, 港币, 法郎, 卢比
"""
_AROUND = 24
_FIGURE = r"\d+(?:[.,:/\u2044' -]\d+)*"
_PERCENT = "%‰‱"
_SAID = "a number that is neither in a slot nor a fact of these products"
_LINKING = frozenset(
    "the for from with only over and of in on at to by than about just now up nur mit und auf "
    "von aus bis im am zu ab als fur bei sie du der die das a an".split()
)


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
    pattern, innocent = compile_pattern(NUMBERS), compile_pattern(INNOCENT)
    for passage, reading, found in case.search(pattern, innocent, with_claims=True):
        if not _is_fact(case.facts, reading, *found.span()):
            yield refuse("numbers", passage, reading, found.span(), _SAID)


def _find_figures(reading: Reading) -> Iterator[tuple[int, int]]:
    for found in compile_pattern(_FIGURE).finditer(reading.bare):
        yield found.span()
    for at, one in enumerate(reading.bare):
        if one in _PERCENT or one in FIGURES:
            yield at, at + 1
        elif not one.isascii() and not one.isdecimal() and unicodedata.category(one)[0] == "N":
            yield at, at + 1


def _is_fact(facts: Facts, reading: Reading, start: int, end: int) -> bool:
    """Whether the products' own text says this number with the word before or after it.

    A number beside money or a word of reduction is never one: those are the offer's.
    """
    bare = reading.bare
    near = bare[max(0, start - _AROUND) : end + _AROUND]
    if _is_money(bare, start, end) or compile_words(SIGNS).search(near):
        return False
    tokens = split_tokens(bare[start:end])
    before = split_tokens(bare[max(0, start - _AROUND) : start])
    after = split_tokens(bare[end : end + _AROUND])
    if after and after[0] not in _LINKING and facts.hold([*tokens, after[0]]):
        return True
    if after and after[0] in _PERCENT:
        return False
    word = before[-1] if before else ""
    return len(word) > 2 and word not in _LINKING and facts.hold([word, *tokens])


def _is_money(bare: str, start: int, end: int) -> bool:
    around = bare[max(0, start - 2) : end + 2]
    if MARK in around or any(unicodedata.category(one) == "Sc" for one in around):
        return True
    return compile_words(CURRENCIES).search(bare, max(0, start - 8), end + 12) is not None


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
