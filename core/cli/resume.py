"""`ballyhoo resume`: lets a run go on that was paused, stopped, or left alone."""

from __future__ import annotations

import click

from .invocation import Invocation


@click.command("resume")
@click.argument("run", metavar="RUN", type=click.IntRange(min=1))
@click.option("--accept-versions", is_flag=True, help="Go on with the plugins that are here.")
@click.option("--detach", is_flag=True, help="Leave the work to the workers, and do not watch.")
@click.option("--wait", is_flag=True, help="Stay when nothing is due yet.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation, run: int, accept_versions: bool, detach: bool, wait: bool, as_json: bool
) -> int:
    """Go on with a run that was paused, stopped, or left alone.

    It goes on as it was started, whatever became of its recipe since. Without a broker this process
    does the work, as 'ballyhoo run' does. Exit code 2 when the run is through; 3 when plugins have
    other versions here than when it was started, unless those are accepted.
    """
    from ..engine.controlling import resume_run
    from ..engine.engine import open_engine
    from .working import find_workers, work_on_run

    workspace = invocation.workspace
    executor = find_workers(workspace, detach=detach)
    with open_engine(workspace, works=executor is None) as engine:
        row = resume_run(engine.store, engine.registry, run, accepts_versions=accept_versions)
        click.echo(f"run {row.id} of '{row.campaign}' goes on", err=True)
        return work_on_run(
            engine, run, executor=executor, detach=detach, wait=wait, as_json=as_json, way="resumed"
        )
