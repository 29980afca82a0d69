"""Shows what came of a simulation, for people and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..money import from_minor
from .amounts import show_count

if TYPE_CHECKING:
    from ..simulation.simulating import Simulated, Simulation
    from ..statistics.intervals import Interval

PER = 1_000


def describe_simulation(found: Simulation) -> dict[str, Any]:
    """Return a simulation as JSON: the first run, and how often all of them found what is true."""
    first = found.runs[0]
    from ..simulation.truth import describe_truth

    unit = _find_unit(found.truth.currency)
    return {
        "campaign": found.campaign,
        "people": found.people,
        "days": found.days,
        "seed": first.seed,
        "runs": len(found.runs),
        "truth": describe_truth(found.truth),
        "lift": _describe(first.orders, first.reality.orders, 1.0),
        "revenue": _describe(first.revenue, first.reality.revenue, unit),
        "variants": {
            name: {**shown, "chance": chance}
            for name, shown, chance in _list_variants(first)
            if name is not None
        },
        "best": found.best,
        "best_of_newcomers": found.best_of_newcomers,
        "best_of_others": found.best_of_others,
        "winner": first.report.comparison.winner,
        "winners": _count_winners(found),
        "coverage": _describe_coverage(found.covered),
        "revenue_coverage": _describe_coverage(found.revenue_covered),
        "words": list(first.report.words),
    }


def print_simulation(found: Simulation) -> None:
    """Print a simulation, what is true beside what the report says."""
    first = found.runs[0]
    title = f"'{found.campaign}' simulated: {show_count(found.people, 'person', 'people')}"
    click.echo(click.style(f"{title}, {show_count(found.days, 'day')}", bold=True))
    click.echo("  simulated: the experiment, and when messages leave; not segment, products, copy")
    rows = [["lift", "true", "report", "from", "to", "holds it"]]
    rows += _list_lift(f"buyers of {PER:,}", first.orders, first.reality.orders, PER)
    unit = _find_unit(found.truth.currency)
    money = f"{found.truth.currency} of {PER:,}"
    rows += _list_lift(money, first.revenue, first.reality.revenue, PER * unit)
    if len(rows) == 1:
        click.echo("  nobody is held out: lift cannot be told, not here either")
    else:
        _print_table(rows)
    variants = _list_variants(first)
    if len(variants) > 1:
        head = ["variant", "people", "buy, true", "seen", "click, true", "seen", "best"]
        _print_table([head, *(_show_variant(*one) for one in variants)])
        _print_winner(found)
    for line in first.report.words:
        click.echo(f"  report: {line}")
    if len(found.runs) > 1:
        _print_coverage(found)


def _print_winner(found: Simulation) -> None:
    winner, best = found.runs[0].report.comparison.winner, found.best
    said = "no winner is named" if winner is None else f"the winner named is '{winner}'"
    click.echo(f"  {said}; truly the best: {'several' if best is None else repr(best)}")
    if found.best_of_newcomers != found.best_of_others and found.truth.newcomers:
        new, others = (
            "several are" if one is None else f"{one!r} is"
            for one in (found.best_of_newcomers, found.best_of_others)
        )
        click.echo(f"  for newcomers {new} the best, for all others {others}")


def _print_coverage(found: Simulation) -> None:
    for what, one in (("buyers", found.covered), ("money", found.revenue_covered)):
        if one is not None:
            click.echo(
                f"  in {one.estimate:.1%} of {len(found.runs):,} runs the interval of {what} holds "
                f"what is true (between {one.low:.1%} and {one.high:.1%}); 95% is right"
            )
    if len({*found.truth.effects, *found.truth.effects_on_newcomers}) > 1:
        counts = _count_winners(found)
        click.echo(
            f"  the winner was the best in {counts['right']:,} runs, another one in "
            f"{counts['wrong']:,}, and none was named in {counts['none']:,}"
        )


def _count_winners(found: Simulation) -> dict[str, int]:
    named = [one.report.comparison.winner for one in found.runs]
    right = sum(one is not None and one == found.best for one in named)
    none = sum(one is None for one in named)
    return {"right": right, "wrong": len(named) - right - none, "none": none}


def _describe(interval: Interval | None, truth: float, unit: float) -> dict[str, Any] | None:
    if interval is None:
        return None
    scaled = interval.times(unit)
    bounds = (scaled.low, scaled.high) if scaled.is_known else (None, None)
    return {
        "true": truth * unit,
        "estimate": scaled.estimate,
        "low": bounds[0],
        "high": bounds[1],
        "method": interval.method,
        "holds": interval.covers(truth),
    }


def _describe_coverage(one: Interval | None) -> dict[str, float] | None:
    return None if one is None else {"share": one.estimate, "low": one.low, "high": one.high}


def _list_lift(
    name: str, interval: Interval | None, truth: float, factor: float
) -> list[list[str]]:
    if interval is None:
        return []
    shown = [f"{one * factor:,.1f}" for one in (truth, interval.estimate)]
    bounds = ["?", "?"]
    if interval.is_known:
        bounds = [f"{one * factor:,.1f}" for one in (interval.low, interval.high)]
    return [[name, *shown, *bounds, "yes" if interval.covers(truth) else "no"]]


def _list_variants(one: Simulated) -> list[tuple[str | None, dict[str, Any], float | None]]:
    found = []
    for seen in one.report.comparison.results:
        expected = one.reality.variants.get(seen.name)
        people = seen.people or 1
        shown = {
            "people": seen.people,
            "buy_true": None if expected is None else expected.bought,
            "buy": seen.bought / people,
            "click_true": None if expected is None else expected.clicked,
            "click": None if seen.clicked is None else seen.clicked / people,
        }
        found.append((seen.name, shown, None if seen.belief is None else seen.belief.chance))
    return found


def _show_variant(name: str | None, shown: dict[str, Any], chance: float | None) -> list[str]:
    parts = [shown[one] for one in ("buy_true", "buy", "click_true", "click")]
    cells = ["-" if part is None else f"{part:.1%}" for part in parts]
    best = "-" if chance is None else f"{chance:.0%}"
    return [name or "", f"{shown['people']:,}", *cells, best]


def _find_unit(currency: str) -> float:
    """Return what one minor unit is worth."""
    return float(from_minor(1, currency))


def _print_table(rows: list[list[str]]) -> None:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        click.echo(f"  {first.ljust(widths[0])}  {'  '.join(cells)}")
