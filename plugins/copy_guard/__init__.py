"""The reviewer of every generated copy: what it states as fact must come through a slot.

It is deterministic and needs no model. Each rule has a name, and a recipe turns it off by
`review: {copy_guard: {RULE: allow}}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from ballyhoo import Brief, Context, Copy, DataError, Objection, Options, find_slots, hookimpl

from .rules import RULES

Verdict = Literal["refuse", "allow"]


class GuardOptions(Options):
    """The recipe's `review: {copy_guard: ...}` block.

    Attributes:
        numbers: Digits of any script, and percent signs, outside slots.
        links: Web addresses and e-mail addresses.
        markup: HTML, Markdown links and template code.
        superlatives: Words that claim the best, the first or the only one.
        banned: Words that must not occur, whatever their case.
    """

    numbers: Verdict = "refuse"
    links: Verdict = "refuse"
    markup: Verdict = "refuse"
    superlatives: Verdict = "allow"
    banned: list[str] = Field(default_factory=list)


@hookimpl
def review(context: Context, options: GuardOptions, brief: Brief, copy: Copy) -> list[Objection]:
    """Say what is wrong with a copy, field by field."""
    objections: list[Objection] = []
    for field, text in copy.fields.items():
        try:
            bare = _blank_slots(text)
        except DataError as error:
            objections.append(Objection(rule="slots", field=field, message=error.message))
            continue
        for name, rule in RULES.items():
            excerpt = rule(bare) if getattr(options, name) == "refuse" else None
            if excerpt is not None:
                objections.append(_object(name, field, excerpt))
        objections += _find_banned(options.banned, field, bare)
    return objections


def _blank_slots(text: str) -> str:
    """Return the text with each slot as a space: what is left is the generator's own words."""
    parts: list[str] = []
    at = 0
    for slot in find_slots(text):
        parts += [text[at : slot.start], " ", slot.default or "", " "]
        at = slot.end
    return "".join([*parts, text[at:]])


def _object(rule: str, field: str, excerpt: str) -> Objection:
    return Objection(
        rule=rule, field=field, excerpt=excerpt, message=f"'{excerpt}' stands outside of a slot"
    )


def _find_banned(banned: Sequence[str], field: str, text: str) -> list[Objection]:
    lowered = text.casefold()
    return [
        Objection(rule="banned", field=field, excerpt=word, message=f"'{word}' is banned")
        for word in banned
        if word.casefold() in lowered
    ]
