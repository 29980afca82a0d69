"""Compares the variants of a run by its recipe's metric, and says which one won, if any did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..attribution.outcomes import ArmOutcome, Cell
from ..statistics.intervals import Interval
from ..statistics.pooling import pool_means, pool_rates
from ..statistics.posteriors import find_chances, find_posterior
from ..statistics.sequential import find_always_valid
from ..statistics.standardised import draw_means, draw_rates, find_best
from .effect import Belief, Comparison, Metric, VariantResult
from .evidence import Evidence
from .trial import Trial
from .weighing import Weighed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SURE = 0.95
"""How probable it has to be that a variant is the best one, before it is called so."""

POINTS = 81
WIDTHS = 4.0
"""Of a curve: so many points, as far as so many standard deviations to each side."""


def compare_variants(
    evidence: Evidence | Weighed, trial: Trial, *, is_final: bool, is_off: bool, seed: int
) -> Comparison:
    """Return the variants beside each other.

    Args:
        evidence: What was seen.
        trial: What the recipe says of the experiment.
        is_final: Whether the windows of all are over.
        is_off: Whether the sample ratio is wrong: no winner is named then.
        seed: Of draws.
    """
    arms = evidence.outcome.arms
    stopped = {name: why for one in evidence.outcome.waves for name, why in one.stopped.items()}
    names = [name for name in trial.variants if name in arms]
    names += [name for name in arms if name is not None and name not in names]
    going = [name for name in names if name not in stopped]
    waves = [
        {
            name: cell
            for name in going
            if (cell := Cell(wave=one.wave, variant=name, is_held_out=False))
            in evidence.outcome.cells
        }
        for one in evidence.outcome.waves
    ]
    beliefs = _believe(evidence, waves, trial.metric, seed) if len(going) > 1 else {}
    best = max(beliefs, key=lambda name: beliefs[name].chance, default=None)
    behind: dict[str, Interval] = {}
    if best is not None:
        for name in going:
            if name != best:
                pairs = [(wave[name], wave[best]) for wave in waves if {name, best} <= set(wave)]
                behind[name] = _compare(evidence, pairs, trial.metric, is_final, len(going) - 1)
    is_sure = best is not None and beliefs[best].chance >= SURE
    # Before the end, chances were looked at again and again; only what may be looked at counts.
    is_beyond = is_final or all(one.high < 0 for one in behind.values())
    return Comparison(
        metric=trial.metric,
        allocate=trial.allocate,
        results=tuple(
            _sum_up(
                evidence, name, arms.get(name, ArmOutcome()), belief=beliefs.get(name or ""),
                behind=behind.get(name or ""), stopped=stopped.get(name or ""),
            )
            for name in (*names, *([] if names else [None]))
        ),
        best=best,
        winner=best if is_sure and is_beyond and not is_off else None,
        method=next((one.method for one in behind.values()), None),
    )  # fmt: skip


def _believe(
    evidence: Evidence | Weighed, waves: Sequence[Mapping[str, Cell]], metric: Metric, seed: int
) -> dict[str, Belief]:
    if metric == "revenue":
        money = [{name: evidence.spend([cell]) for name, cell in one.items()} for one in waves]
        drawn = draw_means(money, seed=seed)
        return _describe_draws(drawn, find_best(drawn))
    tallies = [
        {name: evidence.tally([cell], metric) for name, cell in one.items()} for one in waves
    ]
    if not any(one.successes for wave in tallies for one in wave.values()):
        return {}
    if len(tallies) > 1:
        drawn = draw_rates(tallies, seed=seed)
        return _describe_draws(drawn, find_best(drawn), is_share=True)
    chances = find_chances(tallies[0])
    beliefs = {}
    for name, tally in tallies[0].items():
        found = find_posterior(tally)
        beliefs[name] = Belief(
            mean=found.mean, low=found.low, high=found.high, chance=chances[name],
            curve=_draw_beta(found.alpha, found.beta),
        )  # fmt: skip
    return beliefs


def _describe_draws(
    drawn: Mapping[str, NDArray[np.float64]],
    chances: Mapping[str, float],
    *,
    is_share: bool = False,
) -> dict[str, Belief]:
    import numpy as np

    beliefs = {}
    for name, values in drawn.items():
        mean, spread = float(values.mean()), float(values.std())
        low, high = (float(one) for one in np.percentile(values, [2.5, 97.5]))
        if is_share and spread > 0:
            whole = max(mean * (1 - mean) / spread**2 - 1, 1.0)
            curve = _draw_beta(mean * whole, (1 - mean) * whole)
        else:
            curve = _draw_normal(mean, spread)
        beliefs[name] = Belief(mean=mean, low=low, high=high, chance=chances[name], curve=curve)
    return beliefs


def _draw_beta(alpha: float, beta: float) -> tuple[tuple[float, float], ...]:
    import numpy as np

    whole = alpha + beta
    mean = alpha / whole
    spread = np.sqrt(mean * (1 - mean) / (whole + 1))
    points = np.linspace(
        max(1e-9, mean - WIDTHS * spread), min(1 - 1e-9, mean + WIDTHS * spread), POINTS
    )
    heights = (alpha - 1) * np.log(points) + (beta - 1) * np.log1p(-points)
    return _scale(points, np.exp(heights - heights.max()))


def _draw_normal(mean: float, spread: float) -> tuple[tuple[float, float], ...]:
    import numpy as np

    points = np.linspace(max(0.0, mean - WIDTHS * spread), mean + WIDTHS * spread, POINTS)
    return _scale(points, np.exp(-(((points - mean) / (spread or 1.0)) ** 2) / 2))


def _scale(
    points: NDArray[np.float64], heights: NDArray[np.float64]
) -> tuple[tuple[float, float], ...]:
    return tuple(
        (float(point), round(float(height), 4))
        for point, height in zip(points, heights, strict=True)
    )


def _compare(
    evidence: Evidence | Weighed,
    pairs: Sequence[tuple[Cell, Cell]],
    metric: Metric,
    is_final: bool,
    others: int,
) -> Interval:
    # Several are compared with the best one: each less surely (Bonferroni).
    level = 1 - (1 - SURE) / max(1, others)
    if metric == "revenue":
        means = [(evidence.add([one]), evidence.add([other])) for one, other in pairs]
        return pool_means(means, level=level) if is_final else find_always_valid(means, level=level)
    rates = [
        (evidence.tally([one], metric), evidence.tally([other], metric)) for one, other in pairs
    ]
    return pool_rates(rates, level=level) if is_final else find_always_valid(rates, level=level)


def _sum_up(
    evidence: Evidence | Weighed,
    name: str | None,
    arm: ArmOutcome,
    *,
    belief: Belief | None,
    behind: Interval | None,
    stopped: str | None,
) -> VariantResult:
    rule = evidence.outcome.rule
    clicks = rule.counts_clicks or arm.clicked or arm.clicked_by_machines
    opens = rule.counts_opens or arm.opened or arm.opened_by_machines
    return VariantResult(
        name=name,
        people=arm.people,
        sent=arm.sent,
        opened=arm.opened if opens else None,
        opened_by_machines=arm.opened_by_machines if opens else None,
        clicked=arm.clicked if clicks else None,
        clicked_by_machines=arm.clicked_by_machines if clicks else None,
        bought=arm.bought,
        spent=dict(arm.spent),
        converted=arm.converted,
        orders=arm.orders,
        revenue=dict(arm.revenue),
        unsubscribed=arm.unsubscribed,
        complained=arm.complained,
        bounced=arm.bounced,
        belief=belief,
        behind=behind,
        stopped=stopped,
    )
