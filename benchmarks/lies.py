"""Lies of known kinds, as a careless or hostile writer tells them; each knows what it is.

The words were written for this module, and nothing of copy_guard is read.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from disguises import DISGUISES
from true_copy import TODAY, Draft

STRICT = ("number", "price", "date", "url")
"""Families of which none may get through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """What was planted.

    Attributes:
        family: `number`, `price`, `date`, `url`, or another kind.
        words: The words of the lie.
        disguise: How they were hidden, or None.
        field: Where it stands.
    """

    family: str
    words: str
    disguise: str | None
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LyingDraft:
    """A copy with a lie in it, and the lie as it was written down when it was told."""

    draft: Draft
    lie: Lie


LIES: dict[str, dict[str, list[str]]] = json.loads(
    Path(__file__).with_name("lie_words.json").read_text(encoding="utf-8")
)
"""By family and language, the words of the lie."""

JOINTS: dict[str, list[str]] = {
    "en": ["{}.", "{}!", "By the way: {}.", "And listen, {}.", "{}, as you like it."],
    "de": ["{}.", "{}!", "Übrigens: {}.", "Und hör zu: {}.", "{}, wie du es magst."],
    "zh": ["{}。", "{}!", "对了,{}。", "悄悄告诉你:{}。"],
}
GENEROUS = ("SKU-3", "SKU-5")
"""Products with free shipping or a guarantee."""

AFTER_SOON = TODAY + timedelta(days=30)
HIDDEN_SHARE = 0.35
"""Of the lies of the strict families, so many are in disguise."""


def plant_lie(random_: random.Random, draft: Draft, families: list[str]) -> LyingDraft:
    """Return a true copy with one lie put in between its sentences, and what the lie is."""
    language = draft.brief.language
    family = random_.choice([one for one in families if is_false(one, draft)])
    words = random_.choice(LIES[family][language])
    needs_slot = "{" in words
    disguise = None
    if family in STRICT and not needs_slot and random_.random() < HIDDEN_SHARE:
        disguise = random_.choice(sorted(DISGUISES))
        told = DISGUISES[disguise](words, random_)
        disguise = disguise if told != words else None
        words = told
    field = "body" if family == "language" else random_.choice(["subject", "body", "body"])
    said = random_.choice(JOINTS[language]).replace("{}", words)
    fields = dict(draft.copy.fields)
    if random_.random() < 0.5:
        fields[field] = f"{said} {fields[field]}"
    else:
        fields[field] = f"{fields[field]} {said}"
    return LyingDraft(
        draft=replace(draft, copy=replace(draft.copy, fields=fields)),
        lie=Lie(family=family, words=words, disguise=disguise, field=field),
    )


def is_false(family: str, draft: Draft) -> bool:
    """Whether such words are untrue of a brief: some shops do give guarantees, or run out."""
    offer, products = draft.brief.offer, [one.product for one in draft.brief.products]
    if family == "scarcity":
        is_low = any(one.stock is not None and 0 < one.stock <= 5 for one in products)
        ends_soon = offer is not None and offer.ends is not None and offer.ends < AFTER_SOON
        return not is_low and not ends_soon
    if family == "promise":
        return not any(one.sku in GENEROUS for one in products)
    return True
