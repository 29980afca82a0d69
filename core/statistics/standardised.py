"""What is believed of arms whose shares moved from wave to wave, as if all had the same days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from .posteriors import PRIOR
from .revenue import DRAWS, Spending, draw_revenue
from .tallies import Tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Arm = TypeVar("Arm", Tally, Spending)


def draw_rates(
    waves: Sequence[Mapping[str, Tally]], *, seed: int = 0, draws: int = DRAWS
) -> dict[str, NDArray[np.float64]]:
    """Return draws of the share of each arm, standardised to the waves.

    In each wave an arm's share is Beta-Binomial, as in `find_posterior`; what is drawn of the
    waves is averaged by the people of each (direct standardisation: Keiding and Clayton, 2014). An
    arm that got most of its people in good days has no part of them, which it would if people were
    pooled.

    Args:
        waves: Of each wave its arms by name. Waves that lack one of the arms count nothing.
        seed: The same seed gives the same draws.
        draws: How many.

    Returns:
        By name, in the order of the first wave that counts; empty without any.
    """
    import numpy as np

    generator = np.random.default_rng(seed)

    def draw(wave: Mapping[str, Tally]) -> dict[str, NDArray[np.float64]]:
        return {
            name: generator.beta(
                one.successes + PRIOR, one.people - one.successes + PRIOR, size=draws
            )
            for name, one in wave.items()
        }

    whole = _find_whole(waves)
    return _average([(sum(one.people for one in wave.values()), draw(wave)) for wave in whole])


def draw_means(
    waves: Sequence[Mapping[str, Spending]], *, seed: int = 0, draws: int = DRAWS
) -> dict[str, NDArray[np.float64]]:
    """Return draws of the revenue per person of each arm, standardised in the same way.

    Args:
        waves: As for `draw_rates`; in each the model is that of `draw_revenue`. Waves in which
            nobody bought anything count as such in which everybody spent nothing.
        seed: The same seed gives the same draws.
        draws: How many.

    Returns:
        By name; empty without any wave that has all arms, or when nobody bought anything in any.
    """
    import numpy as np

    whole = _find_whole(waves)
    drawn = []
    for place, wave in enumerate(whole):
        found = draw_revenue(wave, seed=seed + place, draws=draws)
        found = found or {name: np.zeros(draws) for name in wave}
        drawn.append((sum(one.people for one in wave.values()), found))
    if not any(one.buyers for wave in whole for one in wave.values()):
        return {}
    return _average(drawn)


def find_best(drawn: Mapping[str, NDArray[np.float64]]) -> dict[str, float]:
    """Return for each arm in which share of the draws it is the greatest; equals share."""
    import numpy as np

    if not drawn:
        return {}
    table = np.array(list(drawn.values()))
    is_best = table == table.max(axis=0)
    chances = (is_best / is_best.sum(axis=0)).mean(axis=1)
    return {name: float(chance) for name, chance in zip(drawn, chances, strict=True)}


def _find_whole(
    waves: Sequence[Mapping[str, Arm]],
) -> list[Mapping[str, Arm]]:
    names = {name for wave in waves for name in wave}
    return [
        wave for wave in waves if set(wave) == names and all(one.people for one in wave.values())
    ]


def _average(
    drawn: Sequence[tuple[float, dict[str, NDArray[np.float64]]]],
) -> dict[str, NDArray[np.float64]]:
    if not drawn:
        return {}
    people = sum(count for count, _ in drawn)
    return {
        name: sum(count / people * found[name] for count, found in drawn)  # type: ignore[misc]
        for name in drawn[0][1]
    }
