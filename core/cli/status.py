"""`ballyhoo status`: where runs stand, and what they wait for."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

import click

from .amounts import show_count
from .invocation import Invocation, echo_json
from .moments import show_iso, show_moment

if TYPE_CHECKING:
    from ..attribution.outcomes import RunOutcome
    from ..engine.status import RunStatus
    from ..store.engine import Store
    from ..store.ledger.runs import RunHead
    from ..workspace import Workspace

MOST_RUNS = 20
LOOK_SECONDS = 1.0


@click.command("status")
@click.argument("run", metavar="[RUN]", type=click.IntRange(min=1), required=False)
@click.option("--watch", is_flag=True, help="Stay, and show each change until the run is through.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, run: int | None, watch: bool, as_json: bool) -> int:
    """Show where a run stands and what it waits for; without RUN the newest runs.

    Also what came back of it: opens, clicks, orders, and by which rule orders are counted.

    Exit code 0 whatever became of the messages.
    """
    from ..store.opening import open_workspace_store

    if watch and (run is None or as_json):
        raise click.UsageError("--watch needs a RUN, and does not go with --json")
    workspace = invocation.workspace
    with open_workspace_store(workspace) as store:
        desk = _Desk(workspace, store)
        if not as_json:
            _warn(desk)
        if run is None:
            _show_runs(desk, as_json)
        elif watch:
            _watch(desk, run)
        elif as_json:
            from .outcomes import describe_outcome
            from .receipts import describe_status

            status = desk.read(run)
            echo_json({**describe_status(status), "outcome": describe_outcome(desk.count(status))})
        else:
            from .outcomes import print_outcome
            from .receipts import print_status

            status = desk.read(run)
            print_status(status, desk.zone)
            print_outcome(desk.count(status))
    return 0


@dataclass(frozen=True)
class _Desk:
    """Where somebody looks at runs from."""

    workspace: Workspace
    store: Store

    @property
    def zone(self) -> tzinfo | None:
        from .moments import find_local_zone

        return find_local_zone(self.workspace.settings)

    def read(self, run: int) -> RunStatus:
        from ..engine.status import read_status
        from ..store.reading import to_moment

        return read_status(
            self.store,
            run,
            registry=self.workspace.registry,
            now=to_moment(self.workspace.clock.now()),
            has_broker=bool(self.workspace.settings.broker_url.get_secret_value()),
        )

    def count(self, status: RunStatus) -> RunOutcome:
        from ..attribution.outcomes import count_outcome

        with self.store.read() as connection:
            return count_outcome(connection, status.row)


def _warn(desk: _Desk) -> None:
    """Say on standard error who is not told what happens, and should be."""
    from ..feedback.looking import list_problems

    for said in list_problems(desk.store, desk.workspace):
        click.echo(said, err=True)


def _show_runs(desk: _Desk, as_json: bool) -> None:
    from ..store.ledger.runs import list_heads

    with desk.store.read() as connection:
        heads = list_heads(connection, most=MOST_RUNS)
    if as_json:
        echo_json({"runs": [_describe_head(head) for head in heads]})
        return
    if not heads:
        click.echo("there is no run yet; 'ballyhoo run RECIPE' starts one")
        return
    names = max(len("campaign"), *(len(head.campaign) for head in heads))
    click.echo(f"{'run':>6}  {'campaign':<{names}}  {'state':<9}  {'audience':>10}  started")
    for head in heads:
        audience = "" if head.audience is None else f"{head.audience:,}"
        started = show_moment(head.created_at, desk.zone)
        said = f": {head.reason}" if head.reason else ""
        click.echo(
            f"{head.id:>6}  {head.campaign:<{names}}  {head.state:<9}  {audience:>10}  "
            f"{started}{said}"
        )


def _describe_head(head: RunHead) -> dict[str, object]:
    return {
        "run": head.id,
        "campaign": head.campaign,
        "state": head.state,
        "reason": head.reason,
        "audience": head.audience,
        "created_at": show_iso(head.created_at),
        "not_before": show_iso(head.not_before),
        "finished_at": show_iso(head.finished_at),
    }


def _watch(desk: _Desk, run: int) -> None:
    """Show a run until it is through, drawn anew on a terminal, else a line for each change."""
    from .receipts import print_status

    is_terminal = sys.stdout.isatty()
    shown = ""
    with _leaving_quietly():
        while True:
            status = desk.read(run)
            if is_terminal:
                click.clear()
                print_status(status, desk.zone)
            elif (line := _say(status)) != shown:
                click.echo(line)
                shown = line
            if status.row.state in ("finished", "cancelled"):
                return
            time.sleep(LOOK_SECONDS)


def _say(status: RunStatus) -> str:
    """Return where a run stands on one line."""
    states = ", ".join(f"{state} {count:,}" for state, count in status.receipt.states.items())
    waits = "; ".join(wait.said for wait in status.waits)
    audience = status.receipt.audience
    people = "" if audience is None else f" of {show_count(audience, 'person', 'people')}"
    said = f"{status.row.state}: {states or 'nothing yet'}{people}"
    return f"{said}; waits for {waits}" if waits else said


@contextmanager
def _leaving_quietly() -> Iterator[None]:
    """Let Ctrl-C end the watching: nothing is left undone."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo()
