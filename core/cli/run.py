"""`ballyhoo run`: starts a run of a recipe, or goes on with the one that is open."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import BallyhooError
from .invocation import Invocation

if TYPE_CHECKING:
    from ..campaign import Campaign
    from ..engine.engine import Engine
    from ..engine.starting import Start
    from ..workspace import Workspace


@click.command("run")
@click.argument("recipe", metavar="RECIPE", type=click.Path(path_type=Path))
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="At most so many messages.")
@click.option(
    "--seed", metavar="S", type=click.IntRange(min=0, max=2**63 - 1), help="Of all that is random."
)
@click.option("--new", "is_new", is_flag=True, help="Start another run, whatever there was.")
@click.option("--at", metavar="TIME", help="Not before this moment: 2026-04-30T18:00, or 18:00.")
@click.option("--detach", is_flag=True, help="Leave the work to the workers, and do not watch.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--wait", is_flag=True, help="Stay when nothing is due yet.")
@click.option("--allow-demo-model", is_flag=True, help="Let the demo model write to people.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation,
    recipe: Path,
    limit: int | None,
    seed: int | None,
    is_new: bool,
    at: str | None,
    detach: bool,
    yes: bool,
    wait: bool,
    allow_demo_model: bool,
    as_json: bool,
) -> int:
    """Run a recipe: plan it, ask, and send; or go on with its run that is open.

    A run that is open is resumed; one that is finished shows its receipt. Ctrl-C stops in good
    order, and the same command goes on. Exit code 1 when messages failed or are unknown, or the
    run was paused; 2 when another version of the recipe is still being run; 3 when something that
    it needs is not there.
    """
    from ..campaign import load_campaign
    from ..engine.engine import open_engine
    from ..engine.starting import find_run
    from .working import find_workers, show_run, work_on_run

    workspace = invocation.workspace
    executor = find_workers(workspace, detach=detach)
    campaign = load_campaign(
        recipe,
        registry=workspace.registry,
        workspace=workspace.folder,
        topics=workspace.settings.preferences.topics,
    )
    with open_engine(workspace, works=executor is None) as engine:
        not_before = _read_at(engine, at)
        start = find_run(engine, campaign, limit=limit, is_new=is_new)
        if start is None:
            start = _start(
                engine, campaign, workspace, limit=limit, seed=seed, not_before=not_before,
                allow_demo_model=allow_demo_model, yes=yes, as_json=as_json,
            )  # fmt: skip
        elif seed is not None or at is not None:
            click.echo("--seed and --at are for a new run, and there is one already", err=True)
        _say_way(engine, start)
        if start.way == "finished":
            return show_run(engine, start.run_id, as_json=as_json, way=start.way)
        return work_on_run(
            engine, start.run_id, executor=executor, detach=detach, wait=wait, as_json=as_json,
            way=start.way,
        )  # fmt: skip


def _read_at(engine: Engine, at: str | None) -> int | None:
    """Return the moment that --at gives, and say which it is where that was left open."""
    from .moments import find_local_zone, read_moment, show_moment

    if at is None:
        return None
    zone = find_local_zone(engine.settings)
    moment = read_moment(at, engine.clock.now(), zone)
    click.echo(f"nothing leaves before {show_moment(moment, zone)}", err=True)
    return moment


def _start(
    engine: Engine,
    campaign: Campaign,
    workspace: Workspace,
    *,
    limit: int | None,
    seed: int | None,
    not_before: int | None,
    allow_demo_model: bool,
    yes: bool,
    as_json: bool,
) -> Start:
    """Show the plan and ask, unless that was waived, and start a run."""
    from ..engine.dry_plan import plan_dry
    from ..engine.starting import check_start, start_run
    from .moments import find_local_zone
    from .plans import print_plan

    check_start(engine, campaign, allows_demo_model=allow_demo_model)
    if not yes:
        if not sys.stdin.isatty():
            raise BallyhooError(
                "a run is started after somebody saw the plan and said yes, and nobody is here",
                hint=f"--yes starts it without asking; 'ballyhoo plan {campaign.file}' shows it",
            )
        planned = plan_dry(engine, campaign, limit=limit, not_before=not_before)
        with redirect_stdout(sys.stderr if as_json else sys.stdout):
            print_plan(planned, find_local_zone(engine.settings))
        click.confirm("Start it?", abort=True, err=True)
    return start_run(
        engine, campaign, workspace.folder, limit=limit, seed=seed, not_before=not_before,
        allows_demo_model=allow_demo_model,
    )  # fmt: skip


def _say_way(engine: Engine, start: Start) -> None:
    from ..engine.starting import describe_way
    from ..store.ledger.runs import read_run

    with engine.store.read() as connection:
        row = read_run(connection, start.run_id)
    if row.state == "paused":
        raise BallyhooError(
            f"run {row.id} of '{row.campaign}' is paused: {row.reason}",
            hint=f"'ballyhoo resume {row.id}' lets it go on, 'ballyhoo cancel {row.id}' ends it",
        )
    click.echo(describe_way(start, row), err=True)
