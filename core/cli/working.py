"""Lets a run be worked on: in this process, or by workers that are rung for and watched."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from ..errors import BallyhooError, EnvironmentMissing
from .invocation import echo_json
from .moments import find_local_zone
from .progress import RunProgress
from .receipts import describe_status, find_exit_code, print_status

if TYPE_CHECKING:
    from ..engine.embedded import RunEnd
    from ..engine.engine import Engine
    from ..engine.executors import Executor
    from ..engine.status import RunStatus
    from ..store.ledger.runs import RunRow
    from ..workspace import Workspace

INTERRUPTED = 130
LOOK_SECONDS = 1.0
LOOK_CLOSELY_SECONDS = 10.0
"""How often somebody who watches workers is told what they wait for."""


def work_on_run(
    engine: Engine,
    run_id: int,
    *,
    executor: Executor | None,
    detach: bool,
    wait: bool,
    as_json: bool,
    way: str,
) -> int:
    """Work on a run until it is through or waits, show where it stands, and return the exit code.

    Args:
        engine: The engine.
        run_id: The run.
        executor: What rings for workers; None when this process does the work.
        detach: Leave the work to the workers.
        wait: Stay when nothing is due yet.
        as_json: Answer one JSON object.
        way: Which run it is: `started`, `resumed`.
    """
    is_stopped, lacks = False, None
    with RunProgress(engine.store, run_id) as progress:
        if executor is None:
            engine.progress = progress.note_planned
            end, is_stopped = _work_here(engine, run_id, wait, progress.tell)
            lacks = end.lacks
        else:
            executor.start(run_id)
            if not detach:
                is_stopped = _watch(engine, run_id, wait, progress.tell)
    code = show_run(engine, run_id, as_json=as_json, way=way, lacks=lacks)
    if detach:
        said = f"the workers have it; 'ballyhoo status {run_id}' shows how far they are"
        click.echo(said, err=True)
    if is_stopped and executor is not None:
        click.echo("The workers go on; the same command again watches them.", err=True)
    elif is_stopped:
        click.echo("Stopped in good order; the same command again goes on.", err=True)
    if is_stopped:
        return INTERRUPTED
    return code


def find_workers(workspace: Workspace, *, detach: bool) -> Executor | None:
    """Return what rings for workers; None when this process does the work.

    Raises:
        EnvironmentMissing: The work was to be left to workers, and there is no broker; or there is
            one, and nothing that can use it.
    """
    from ..engine.executors import find_executor

    executor = find_executor(workspace)
    if executor is None and detach:
        raise EnvironmentMissing(
            "--detach leaves the work to workers, and there is no broker to ring for them",
            hint="set broker_url and start 'ballyhoo worker', or leave --detach out",
        )
    return executor


def ring_workers(workspace: Workspace, row: RunRow) -> None:
    """Let workers know that a run has something to do, or say who lets it go on."""
    from ..engine.executors import find_executor

    if row.state == "paused":
        click.echo(f"the run is paused; 'ballyhoo resume {row.id}' lets it go on", err=True)
        return
    try:
        executor = find_executor(workspace)
        if executor is not None:
            executor.start(row.id)
    except BallyhooError as error:
        # It is in the ledger, and a worker that sweeps finds it there.
        click.echo(f"no worker could be rung for: {error.message}", err=True)
    else:
        if executor is None:
            click.echo(f"'ballyhoo resume {row.id}' goes on with it", err=True)


def show_run(
    engine: Engine, run_id: int, *, as_json: bool, way: str, lacks: str | None = None
) -> int:
    """Show where a run stands, and return the exit code that says how it went.

    Args:
        engine: The engine.
        run_id: The run.
        as_json: Answer one JSON object.
        way: Which run it is: `started`, `resumed`, `finished`.
        lacks: What was not there that it needs, for a person; None when nothing.
    """
    status = _read(engine, run_id)
    if as_json:
        described = {**describe_status(status), "way": way}
        echo_json(described if lacks is None else {**described, "waits_for": lacks})
    else:
        print_status(status, find_local_zone(engine.settings))
    if lacks is not None:
        click.echo(f"it cannot go on: {lacks}", err=True)
        return 3
    return 0 if way == "finished" else find_exit_code(status)


def _work_here(
    engine: Engine, run_id: int, wait: bool, tell: Callable[[str], None]
) -> tuple[RunEnd, bool]:
    """Work on a run in this process; also return whether a person stopped it."""
    from ..engine.embedded import EmbeddedRunner
    from ..logs import set_up_logs

    debug = click.get_current_context().find_root().params["debug"]
    set_up_logs(json=False, level=logging.WARNING, shows_tracebacks=debug)
    runner = EmbeddedRunner(engine, run_id, waits=wait)
    with _stopping(runner.stop, tell) as stopped:
        end = runner.work()
    return end, bool(stopped)


def _watch(engine: Engine, run_id: int, wait: bool, tell: Callable[[str], None]) -> bool:
    """Watch what workers do until they are through or wait; return whether a person left."""
    from ..store.ledger.runs import read_state

    stays = ("planning", "running", "waiting") if wait else ("planning", "running")
    told: set[str] = set()
    look_at = time.monotonic() + LOOK_CLOSELY_SECONDS
    with _stopping(lambda: None, lambda said: None) as stopped:
        while not stopped:
            with engine.store.read() as connection:
                if read_state(connection, run_id) not in stays:
                    break
            if time.monotonic() >= look_at:
                for said in _list_waits(engine, run_id):
                    if said not in told:
                        tell(f"it waits for {said}")
                        told.add(said)
                look_at = time.monotonic() + LOOK_CLOSELY_SECONDS
            time.sleep(LOOK_SECONDS)
    return bool(stopped)


def _list_waits(engine: Engine, run_id: int) -> list[str]:
    return [wait.said for wait in _read(engine, run_id).waits]


def _read(engine: Engine, run_id: int) -> RunStatus:
    from ..engine.status import read_status

    return read_status(
        engine.store,
        run_id,
        registry=engine.registry,
        now=engine.now,
        has_broker=bool(engine.settings.broker_url.get_secret_value()),
        but=engine.known_owner,
    )


@contextmanager
def _stopping(stop: Callable[[], None], tell: Callable[[str], None]) -> Iterator[list[int]]:
    """Call `stop` at the first signal to end, and end at once at the second.

    Yields:
        The signals that came.
    """
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        came.append(number)
        if len(came) > 1:
            raise KeyboardInterrupt
        tell("Stopping when what is being sent is sent; once more ends at once.")
        stop()

    before: dict[signal.Signals, Any] = {}
    for ending in (signal.SIGINT, signal.SIGTERM):
        before[ending] = signal.signal(ending, note)
    try:
        yield came
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)
