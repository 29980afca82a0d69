"""Shows what an evaluation comes to: a table for each task, words, and the same for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .amounts import show_count
from .moments import show_iso

if TYPE_CHECKING:
    from ..evaluation.intervals import Interval
    from ..evaluation.results import Evaluation, Measured, TaskResult
    from ..evaluation.searching import Search

SHOWN_TRIALS = 5


def describe_evaluation(campaign: str, evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation as the JSON of `evaluate`."""
    from ..evaluation.results import BASELINES
    from ..evaluation.verdict import say_verdict

    results = evaluation.results
    return {
        "campaign": campaign,
        "plugin": evaluation.plugin,
        **{task: _describe(one.measured) for task, one in results.items()},
        "baseline": {
            task: {"name": BASELINES[task], **_describe(one.baseline)}
            for task, one in results.items()
        },
        "difference": {
            task: {"ndcg@10": _round(one.difference.value), "interval": _bounds(one.difference)}
            for task, one in results.items()
        },
        "verdict": {
            task: {"is": one.verdict, "said": say_verdict(one, evaluation.plugin)}
            for task, one in results.items()
        },
        "customers": {task: one.customers for task, one in results.items()},
        "windows": [
            {"begins": show_iso(one.begins), "ends": show_iso(one.ends)}
            for one in evaluation.windows
        ],
        "knows_tasks": evaluation.knows_tasks,
        "notes": list(evaluation.notes),
    }


def describe_search(found: Search) -> dict[str, Any]:
    """Return a search as the JSON of `evaluate --search`."""
    return {
        "task": found.task,
        "trials": [
            {"changes": dict(one.changes), "ndcg@10": _round(one.ndcg)} for one in found.trials
        ],
        "changes": dict(found.changes),
        "recipe": found.recipe or None,
        "confirmed": found.is_confirmed,
        "difference": None
        if found.difference is None
        else {"ndcg@10": _round(found.difference.value), "interval": _bounds(found.difference)},
    }


def print_evaluation(campaign: str, evaluation: Evaluation) -> None:
    """Print an evaluation for a person."""
    from ..evaluation.verdict import say_verdict

    first, last = evaluation.windows[0], evaluation.windows[-1]
    windows = show_count(len(evaluation.windows), "window")
    dates = f"{(show_iso(first.begins) or '')[:10]} to {(show_iso(last.ends) or '')[:10]}"
    click.echo(click.style(f"{campaign}: {evaluation.plugin} in {windows}, {dates}", bold=True))
    for task, result in evaluation.results.items():
        click.echo()
        people = show_count(result.customers, "customer")
        click.echo(click.style(f"{task} ({people})", bold=True))
        _print_table(evaluation.plugin, result)
    click.echo()
    for result in evaluation.results.values():
        click.echo(say_verdict(result, evaluation.plugin))
    for note in evaluation.notes:
        click.echo(f"Note: {note}.")


def print_search(found: Search) -> None:
    """Print a search for a person."""
    from ..evaluation.verdict import say_difference

    click.echo()
    tried = show_count(len(found.trials), "setting")
    click.echo(click.style(f"search: {tried} tried on the earlier windows", bold=True))
    best = sorted(found.trials, key=lambda trial: -trial.ndcg)[:SHOWN_TRIALS]
    for trial in best:
        said = ", ".join(f"{name}: {value}" for name, value in trial.changes.items())
        click.echo(f"  {trial.ndcg:.4f}  {said or 'the recipe as it is'}")
    if not found.changes:
        click.echo("Nothing is better than the recipe as it is.")
        return
    if found.difference is None:
        click.echo("The last window has nobody to confirm it with; leave the recipe as it is.")
        return
    difference = say_difference(found.difference)
    if not found.is_confirmed:
        click.echo(
            f"On the last window the best of them does not prove better ({difference}): leave "
            "the recipe as it is."
        )
        return
    click.echo(f"On the last window, too, this is better ({difference}):")
    click.echo()
    click.echo(found.recipe, nl=False)


def _print_table(plugin: str, result: TaskResult) -> None:
    rows = [(plugin, result.measured), *result.others.items()]
    width = max(len(name) for name, _ in rows)
    titles = ("nDCG@10", "95% interval", "hit@10", "recall@10", "MAP@10", "coverage", "novelty")
    click.echo(f"  {'':<{width}}  " + "  ".join(titles))
    for name, one in rows:
        interval = f"{one.ndcg.low:.3f}-{one.ndcg.high:.3f}"
        cells = (
            f"{one.ndcg.value:.3f}", interval, f"{one.hit.value:.3f}",
            f"{one.recall.value:.3f}", f"{one.average_precision.value:.3f}",
            f"{one.coverage:.1%}", f"{one.novelty:.1f}",
        )  # fmt: skip
        aligned = (cell.rjust(len(title)) for cell, title in zip(cells, titles, strict=True))
        click.echo(f"  {name:<{width}}  " + "  ".join(aligned))
    if result.measured.fallback:
        share = f"{result.measured.fallback:.1%}"
        click.echo(f"  {share} of the customers got only what was chosen without knowing them")


def _describe(measured: Measured) -> dict[str, Any]:
    described: dict[str, Any] = {
        "ndcg@10": _round(measured.ndcg.value),
        "hit@10": _round(measured.hit.value),
        "recall@10": _round(measured.recall.value),
        "map@10": _round(measured.average_precision.value),
        "coverage": _round(measured.coverage),
        "novelty": _round(measured.novelty),
        "intervals": {
            "ndcg@10": _bounds(measured.ndcg),
            "hit@10": _bounds(measured.hit),
            "recall@10": _bounds(measured.recall),
            "map@10": _bounds(measured.average_precision),
        },
    }
    if measured.fallback is not None:
        described["fallback"] = _round(measured.fallback)
    return described


def _bounds(interval: Interval) -> list[float]:
    return [_round(interval.low), _round(interval.high)]


def _round(number: float) -> float:
    return round(number, 6)
