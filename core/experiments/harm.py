"""Says which variant drives people away, and must be stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .allocation import Limits

CERTAINTY = 0.975
"""How probable it must be that a variant is beyond its limit."""

LEAST = 5
"""So many people at least must have said so: the first few of a small variant prove nothing."""

DRAWS = 20_000

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """What the messages of a variant in a wave did.

    Attributes:
        people: To how many it left.
        unsubscribed: How many wanted no more, and said so by it.
        complained: How many called it spam.
    """

    people: int = 0
    unsubscribed: int = 0
    complained: int = 0


_KINDS = (("unsubscribed", "unsubscribe"), ("complained", "complaint"))
"""What is counted, and what its limit is called."""


def find_harmful(
    waves: Sequence[Mapping[str, Harm]], variants: Sequence[str], limits: Limits
) -> dict[str, str]:
    """Return which variants are beyond their limits, and why.

    A variant is compared with all others together, of each wave as many of them as it has itself,
    so that a wave that annoys everybody more counts against nobody. Both rates have a Beta
    posterior whose prior is that of the whole, worth one who unsubscribed: a variant is not
    suspected because it has few people.

    Args:
        waves: What was done wave by wave; one where there are none.
        variants: Those that are not stopped.
        limits: Of the recipe.

    Returns:
        By variant, in words; all of them when each is beyond what is let happen whatever the others
        do.
    """
    found: dict[str, str] = {}
    for name in variants:
        said = _find_relative(waves, name, variants, limits) or _find_absolute(waves, name, limits)
        if said is not None:
            found[name] = said
    return found


def _find_absolute(waves: Sequence[Mapping[str, Harm]], name: str, limits: Limits) -> str | None:
    own = [wave.get(name, Harm()) for wave in waves]
    people = sum(one.people for one in own)
    count = sum(one.unsubscribed for one in own)
    if count < LEAST:
        return None
    random = np.random.default_rng(1)
    draws = random.beta(0.5 + count, 0.5 + max(0, people - count), size=DRAWS)
    if float((draws > limits.most_unsubscribe).mean()) < CERTAINTY:
        return None
    return (
        f"{count / people:.1%} of its people unsubscribed; "
        f"{limits.most_unsubscribe:.1%} is the most that the recipe lets happen"
    )


def _find_relative(
    waves: Sequence[Mapping[str, Harm]], name: str, variants: Sequence[str], limits: Limits
) -> str | None:
    for field, limit in _KINDS:
        margin = getattr(limits, limit)
        own = [wave.get(name, Harm()) for wave in waves]
        count = sum(getattr(one, field) for one in own)
        others = [
            [wave.get(other, Harm()) for other in variants if other != name] for wave in waves
        ]
        if count < LEAST or not any(one.people for row in others for one in row):
            continue
        own_pairs = [(one.people, getattr(one, field)) for one in own]
        other_pairs = [
            (sum(one.people for one in row), sum(getattr(one, field) for one in row))
            for row in others
        ]
        worse, rate, other_rate = _compare(own_pairs, other_pairs, margin)
        if worse >= CERTAINTY:
            return (
                f"{rate:.1%} of its people {field}, and {other_rate:.1%} of the others; "
                f"more than {margin:.1%} more at {min(worse, 0.999):.1%}"
            )
    return None


def _compare(
    own: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]], margin: float
) -> tuple[float, float, float]:
    """Return how probable it is that a rate is greater by more than a margin, and both rates."""
    both = [pair for pair in zip(own, others, strict=True) if pair[0][0] and pair[1][0]]
    people = np.array([pair[0][0] for pair in both], dtype=float)
    if not people.sum():
        return 0.0, 0.0, 0.0
    mine = np.array([pair[0][1] for pair in both], dtype=float)
    rest = np.array([pair[1][0] for pair in both], dtype=float)
    theirs = np.array([pair[1][1] for pair in both], dtype=float)
    rate = (mine.sum() + theirs.sum()) / (people.sum() + rest.sum())
    prior = np.array([rate, 1 - rate]) / max(rate, 1e-9) / len(both)
    random = np.random.default_rng(1)
    weights = people / people.sum()
    drawn = (
        _draw(random, mine, people, prior) @ weights - _draw(random, theirs, rest, prior) @ weights
    )
    return (
        float((drawn > margin).mean()),
        float(mine.sum() / people.sum()),
        float((theirs / rest) @ weights),
    )


def _draw(random: np.random.Generator, count: Array, people: Array, prior: Array) -> Array:
    failures = np.maximum(people - count, 0.0)
    drawn: Array = random.beta(prior[0] + count, prior[1] + failures, size=(DRAWS, len(count)))
    return drawn
