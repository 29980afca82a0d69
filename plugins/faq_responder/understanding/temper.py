"""Tells how somebody writes, and what she wants besides an answer: by short lists of words.

Precision comes before recall: a word counts only where it is meant so. What is not found is
answered like any other question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from .lexicon import Lexicon

MOST_CHARS = 5_000
BEFORE = 24
"""So many signs in front of a word are looked at for a negation."""
BEFORE_UNSPACED = 4
SHOUTED_WORDS = 5
SHOUTED = 0.8
"""From this share of capitals on somebody shouts."""

_CLAUSE_END = re.compile(r"[.!?;:,\n。！？；，、]| but | and | aber | und |但是?|可是|而且")
_SENTENCE = re.compile(r"[^.!?;\n。！？；]+[.!?;\n。！？；]*")
_BARE_STOP = re.compile(
    r"[\s.!*\"']*(?:please )?(?:stop(?: all)?|unsubscribe|opt[- ]?out|stopp|abmelden|abbestellen"
    r"|td|退订|退訂|取消订阅|取消訂閱)(?:,? (?:please|bitte|thanks|thank you))?[\s.!*\"'。！]*"
)
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Temper:
    """How somebody writes, and what she wants besides an answer.

    Attributes:
        anger: 0 calm, 1 not content, 2 very angry.
        urgency: 0 or 1.
        is_legal: Whether it speaks of legal steps.
        wants_person: Whether a person is asked for.
        wants_to_unsubscribe: Whether the one who writes wants no more messages herself.
    """

    anger: int = 0
    urgency: int = 0
    is_legal: bool = False
    wants_person: bool = False
    wants_to_unsubscribe: bool = False


def read_temper(text: str, language: str | None = None) -> Temper:
    """Return the temper of a text.

    Args:
        text: Any text; what stands behind 5,000 signs is not looked at.
        language: BCP 47 tag when it is known; the words of English count besides. Of a language
            without a list the words of all lists count.
    """
    plain = unicodedata.normalize("NFKC", text[:MOST_CHARS]).replace("’", "'")[:MOST_CHARS]
    folded = re.sub(r"[^\S\n]+", " ", plain.casefold())
    lexicons = _choose(language, folded)
    return Temper(
        anger=max((_rate_anger(folded, one) for one in lexicons), default=0)
        if not _is_shouted(plain)
        else min(2, 2 * max((_rate_anger(folded, one) for one in lexicons), default=0)),
        urgency=int(any(_is_meant(folded, one.urgency, one) for one in lexicons)),
        is_legal=any(_is_meant(folded, one.legal, one) for one in lexicons),
        wants_person=any(_is_meant(folded, one.person, one) for one in lexicons),
        wants_to_unsubscribe=_BARE_STOP.fullmatch(folded) is not None
        or any(_wants_to_stop(folded, one) for one in lexicons),
    )


def _choose(language: str | None, folded: str) -> list[Lexicon]:
    lexicons = _load()
    base = (language or "").partition("-")[0].lower()
    if base not in lexicons:
        return list(lexicons.values())
    wanted = {base, "en"} | ({"zh"} if _CJK.search(folded) else set())
    return [one for name, one in lexicons.items() if name in wanted]


@cache
def _load() -> dict[str, Lexicon]:
    from .lexicon import chinese, english, german

    return {"en": english.LEXICON, "de": german.LEXICON, "zh": chinese.LEXICON}


def _rate_anger(folded: str, lexicon: Lexicon) -> int:
    if _is_meant(folded, lexicon.fury, lexicon):
        return 2
    found = {one.group() for one in _find_meant(folded, lexicon.displeasure, lexicon)}
    if not found:
        return 0
    stressed = any(
        lexicon.stress.search(folded[max(0, one.start() - 12) : one.start()])
        for one in _find_meant(folded, lexicon.displeasure, lexicon)
    )
    loud = folded.count("!") + folded.count("！") >= 3
    return 2 if len(found) > 2 or (stressed and (loud or len(found) > 1)) else 1


def _is_meant(folded: str, pattern: re.Pattern[str], lexicon: Lexicon) -> bool:
    return next(_find_meant(folded, pattern, lexicon), None) is not None


def _find_meant(folded: str, pattern: re.Pattern[str], lexicon: Lexicon) -> Iterator[re.Match[str]]:
    """Yield where a pattern stands without a negation in front of it in its clause."""
    for found in pattern.finditer(folded):
        if not _is_negated(folded, found.start(), lexicon):
            yield found


def _is_negated(folded: str, start: int, lexicon: Lexicon) -> bool:
    back = BEFORE_UNSPACED if start < len(folded) and _CJK.match(folded[start]) else BEFORE
    before = folded[max(0, start - back) : start]
    if start > back and back == BEFORE:
        before = before.partition(" ")[2]  # half a word may look like another one
    clause = _CLAUSE_END.split(before)[-1]
    return lexicon.negation.search(clause) is not None


def _wants_to_stop(folded: str, lexicon: Lexicon) -> bool:
    """Say whether a sentence wants no more messages, and is no question about how that is done."""
    for sentence in _SENTENCE.findall(folded):
        found = lexicon.stop.search(sentence)
        if found is None:
            continue
        others = [one.span() for one in lexicon.stop_others.finditer(sentence)]
        if not any(start < found.end() and end > found.start() for start, end in others):
            return True
    return False


def _is_shouted(plain: str) -> bool:
    letters = [one for one in plain if one.isalpha() and one.lower() != one.upper()]
    if len(plain.split()) < SHOUTED_WORDS or len(letters) < 4 * SHOUTED_WORDS:
        return False
    return sum(one.isupper() for one in letters) >= SHOUTED * len(letters)
