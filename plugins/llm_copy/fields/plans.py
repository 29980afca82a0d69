"""What is planned for each field of a brief: limits, slots, and how many tokens it may take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ballyhoo import Brief, FieldLimits

from .lengths import expect_values, fits_alone

MOST_TOKENS = 320
"""Of a field without limits, and of any field."""

SPARE_TOKENS = 12
"""For slots, whose names take tokens and whose values take characters."""

FEWEST_TOKENS = 8
"""What a field gets also where the prompt leaves little room."""

CHARS_PER_TOKEN = 2.0
TOKENS_PER_WORD = 2.5

NO_SPACES = ("zh", "ja", "th", "ko")
"""Languages in which a character may be a token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPlan:
    """What is planned for one field.

    Attributes:
        name: The field.
        limits: What it must keep to.
        most_tokens: How many tokens are written at most.
        slots: The slots that it may use: those whose value leaves it within its limits.
        values: Of the slots, about as long as they will be.
    """

    name: str
    limits: FieldLimits
    most_tokens: int
    slots: frozenset[str]
    values: Mapping[str, str] = field(default_factory=dict)


def plan_fields(brief: Brief) -> list[FieldPlan]:
    """Return the plan of each field that a brief asks for, in its order."""
    values = expect_values(brief)
    return [
        FieldPlan(
            name=name,
            limits=limits,
            most_tokens=count_tokens(limits, brief.language),
            slots=frozenset(one for one in brief.slots if fits_alone(one, limits, values)),
            values=values,
        )
        for name, limits in brief.fields.items()
    ]


def fit_plans(plans: Sequence[FieldPlan], room: int) -> list[FieldPlan]:
    """Return plans whose fields take no more than `room` tokens together, each in proportion.

    Args:
        plans: The plans.
        room: How many tokens the fields may take; a field gets a few in any case.
    """
    wanted = sum(plan.most_tokens for plan in plans)
    if wanted <= room:
        return list(plans)
    return [
        replace(plan, most_tokens=max(FEWEST_TOKENS, plan.most_tokens * room // wanted))
        for plan in plans
    ]


def count_tokens(limits: FieldLimits, language: str) -> int:
    """Return how many tokens a field may take: more than it needs, so that it ends by itself."""
    per_token = 1.0 if language.split("-")[0].lower() in NO_SPACES else CHARS_PER_TOKEN
    most = MOST_TOKENS
    if limits.max_chars is not None:
        most = min(most, int(limits.max_chars / per_token))
    if limits.max_words is not None:
        most = min(most, int(limits.max_words * TOKENS_PER_WORD))
    least = max(limits.min_chars or 0, int((limits.min_words or 0) * 2 * TOKENS_PER_WORD))
    return max(1, most, least) + SPARE_TOKENS
