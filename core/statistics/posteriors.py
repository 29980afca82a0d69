"""What is believed of a share after looking: where it lies, and which arm is the best one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .intervals import LEVEL
from .tallies import Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PRIOR = 0.5
"""Both parameters of the prior (Jeffreys, 1946), of which little is left after some people."""

_POINTS = 2_000
"""Of each arm's distribution at which its integral is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """What is believed of a share.

    Attributes:
        mean: Its mean.
        low: The share is below this with half of what the level leaves.
        high: And above this with the other half.
        alpha: Of the Beta distribution: successes and the prior's part.
        beta: The same of failures.
    """

    mean: float
    low: float
    high: float
    alpha: float
    beta: float


def find_posterior(tally: Tally, *, level: float = LEVEL) -> Posterior:
    """Return what is believed of a share (Beta-Binomial; Gelman et al., 2013, chapter 2).

    The prior is that of Jeffreys, Beta(1/2, 1/2). Of its intervals Brown, Cai and DasGupta (2001)
    say that they hold their level as Wilson's do.

    Args:
        tally: The people.
        level: How sure its bounds are.
    """
    from scipy.special import betaincinv

    alpha = tally.successes + PRIOR
    beta = tally.people - tally.successes + PRIOR
    rest = (1 - level) / 2
    return Posterior(
        mean=alpha / (alpha + beta),
        low=float(betaincinv(alpha, beta, rest)),
        high=float(betaincinv(alpha, beta, 1 - rest)),
        alpha=alpha,
        beta=beta,
    )


def find_chances(arms: Mapping[str, Tally]) -> dict[str, float]:
    """Return for each arm how probable it is that its share is the greatest; they add up to 1.

    The integral of the arm's density times the others' distribution functions (Scott, 2010), by the
    trapezoid rule over points of all arms' distributions: exact to some 1e-6, and the same each
    time.

    Args:
        arms: By name. None at all gives an empty mapping.
    """
    import numpy as np

    if not arms:
        return {}
    found = [find_posterior(tally) for tally in arms.values()]
    reached = _reach([(one.alpha, one.beta) for one in found])
    chances = []
    for place in range(len(found)):
        others = np.prod(np.delete(reached, place, axis=0), axis=0)
        chances.append(float(((others[1:] + others[:-1]) / 2 * np.diff(reached[place])).sum()))
    whole = sum(chances)
    return {name: chance / whole for name, chance in zip(arms, chances, strict=True)}


def find_chance_to_beat(one: Tally, other: Tally) -> float:
    """Return how probable it is that the share of one arm is above that of another."""
    return find_chances({"one": one, "other": other})["one"]


def _reach(shapes: list[tuple[float, float]]) -> NDArray[np.float64]:
    """Return each arm's distribution function at points that are dense where any of them rises."""
    import numpy as np
    from scipy.special import betainc, betaincinv, expit

    parts = expit(np.linspace(-30, 30, _POINTS))
    points = np.concatenate([betaincinv(alpha, beta, parts) for alpha, beta in shapes])
    points = np.unique(np.concatenate([[0.0, 1.0], points]))
    return np.array([betainc(alpha, beta, points) for alpha, beta in shapes])
