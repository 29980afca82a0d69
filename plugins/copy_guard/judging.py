"""Judges one copy by every rule that the recipe leaves on."""

from __future__ import annotations

from ballyhoo import Brief, Context, Copy, DataError, Objection

from .case import Case, Passage, open_passage
from .facts import Facts
from .options import GuardOptions
from .rules import RULES
from .vocabulary import open_vocabulary

MOST_CHARS = 100_000
"""A field that is longer is refused unread."""


def judge_copy(
    context: Context, options: GuardOptions, brief: Brief, copy: Copy
) -> list[Objection]:
    """Return what the rules have against a copy; of each rule, one objection a field.

    Args:
        context: Its store and clock.
        options: The recipe's.
        brief: What the generator was told.
        copy: What it wrote.
    """
    objections: list[Objection] = []
    passages: list[Passage] = []
    for name, text in copy.fields.items():
        if len(text) > MOST_CHARS:
            said = f"has {len(text):,} characters; more than {MOST_CHARS:,} are not read"
            objections.append(Objection(rule="slots", field=name, message=said))
            continue
        try:
            passages.append(open_passage(name, text))
        except DataError as error:
            objections.append(Objection(rule="slots", field=name, message=error.message))
    case = Case(
        brief=brief,
        options=options,
        passages=tuple(passages),
        facts=Facts(brief),
        today=context.clock.now().date(),
        vocabulary=open_vocabulary(context),
    )
    for name, rule in RULES.items():
        if getattr(options, name) == "allow":
            continue
        seen: set[str | None] = set()
        for one in rule(case):
            if one.field not in seen:
                seen.add(one.field)
                objections.append(one)
    return objections
