"""Whether what an experiment says can be believed, and what it costs to say it.

Coverage: how often an interval holds what is true, in invented campaigns of three waves, in which
the base rate rises from wave to wave and the shares of arms move, as they do when shares follow
what came back. Errors: how often a difference that is not there is found by who looks every day.
Both go through core/statistics; end to end, whole campaigns are played by `core/simulation` with
the real engine, ledger, waves and report, with rates that rise and fall from day to day and orders
that come late. Assignment: customers a second who are drawn, in Python and inside SQLite, over
those whose names are only hashed. The report of a run of a million messages: time, and the most
memory of a process that does nothing else.

    python benchmarks/experiments.py [--quick] [--save]
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import invented_campaigns as invented
from record import save_result
from sqlalchemy import func, literal, literal_column, select

from ballyhoo.core.assignment import choose_variant
from ballyhoo.core.campaign import load_campaign
from ballyhoo.core.simulation.simulating import Simulation, simulate
from ballyhoo.core.simulation.truth import Effect, Truth
from ballyhoo.core.statistics.rates import find_rate
from ballyhoo.core.statistics.tallies import Tally
from ballyhoo.core.store.drawing import draw_number, find_threshold
from ballyhoo.core.store.engine import open_store
from ballyhoo.core.workspace import Workspace

RECIPE = """\
campaign: trail
segment: {{where: consent_email}}
experiment:
  variants: {{warm: {{}}, terse: {{}}, plain: {{}}}}
  holdout: 20%
  window: 10d
  allocate: {allocate}
deliver: {{plugin: outbox, fields: {{subject: Spring, body: Come.}}, tracking: {{clicks: true}}}}
"""
WAVES = "  waves: 4\n"
TRUTH = Truth(
    buy="8%",
    effects={"warm": Effect(buy=1.5, click=1.3), "terse": Effect(buy=1.1), "plain": Effect()},
    days=[0.5, 1.6, 1.0, 2.0, 0.6, 1.3, 1.0],
    delay="3d",
)
PEOPLE, DAYS = 2_000, 20
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SHARES = {"warm": 0.25, "terse": 0.25, "plain": 0.5}
KEY = b"the assignment key of benchmarks"
ROUNDS = 5


def main() -> None:
    """Measure, say what comes out, and print the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth or less of everything")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    parser.add_argument("--report", metavar="DATABASE", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.report:
        print(json.dumps(report_alone(arguments.report)))
        return
    sets, plays, customers, messages = (
        (200, 5, 50_000, 20_000) if arguments.quick else (4_000, 200, 1_000_000, 1_000_000)
    )
    figures: dict[str, Any] = {}
    figures |= measure_coverage(sets)
    figures |= measure_peeking(sets)
    figures |= measure_end_to_end(plays)
    figures |= measure_assignment(customers)
    figures |= measure_report(messages)
    figures["scale"] = (
        f"{sets:,} data sets, {plays:,} campaigns of {PEOPLE:,} people end to end for each way to "
        f"allocate, {customers:,} customers drawn, a report of {messages:,} messages"
    )
    if arguments.save:
        save_result("experiments", figures, packages=("ballyhoo", "numpy", "scipy", "sqlalchemy"))
    print(json.dumps(figures))


def measure_coverage(sets: int) -> dict[str, Any]:
    """Return how often intervals hold what is true, each with its Wilson bounds."""
    found = {name: wilson(held, sets) for name, held in invented.count_covered(sets).items()}
    for name, one in found.items():
        say(f"{name}: holds the truth in {show(one)} of {sets:,}")
    return {"coverage": found["by_wave"]["share"], "coverages": found}


def measure_peeking(sets: int) -> dict[str, Any]:
    """Return how often a difference that is not there is found by looking every day."""
    found = {name: wilson(misled, sets) for name, misled in invented.count_misled(sets).items()}
    for name, one in found.items():
        say(f"{name}: misleads in {show(one)} of {sets:,}")
    worst = max(one["share"] for name, one in found.items() if name.startswith("always_valid"))
    return {"false_positive_rate": worst, "false_positives": found}


def measure_end_to_end(plays: int) -> dict[str, Any]:
    """Return how often the report of whole campaigns holds what is true."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "ballyhoo.toml").touch()
        workspace = Workspace(place)
        for allocate in ("fixed", "thompson"):
            text = RECIPE.format(allocate=allocate)
            if allocate == "thompson":
                text = text.replace("  window:", f"{WAVES}  window:")
            path = place / f"{allocate}.yaml"
            path.write_text(text)
            campaign = load_campaign(path, registry=workspace.registry, workspace=place)
            began = time.perf_counter()
            played = simulate(
                workspace, campaign, TRUTH, people=PEOPLE, days=DAYS, runs=plays, starts_at=START,
                looks_daily=True,
            )  # fmt: skip
            found[allocate] = describe_plays(played)
            found[allocate]["seconds_each"] = round((time.perf_counter() - began) / plays, 2)
            say(f"end to end, {allocate}: {json.dumps(found[allocate])}")
    return {"end_to_end": found}


def describe_plays(played: Simulation) -> dict[str, Any]:
    """Return coverage of orders and money, and how often the right winner was named."""
    winners = [one.report.comparison.winner for one in played.runs]
    orders, money = played.covered, played.revenue_covered
    daily = played.never_missed
    assert daily is not None
    assert orders is not None
    assert money is not None
    assert all(one.report.heading.is_final for one in played.runs)
    assert all(one.report.receipt.adds_up for one in played.runs)
    return {
        "orders": {"share": orders.estimate, "low": orders.low, "high": orders.high},
        "money": {"share": money.estimate, "low": money.low, "high": money.high},
        "all_daily_looks": {"share": daily.estimate, "low": daily.low, "high": daily.high},
        "holds_95": orders.covers(0.95) and money.covers(0.95),
        "winner_right": winners.count(played.best),
        "winner_wrong": sum(one not in (None, played.best) for one in winners),
        "bias_in_points": 100 * sum(
            one.orders.estimate - one.reality.orders for one in played.runs if one.orders
        ) / len(played.runs),
    }  # fmt: skip


def measure_assignment(customers: int) -> dict[str, Any]:
    """Return customers drawn a second over names hashed a second; the slower of both ways."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_store(f"sqlite:///{folder}/shop.db", suppression_key="key", create=True) as store,
    ):
        number = draw_number("sqlite", KEY, ("variant", "trail"), literal_column("i"))
        ids = select(literal(1).label("i")).cte("ids", recursive=True)
        ids = ids.union_all(select(ids.c.i + 1).where(ids.c.i < customers))
        drawn = select(func.count()).select_from(ids).where(number < find_threshold(0.25))

        def in_sqlite() -> None:
            with store.read() as connection:
                connection.execute(drawn).scalar_one()

        ways = {"bare": lambda: hash_bare(customers), "sqlite": in_sqlite,
                "python": lambda: draw_in_python(customers)}  # fmt: skip
        times: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                times[name].append(timed(way))
    ratios = {
        name: median(bare / own for bare, own in zip(times["bare"], times[name], strict=True))
        for name in ("sqlite", "python")
    }
    say(f"assignment: {json.dumps({name: customers / median(one) for name, one in times.items()})}")
    return {"assignment_ratio": min(ratios.values()), "assignment_ratios": ratios}


def hash_bare(customers: int) -> None:
    """Hash the name of each customer, and make nothing of it."""
    for customer in range(1, customers + 1):
        hmac.digest(KEY, f"variant\x1ftrail\x1f{customer}".encode(), hashlib.sha256)


def draw_in_python(customers: int) -> None:
    """Find the variant of each customer."""
    for customer in range(1, customers + 1):
        choose_variant(SHARES, KEY, "trail", customer)


def measure_report(messages: int) -> dict[str, Any]:
    """Return time and memory of the report of a run, made by a process of its own."""
    from report_shop import fill_report_shop

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/shop.db"
        with open_store(url, suppression_key="key", create=True) as store:
            say(f"filled in {timed(lambda: fill_report_shop(store, messages)):.0f} s")
        own = [sys.executable, __file__, "--report", url]
        told = subprocess.run(own, capture_output=True, text=True, check=True).stdout
    figures: dict[str, Any] = json.loads(told)
    say(f"report of {messages:,} messages: {told.strip()}")
    return figures


def report_alone(url: str) -> dict[str, Any]:
    """Make the report once, and say how long it took and how much memory this process had."""
    from report_shop import NOW

    from ballyhoo.core.reporting.gathering import gather_report

    with open_store(url, suppression_key="key") as store:
        began = time.process_time()
        seconds = timed(lambda: gather_report(store, 1, now=NOW))
        computed = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "report_seconds": round(seconds, 2),
        "report_cpu_seconds": round(computed, 2),
        "report_peak_mb": round(peak, 1),
    }


def wilson(count: int, of: int) -> dict[str, float]:
    """Return a share with its Wilson bounds."""
    found = find_rate(Tally(people=of, successes=count))
    return {"share": found.estimate, "low": round(found.low, 4), "high": round(found.high, 4)}


def show(one: dict[str, float]) -> str:
    """Return a share with its bounds for a person."""
    return f"{one['share']:.1%} ({one['low']:.1%} to {one['high']:.1%})"


def timed(way: Any) -> float:
    """Return how many seconds something takes."""
    began = time.perf_counter()
    way()
    return time.perf_counter() - began


def say(text: str) -> None:
    """Say how far it is, on standard error."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
