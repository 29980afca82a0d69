"""The rule of characters: letters of the copy's own script, and none that are hidden."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from ballyhoo import Objection

from .case import Case, Passage, refuse
from .lookalikes import BLANKS
from .reading import LAST_EUROPEAN
from .words import compile_pattern

_JOINERS = "\u200d\ufe0f\ufe0e"
"""They stand within pictures."""

SCRIPTS: dict[str, frozenset[str]] = {
    "zh": frozenset({"CJK", "IDEOGRAPHIC"}),
    "ja": frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"}),
    "ko": frozenset({"HANGUL", "CJK"}),
} | {
    language: frozenset({script})
    for script, languages in {
        "CYRILLIC": "ru uk bg sr mk be kk",
        "GREEK": "el",
        "ARABIC": "ar fa ur",
        "HEBREW": "he yi",
        "DEVANAGARI": "hi mr ne",
        "BENGALI": "bn",
        "TAMIL": "ta",
        "TELUGU": "te",
        "THAI": "th",
        "GEORGIAN": "ka",
        "ARMENIAN": "hy",
    }.items()
    for language in languages.split()
}
SPELLED = r"(?<![a-z])[a-z](?:[ ._*~'·•|/\\+-]{1,2}[a-z](?![a-z])){3,}"
"""Four letters or more, each set apart."""

_OF_LETTERS = frozenset(["fa", "ar", "ur", "hi", "mr", "ne", "bn", "ta", "te", "th"])
"""Languages that need joiners between letters."""


def find_characters(case: Case) -> Iterator[Objection]:
    """Object to hidden characters, to letters of another script and to piles of accents."""
    scripts = SCRIPTS.get(case.language, frozenset())
    is_wide = case.language in ("vi", *SCRIPTS)
    for passage in case.passages:
        spelled = compile_pattern(SPELLED).search(passage.reading.bare)
        if spelled is not None:
            said = "a word spelled letter by letter"
            yield refuse("characters", passage, passage.reading, spelled.span(), said)
        found = _find_odd(passage, scripts, is_wide=is_wide, language=case.language)
        if found is not None and not _is_fact(case, found[0]):
            one, said = found
            name = unicodedata.name(one, f"U+{ord(one):04X}")
            yield Objection(
                rule="characters", field=passage.field, excerpt=one, message=f"{name}: {said}"
            )


def _find_odd(
    passage: Passage, scripts: frozenset[str], *, is_wide: bool, language: str
) -> tuple[str, str] | None:
    text = passage.reading.original
    if text.isascii():
        return None
    previous = ""
    for one in text:
        if not one.isascii():
            category = unicodedata.category(one)
            if category in ("Cf", "Co", "Cn") or one in BLANKS:
                if not (one in _JOINERS and (_is_picture(previous) or language in _OF_LETTERS)):
                    return one, "it is not seen"
            elif category in ("Mn", "Me") and one not in _JOINERS:
                whole = unicodedata.normalize("NFC", previous + one)
                if len(whole) != 1 and not is_wide:
                    return one, "an accent that no letter has"
            elif category[0] == "L" and not _fits(one, scripts, is_wide=is_wide):
                return one, "a letter of another script, or one that only looks like a letter"
        previous = one
    return None


def _is_picture(one: str) -> bool:
    return bool(one) and (unicodedata.category(one) in ("So", "Sk", "Sm", "Po") or one == "\ufe0f")


@lru_cache(maxsize=8192)
def _fits(one: str, scripts: frozenset[str], *, is_wide: bool) -> bool:
    if one <= LAST_EUROPEAN:
        return True
    script = unicodedata.name(one, "").partition(" ")[0]
    return script in scripts or (is_wide and not scripts and script == "LATIN")


def _is_fact(case: Case, one: str) -> bool:
    """Whether the letter stands in the products' own text: a brand may be written as it is."""
    if unicodedata.category(one)[0] != "L":
        return False
    return any(
        one in title for briefed in case.brief.products for title in briefed.product.titles.values()
    )
