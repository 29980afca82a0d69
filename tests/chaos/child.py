"""A process that works on runs, as an order says; it is killed, stopped, starved and restarted."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ballyhoo.core.engine import crash_points
from ballyhoo.core.engine.delivering import Delivery
from ballyhoo.core.engine.embedded import EmbeddedRunner, run_here
from ballyhoo.core.engine.engine import Engine, open_engine
from ballyhoo.core.engine.planning import plan_run
from ballyhoo.core.engine.preparing import prepare_next
from ballyhoo.core.engine.runs import load_run
from ballyhoo.core.engine.sweeping import sweep
from ballyhoo.core.errors import BallyhooError
from ballyhoo.core.store.ledger.leases import LeaseLost
from ballyhoo.core.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a process is to do.

    Attributes:
        folder: The shop's folder.
        run: The run it works on.
        role: `runs` it as `ballyhoo run` does; or does `tasks` of it at random until it is through.
        crash_at: Where it kills itself; see `crash_points`.
        claim_seconds: How long its claims hold without a sign of life.
        sending_seconds: How long its marks hold without an answer.
        beat_seconds: How often it says that it is there, on PostgreSQL.
        most_bytes: How large a file may be that it writes; None is as large as it likes.
        patience_seconds: How long it waits for a database that is away.
        database_url: Another way to the database than the shop's own; "" is that.
        seed: Of what it does at random.
    """

    folder: str
    run: int
    role: str = "runs"
    crash_at: str = ""
    claim_seconds: float = 120.0
    sending_seconds: float = 900.0
    beat_seconds: float = 0.1
    most_bytes: int | None = None
    patience_seconds: float = 20.0
    database_url: str = ""
    seed: int = 0

    def dump(self) -> str:
        return json.dumps(asdict(self))


class ShopClock:
    """The machine's clock, and what the shop's file adds to it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def now(self) -> datetime:
        ahead = float(self.file.read_text()) if self.file.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=ahead)


def work(order: Order) -> int:
    """Follow an order; return the exit code, as the command line would."""
    crash_points.arm(order.crash_at)
    folder = Path(order.folder)
    if order.database_url:
        os.environ["BALLYHOO_DATABASE_URL"] = order.database_url
    if order.most_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order.most_bytes, resource.RLIM_INFINITY))
    try:
        with open_engine(
            Workspace(folder),
            clock=ShopClock(folder / "clock"),
            claim_seconds=order.claim_seconds,
            sending_seconds=order.sending_seconds,
            beat_seconds=order.beat_seconds,
        ) as engine:
            print(f"{time.time():.3f} owner {engine.owner.id}", flush=True)
            engine.store.patience_seconds = order.patience_seconds
            ROLES[order.role](engine, order)
    except BallyhooError as error:
        print(f"{time.time():.3f} {error}", flush=True)
        return error.exit_code
    return 0


def _run(engine: Engine, order: Order) -> None:
    def obey(runner: EmbeddedRunner) -> None:
        signal.signal(signal.SIGTERM, lambda *_: runner.stop())

    end = run_here(engine, order.run, on_runner=obey)
    print(f"{time.time():.3f} {end.row.state} {end.next_due_at} {end.waits_for}", flush=True)


def _do_tasks(engine: Engine, order: Order) -> None:
    """Ring each bell never, once, twice or three times, in any order, some at the same time."""
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    chance = random.Random(order.seed)
    run = load_run(engine, order.run)
    tasks: list[Callable[[], object]] = [
        lambda: plan_run(engine, run),
        lambda: prepare_next(engine, run),
        lambda: Delivery(engine, run).deliver_due(stopped.is_set),
        lambda: sweep(engine),
    ]
    failures: list[BaseException] = []

    def ring(bells: list[Callable[[], object]]) -> None:
        for bell in bells:
            try:
                bell()
            except LeaseLost:
                continue
            except BaseException as error:
                failures.append(error)

    while not stopped.is_set() and not failures:
        bells = [bell for bell in tasks for _ in range(chance.randint(0, 3))]
        chance.shuffle(bells)
        threads = [threading.Thread(target=ring, args=(bells[part::3],)) for part in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        due = next((one for one in sweep(engine) if one.run_id == order.run), None)
        if due is None:
            break
        if not (due.is_planning or due.has_planned or due.is_due):
            stopped.wait(0.05)  # for the clock, or for others
    if failures:
        raise failures[0]


ROLES: dict[str, Callable[[Engine, Order], None]] = {"runs": _run, "tasks": _do_tasks}


def main() -> None:
    try:
        code = work(Order(**json.loads(sys.argv[1])))
    except BaseException:
        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
