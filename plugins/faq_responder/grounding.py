"""Holds a written reply to what it may rest on: every fact in it stands in a passage."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from ballyhoo import BallyhooError, find_slots, without_slots

from .grounding_words import LINKING, NEGATIONS, NUMERALS, UNSPACED_NEGATIONS, WEIGHTY

ENOUGH = 0.7
"""So many of a sentence's content words must stand in one passage."""

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.+-]+@[\w-]+\.[\w.]+|\b[\w-]+\.(?:com|de|cn|org|net|shop|io)\b\S*"
)
_SENTENCE = re.compile(r"[^.!?。!?\n]+[.!?。!?]*")
_WORD = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
TRAILING = ".,;:!?)('\"。"
_MARKUP = re.compile(r"<[a-zA-Z/!]|\]\(|```|javascript:", re.IGNORECASE)


def find_unfounded(
    text: str, passages: Sequence[str], *, slots: Collection[str], language: str
) -> list[str]:
    """Return what a reply says that no passage does; nothing when it may be sent.

    It prefers to refuse: what is refused is answered in the article's own words.

    Args:
        text: The reply, slots unfilled.
        passages: What it may rest on.
        slots: Those that it may use.
        language: BCP 47 tag of what is asked for.
    """
    found: list[str] = []
    try:
        used = {slot.name for slot in find_slots(text)}
    except BallyhooError as error:
        return [error.message]
    found += [f"the slot {{{name}}}" for name in sorted(used - set(slots))]
    bare = _normalise(without_slots(text))
    known = [_normalise(passage) for passage in passages]
    if _MARKUP.search(text):
        found.append("markup")
    everything = " ".join(known)
    found += _find_foreign("number", _NUMBER.findall(bare), set(_NUMBER.findall(everything)))
    found += _find_foreign(
        "address", _trim(_ADDRESS.findall(bare)), set(_trim(_ADDRESS.findall(everything)))
    )
    words = set(_WORD.findall(everything))
    found += [f"the number '{one}'" for one in _WORD.findall(bare) if one in NUMERALS - words]
    found += [f"'{one}'" for one in WEIGHTY if one in bare and one not in everything]
    for sentence in _SENTENCE.findall(bare):
        found += _check_sentence(sentence, known)
    if not bare.strip():
        found.append("nothing")
    if bool(_UNSPACED.search(bare)) != language.lower().startswith(("zh", "ja")):
        found.append("another language")
    return found


def _check_sentence(sentence: str, passages: Sequence[str]) -> list[str]:
    """Return what is wrong with one sentence: words that no passage has, a no that is none."""
    terms = _list_terms(sentence)
    if not terms:
        return []
    best, share = "", -1.0
    for passage in passages:
        for part in _SENTENCE.findall(passage):
            here = len(terms & _list_terms(part)) / len(terms)
            if here > share:
                best, share = part, here
    whole = max((len(terms & _list_terms(passage)) / len(terms) for passage in passages), default=0)
    if whole < ENOUGH:
        return [f"'{sentence.strip()[:60]}'"]
    if _is_negated(sentence) != _is_negated(best):
        return [f"a no that is none: '{sentence.strip()[:60]}'"]
    return []


def _list_terms(text: str) -> set[str]:
    """Return the stems of a text's content words, or the pairs of signs without spaces."""
    terms = {
        word[:6]
        for word in _WORD.findall(text)
        if word not in LINKING and not _UNSPACED.search(word)
    }
    signs = "".join(_UNSPACED.findall(text))
    return terms | {signs[at : at + 2] for at in range(len(signs) - 1)}


def _is_negated(text: str) -> bool:
    words = set(re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text))
    return bool(words & NEGATIONS) or any(one in text for one in UNSPACED_NEGATIONS)


def _find_foreign(kind: str, said: Iterable[str], known: Collection[str]) -> list[str]:
    return [f"the {kind} '{one}'" for one in said if one not in known]


def _trim(addresses: Iterable[str]) -> list[str]:
    return [one.rstrip(TRAILING) for one in addresses]


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
