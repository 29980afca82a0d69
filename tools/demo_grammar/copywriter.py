"""Writes copy for a situation: phrases put together, true to the brief, within the limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from random import Random

from .kind import load_words
from .phrase import PART, Phrase, load_phrases
from .situation import LIMITS, Situation

TRIES = 30
ENDLESS = 10_000
WEIGHT_OF_OCCASION = 4
WEIGHT_OF_VOICE = 4
WEIGHT_OF_NAME = 3
LENGTHS = {
    "first_name": 8, "price": 10, "list_price": 10, "product.brand": 12,
    "offer.code": 10, "offer.discount": 5, "offer.ends": 16,
}  # fmt: skip
"""Characters that a slot is taken for; the product's name is as long as its title."""
OF_OFFERS = ("offer", "offer_short")
MOST_OFTEN = {"body": 2, "description": 2, "promotion": 2}
"""How often a slot may stand in a field; once in the others."""
_SLOT = re.compile(r"\{([a-z_.]+)\}")
_SENTENCE = re.compile(r"(^|[.?!] )([a-zäöü])")


class Copywriter:
    """Writes the copy of one situation.

    Args:
        situation: What may be said.
        random: Decides what is said.
    """

    def __init__(self, situation: Situation, random: Random) -> None:
        self._situation = situation
        self._random = random
        brief = situation.brief
        self._slots = frozenset(brief.slots)
        self._phrases = load_phrases(brief.language)
        self._reason = brief.products[0].reason if brief.products else None
        self._said: set[str] = set()
        self._is_short = False
        self._possible: dict[str, Sequence[Phrase]] = {}

    def write_copy(self) -> dict[str, str]:
        """Return the text of each field that the brief wants."""
        copy: dict[str, str] = {}
        for name in self._situation.brief.fields:
            copy[name] = self._write_field(name, " ".join(copy.values()))
        return copy

    def _write_field(self, name: str, before: str) -> str:
        """Return a text within the field's limits that repeats no sentence, else the shortest."""
        texts: list[str] = []
        for tried in range(TRIES):
            self._is_short = tried > TRIES // 2
            said = self._said
            self._said = said - set(self._situation.facts.get("fact", ()))
            text = finish(self._write(name))
            if fits(self._situation, name, text) and not _repeats(text, before):
                return text
            self._said = said
            texts.append(text)
        return min(texts, key=len)

    def _write(self, part: str) -> str:
        text = self._choose(part)
        return PART.sub(
            lambda found: self._write(found[1]) if self._wants(found[1], bool(found[2])) else "",
            text,
        )

    def _wants(self, part: str, is_optional: bool) -> bool:
        return not is_optional or (self._has(part) and not self._is_short)

    def _choose(self, part: str) -> str:
        fixed = self._find_fixed(part)
        if fixed:
            fresh = [text for text in fixed if text not in self._said] or list(fixed)
            text = self._random.choice(fresh)
        else:
            phrases = self._find_phrases(part)
            left = [one for one in phrases if one.text not in self._said] or phrases
            text = self._random.choices(left, weights=[self._weigh(one) for one in left])[0].text
        self._said.add(text)
        return text

    def _find_fixed(self, part: str) -> Sequence[str]:
        """Return what the situation itself says: of the kind, of its facts, of the season."""
        situation = self._situation
        language = situation.brief.language
        if part in situation.seasons:
            return [situation.seasons[part]]
        if part in ("fact", "made"):
            return situation.facts.get(part, ())
        says: Mapping[str, Sequence[str]] = (
            situation.kind.says[language]
            if situation.kind
            else load_words()["nothing_known"][language]
        )
        return says.get(part, ())

    def _find_phrases(self, part: str) -> Sequence[Phrase]:
        if part not in self._possible:
            found = [one for one in self._phrases.get(part, ()) if self._can_say(part, one)]
            if part in OF_OFFERS:  # an offer is told with everything that belongs to it
                most = max((len(one.slots) for one in found), default=0)
                found = [one for one in found if len(one.slots) == most]
            self._possible[part] = found
        return self._possible[part]

    def _can_say(self, part: str, phrase: Phrase) -> bool:
        if phrase.occasion not in (None, self._situation.theme) or not phrase.slots <= self._slots:
            return False
        if part == "because":
            voices = {None} if self._reason is None else {self._reason.kind}
        else:
            voices = {None, self._situation.style}
        needs_facts = phrase.text.count("<fact>") > len(self._situation.facts.get("fact", ()))
        return phrase.voice in voices and not needs_facts and all(map(self._has, phrase.parts))

    def _has(self, part: str) -> bool:
        return bool(self._find_fixed(part) or self._find_phrases(part))

    def _weigh(self, phrase: Phrase) -> int:
        weight = WEIGHT_OF_OCCASION if phrase.occasion else 1
        weight *= WEIGHT_OF_NAME if "product.name" in phrase.slots else 1
        return weight * WEIGHT_OF_VOICE if phrase.voice else weight


def fits(situation: Situation, name: str, text: str) -> bool:
    """Whether a text is within its field's limits, slots filled, and no slot comes too often."""
    limits = LIMITS[name]
    products = situation.brief.products
    title = products[0].product.title(situation.brief.language) if products else ""
    filled = _SLOT.sub(lambda found: "x" * LENGTHS.get(found[1], 0) or title, text)
    slots = _SLOT.findall(text)
    if any(slots.count(one) > MOST_OFTEN.get(name, 1) for one in slots):
        return False
    return len(filled) <= (limits.max_chars or ENDLESS) and len(filled.split()) <= (
        limits.max_words or ENDLESS
    )


def finish(text: str) -> str:
    """Return a text with its signs put right and its sentences begun with a capital letter."""
    text = " ".join(text.split())
    text = re.sub(r"([.?!])[.:?]+", r"\1", text)
    text = re.sub(r" ([.,:?!])", r"\1", text)
    return _SENTENCE.sub(lambda found: found[1] + found[2].upper(), text)


def _repeats(text: str, before: str) -> bool:
    sentences = re.split(r"(?<=[.?!:]) ", text)
    bare = [one.strip(" .?!:,").casefold() for one in sentences]
    return len(set(bare)) < len(bare) or any(
        len(one) > 12 and one in before.casefold() for one in bare
    )
