"""Harm at random for as long as a run lasts: killed, frozen and stopped processes, over and over.

    python -m tests.chaos.long [--database postgresql] [--messages 20000] [--kills 200] [--seed 1]

prints what came of it as one JSON object. The same seed draws the same harm; when it strikes
depends on the machine as well.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from ballyhoo.core.engine.controlling import resume_run
from ballyhoo.core.store.engine import open_store
from ballyhoo.core.store.ledger.runs import read_run
from ballyhoo.core.workspace import Workspace

from .child import Order
from .nursery import Nursery, Process
from .servers import Server, start_server
from .shop import SILENT, Recipe, Shop, make_shop
from .truth import find_truth

CLAIM_SECONDS, SENDING_SECONDS = 2.0, 3.0
"""Short leases, so that a frozen process wakes up after them."""

BYTES_A_MESSAGE = 29
"""What the witness has of a message, about: how far a run is can be seen without asking it."""

LONGEST_SECONDS = 3_600.0

MISSING = 3
"""How a process ends that was started while the database was away."""

FAULTS = {
    "later": 0.01, "failed": 0.01, "lost": 0.01, "dropped": 0.01, "hangs": 0.005, "raises": 0.002,
}  # fmt: skip

KINDS = {"kills": 80, "stops": 10, "terms": 10}
ON_POSTGRESQL = {"cuts": 10, "restarts": 2}
"""How often what is done to them, in proportion."""

Start = Callable[[Shop, int], Process]
"""Starts a process that works on a run of a shop."""


@dataclass(kw_only=True)
class Harm:
    """A run that is harmed until it is through.

    Attributes:
        shop: Where it runs.
        run: The run.
        start: Starts a process that works on it.
        kills: How many processes are to be killed.
        messages: How many messages are to be sent.
        processes: How many processes work at the same time.
        chance: Draws what is done, to whom, and when.
        server: The PostgreSQL server that is harmed as well.
        done: How often what was done.
    """

    shop: Shop
    run: int
    start: Start
    kills: int
    messages: int
    processes: int
    chance: random.Random
    server: Server | None = None
    done: Counter[str] = field(default_factory=Counter)
    alive: list[Process] = field(default_factory=list)
    frozen: list[tuple[float, Process]] = field(default_factory=list)

    def work(self) -> None:
        """Harm the run until all kills are done, then let it end.

        Raises:
            TimeoutError: It does not end.
        """
        ends = time.monotonic() + LONGEST_SECONDS
        while not self._is_over():
            if time.monotonic() > ends:
                raise TimeoutError("the run does not end")
            self._thaw()
            self._replace()
            if self.done["kills"] < self.kills and self._is_time():
                self._strike()
            else:
                time.sleep(0.01)
        for process in self.alive:
            process.send(signal.SIGCONT)
            process.wait()

    def _is_time(self) -> bool:
        """Whether the next harm is due: most by progress, some as soon as a process is there."""
        if self.chance.random() < 0.02:
            return True
        size = self.shop.witness.stat().st_size if self.shop.witness.exists() else 0
        due = self.messages * BYTES_A_MESSAGE * self.done["kills"] / (self.kills + 1)
        return size >= due

    def _strike(self) -> None:
        kinds = KINDS | (ON_POSTGRESQL if self.server is not None else {})
        kind = self.chance.choices(list(kinds), list(kinds.values()))[0]
        victim = self.chance.choice(self.alive)
        time.sleep(self.chance.random() * 0.05)
        if victim.poll() is not None or any(victim is one for _, one in self.frozen):
            return
        self.done[kind] += 1
        if kind == "kills":
            victim.kill()
        elif kind == "stops":
            victim.send(signal.SIGSTOP)
            lasts = self.chance.uniform(0.5, 1.5) * SENDING_SECONDS
            self.frozen.append((time.monotonic() + lasts, victim))
        elif kind == "terms":
            victim.send(signal.SIGTERM)
        else:
            self._harm_server(kind)

    def _harm_server(self, kind: str) -> None:
        assert self.server is not None
        if kind == "restarts":
            self.server.stop_at_once()
            time.sleep(self.chance.random())
            self.server.start()
            return
        name = make_url(self.shop.url).database
        pids = self.server.run(f"SELECT pid FROM pg_stat_activity WHERE datname = '{name}'")
        if pids:
            self.server.run(f"SELECT pg_terminate_backend({self.chance.choice(pids)[0]})")

    def _thaw(self) -> None:
        for wakes, process in self.frozen[:]:
            if time.monotonic() > wakes:
                process.send(signal.SIGCONT)
                self.frozen.remove((wakes, process))

    def _replace(self) -> None:
        """Start a process for each that is gone; one that went by itself had nothing to do."""
        for process in self.alive[:]:
            code = process.poll()
            if code is None:
                continue
            self.alive.remove(process)
            if code not in (0, MISSING, -signal.SIGKILL, -signal.SIGTERM):
                raise AssertionError(f"a process ended with {code}:\n{process.read_log()[-5_000:]}")
            if code == 0:
                self._let_time_pass()
        while len(self.alive) < self.processes:
            self.done["starts"] += 1
            self.alive.append(self.start(self.shop, self.run))

    def _let_time_pass(self) -> None:
        """Put the clock forward by a minute, so that what waits for its next try is due."""
        clock = self.shop.clock_file
        ahead = float(clock.read_text()) if clock.exists() else 0.0
        self.shop.set_clock(ahead + 60)

    def _is_over(self) -> bool:
        """Whether the run is through; looked at when a process has gone by itself."""
        if not any(process.poll() == 0 for process in self.alive):
            return False
        with self.shop.open() as store:
            with store.read() as connection:
                state = read_run(connection, self.run).state
            if state == "paused":  # its channel failed three times in a row
                self.done["resumes"] += 1
                resume_run(store, Workspace(self.shop.folder).registry, self.run)
        return state == "finished"


def run_chaos(
    messages: int = 20_000,
    kills: int = 200,
    seed: int | None = None,
    *,
    database: str = "sqlite",
    processes: int = 2,
    policy: str = "hold",
    has_faults: bool = False,
    start: Start | None = None,
    server: Server | None = None,
    nursery: Nursery | None = None,
) -> dict[str, Any]:
    """Harm a run, and say what came of it.

    Args:
        messages: How many messages are to be sent.
        kills: How many processes are killed meanwhile.
        seed: Of the harm; drawn when None.
        database: `sqlite` or `postgresql`.
        processes: How many work on the run at the same time.
        policy: `hold` or `resend`.
        has_faults: Whether the channel goes wrong as well.
        start: What works on the run; processes with the embedded runner when None.
        server: A PostgreSQL server that is there already.
        nursery: A nursery that is there already.

    Returns:
        What was done (`kills`, `stops`, `terms`, `cuts` and `restarts` of the server, `resumes`,
        `starts`), what came of it (`duplicates`, `lost`,
        `unknown`, `unknown_out`, `sent`, `failed`, `skipped`), `seed`, `database`, `seconds`.

    Raises:
        AssertionError: A promise is broken.
    """
    chosen = random.randrange(2**31) if seed is None else seed
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos")))
        births = nursery or stack.enter_context(Nursery())
        found = None
        if database == "postgresql":
            found = server or start_server(folder)
            if found is None:
                raise OSError("there is no PostgreSQL here")
            if server is None:
                stack.callback(found.stop)
            url = found.make_database()
        else:
            url = f"sqlite:///{folder / 'ballyhoo.db'}"
            open_store(url, create=True).close()
        people = messages + (messages - 1) // (SILENT - 1)
        shop = make_shop(folder / "shop", url, people=people)
        deliver: dict[str, Any] = {"senders": 8, "seed": chosen}
        if has_faults:
            deliver.update(FAULTS)
        run = shop.start(Recipe(policy=f"on_unknown: {policy}", deliver=deliver))
        harm = Harm(
            shop=shop, run=run, start=start or _start_with(births), kills=kills,
            messages=messages, processes=processes, chance=random.Random(chosen),
            server=found,
        )  # fmt: skip
        began = time.monotonic()
        harm.work()
        seconds = time.monotonic() - began
        with shop.open() as store:
            truth = find_truth(shop, store, may_repeat=policy == "resend")
        done = ("kills", "stops", "terms", "cuts", "restarts", "resumes", "starts")
        return {
            "database": database, "seed": chosen, "messages": messages,
            **{name: harm.done[name] for name in done},
            "duplicates": truth.duplicates, "lost": truth.lost,
            "unknown": truth.unknown, "unknown_out": truth.unknown_out,
            **{name: truth.states[name] for name in ("sent", "failed", "skipped")},
            "seconds": round(seconds, 1),
        }  # fmt: skip


def _start_with(nursery: Nursery) -> Start:
    def start(shop: Shop, run: int) -> Process:
        order = Order(
            folder=str(shop.folder), run=run,
            claim_seconds=CLAIM_SECONDS, sending_seconds=SENDING_SECONDS,
        )  # fmt: skip
        return nursery.start(order.dump(), shop.folder / "log")

    return start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--policy", choices=("hold", "resend"), default="hold")
    parser.add_argument("--faults", action="store_true", help="the channel goes wrong as well")
    parser.add_argument("--seed", type=int)
    asked = parser.parse_args()
    print(
        json.dumps(
            run_chaos(
                asked.messages, asked.kills, asked.seed, database=asked.database,
                processes=asked.processes, policy=asked.policy, has_faults=asked.faults,
            )
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
