"""`ballyhoo train`: lets the stages of a recipe that learn do so now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .amounts import show_count
from .invocation import Invocation, echo_json
from .stage_progress import show_stage_progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..engine.training import Trained

DATA = ("customers", "products", "events", "reviews")
"""What is said of the store; see `count_rows`."""


@click.command("train")
@click.argument("recipe", metavar="RECIPE", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, recipe: Path, as_json: bool) -> int:
    """Let the stages of a recipe that learn do so now, and say what was made.

    A run trains what it needs by itself when there is nothing, or what there is is older than the
    setting artifact_days. This does it before, for instance at night; runs and plans then use it.
    """
    from ..campaign import load_campaign
    from ..engine.engine import open_engine
    from ..engine.training import train_campaign
    from ..store.counting import count_rows

    workspace = invocation.workspace
    campaign = load_campaign(recipe, registry=workspace.registry, workspace=workspace.folder)
    with (
        open_engine(workspace, works=False) as engine,
        show_stage_progress(f"training for {campaign.name}") as tell,
    ):
        engine.progress = tell
        counted = count_rows(engine.store.engine)
        trained = train_campaign(engine, campaign)
    data = {name: counted[name] for name in DATA}
    if as_json:
        echo_json(
            {
                "campaign": campaign.name,
                "trained": [_describe(one) for one in trained],
                "data": data,
            }
        )
    else:
        _print(campaign.name, trained, data)
    return 0


def _print(campaign: str, trained: Sequence[Trained], data: Mapping[str, int]) -> None:
    if not trained:
        click.echo(f"{campaign}: no stage of it learns anything")
        return
    for one in trained:
        of = "" if one.variant is None else f" of the variant {one.variant}"
        files = show_count(one.files, "file")
        click.echo(
            f"{campaign}: {one.stage}{of} was trained by {one.plugin} in {one.seconds:.1f} s "
            f"({files}, {_show_bytes(one.size_bytes)})"
        )
    counts = ", ".join(f"{count:,} {name}" for name, count in data.items() if count)
    click.echo(
        f"  of {counts or 'an empty store'}, as of {trained[0].data_time:%Y-%m-%d %H:%M} UTC"
    )


def _show_bytes(count: int) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1_000:
            return f"{count:.0f} {unit}"
        count = round(count / 1_000)
    return f"{count:,} GB"


def _describe(trained: Trained) -> dict[str, Any]:
    return {
        "stage": trained.stage,
        "variant": trained.variant,
        "plugin": trained.plugin,
        "seconds": round(trained.seconds, 3),
        "data_time": trained.data_time.isoformat(timespec="seconds"),
        "files": trained.files,
        "bytes": trained.size_bytes,
        "folder": str(trained.folder),
    }
