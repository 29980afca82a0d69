"""The words that are put together when a space splits them: those that would be lies alone."""

from __future__ import annotations

from functools import cache

from .words import list_whole_words

_NUMBERS = """
    twelve, twenty, thirty, forty, fifty, sixty, seventy, eighty, ninety, hundred, thousand, million, half,
    dozen, percent, three, seven, eight, zehn, elf, zwolf, zwanzig, dreissig, vierzig, funfzig, sechzig,
    siebzig, achtzig, neunzig, hundert, tausend, prozent, halb, halbe, halben, drittel, viertel, zwei, drei, fuenfzig
"""


@cache
def list_known_words() -> frozenset[str]:
    """Return numbers, words of reduction and what is given away, without diacritics."""
    from .discounts import OFFERS, REDUCTIONS
    from .promises import GIFTS, GUARANTEES

    known: set[str] = set()
    for words in (_NUMBERS, REDUCTIONS, OFFERS, *GIFTS.values(), *GUARANTEES.values()):
        known |= list_whole_words(words.replace("*", ""))
    return frozenset(known)
