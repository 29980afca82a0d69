"""`ballyhoo plan`: who would get what, who not and why; sends and writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import BallyhooError
from .failures import report_failure
from .invocation import Invocation, echo_json

if TYPE_CHECKING:
    from ..campaign import Campaign
    from ..engine.engine import Engine

SAMPLES = 2
"""How many messages of each variant are shown."""


@click.command("plan")
@click.argument("recipe", metavar="RECIPE", type=click.Path(path_type=Path))
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="At most so many messages.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, recipe: Path, limit: int | None, as_json: bool) -> int:
    """Show who gets what, who is skipped and why, and how long it takes.

    Nothing is written to the ledger and nothing is sent. Some messages of each variant are really
    made, products and copy included, to be looked at.
    """
    from ..campaign import load_campaign
    from ..engine.dry_plan import plan_dry
    from ..engine.engine import open_engine
    from .moments import find_local_zone
    from .plans import describe_plan, print_plan, print_samples

    workspace = invocation.workspace
    campaign = load_campaign(
        recipe,
        registry=workspace.registry,
        workspace=workspace.folder,
        topics=workspace.settings.preferences.topics,
    )
    with open_engine(workspace, works=False) as engine:
        planned = plan_dry(engine, campaign, limit=limit, samples=SAMPLES)
        refused = _ask_run(engine, campaign)
    if as_json:
        echo_json({**describe_plan(planned), "refused": refused})
    else:
        print_plan(planned, find_local_zone(workspace.settings))
        print_samples(planned)
    if refused is not None:
        click.echo(f"'ballyhoo run' would refuse it: {refused}", err=True)
    return 0 if planned.problem is None else report_failure(planned.problem)


def _ask_run(engine: Engine, campaign: Campaign) -> str | None:
    """Return why `run` would refuse the campaign; None when it would not."""
    from ..engine.starting import check_start

    try:
        check_start(engine, campaign, allows_demo_model=False)
    except BallyhooError as error:
        return error.message
    return None
