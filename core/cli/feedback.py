"""`ballyhoo feedback`: tells plugins and endpoints what happened, and shows who is behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import click

from .amounts import show_count
from .invocation import Invocation, echo_json
from .moments import find_local_zone, show_iso, show_moment

if TYPE_CHECKING:
    from ..feedback.standing import Standing
    from ..feedback.telling import Told


@click.command("feedback")
@click.option("--show", is_flag=True, help="Tell nobody; show who is behind.")
@click.option(
    "--resume", "resumed", metavar="NAME", multiple=True,
    help="Let one that is paused or failing be told at once.",
)  # fmt: skip
@click.option(
    "--skip", "skipped", metavar="NAME", multiple=True,
    help="The same, without the batch that it fails on.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation,
    show: bool,
    resumed: Sequence[str],
    skipped: Sequence[str],
    as_json: bool,
) -> int:
    """Tell plugins and endpoints what happened, and show who is behind by how much.

    Workers do so by themselves, and so does 'ballyhoo run'. Exit code 1 when one of them is failing
    or paused.
    """
    from ..engine.engine import open_engine
    from ..feedback.names import name_listeners
    from ..feedback.standing import list_standings, resume
    from ..feedback.telling import register_all, tell_all

    told: list[Told] = []
    with open_engine(invocation.workspace, works=False) as engine:
        register_all(engine)
        for name in resumed:
            resume(engine.store, name, skips=False)
        for name in skipped:
            resume(engine.store, name, skips=True)
        if not show:
            told = tell_all(engine, is_asked=True)
        names = name_listeners(engine.registry, engine.settings)
        standings = list_standings(engine.store, names)
        zone = find_local_zone(engine.settings)
    counts = {one.name: one.events for one in told}
    if as_json:
        echo_json({"listeners": [_describe(one, counts) for one in standings]})
    else:
        _print(standings, counts, zone)
    return 1 if any(one.is_wrong for one in standings) else 0


def _describe(standing: Standing, counts: dict[str, int]) -> dict[str, Any]:
    row = standing.row
    return {
        "name": row.name,
        "state": standing.state,
        "told": counts.get(row.name, 0),
        "behind": standing.behind,
        "failures": row.failures,
        "last_error": row.last_error,
        "told_at": show_iso(row.told_at),
        "failing_since": show_iso(row.failing_since),
        "paused_at": show_iso(row.paused_at),
        "next_try_at": show_iso(row.due_at),
    }


def _print(standings: Sequence[Standing], counts: dict[str, int], zone: tzinfo | None) -> None:
    if not standings:
        click.echo(
            "nobody is told what happens: no plugin has the hook 'feedback', and there are no "
            "[[webhooks]]"
        )
        return
    width = max(len(one.row.name) for one in standings)
    for one in standings:
        row = one.row
        told = counts.get(row.name)
        said = [f"told {show_count(told, 'event')}"] if told else []
        said.append(f"behind by {one.behind:,}" if one.behind else "told all")
        if row.last_error is not None:
            said.append(f"{show_count(row.failures, 'failure')}: {row.last_error}")
        if one.state == "paused" and row.paused_at is not None:
            said.append(
                f"paused at {show_moment(row.paused_at, zone)}; "
                f"'ballyhoo feedback --resume {row.name}' lets it be told again"
            )
        elif row.due_at is not None:
            said.append(f"tried again at {show_moment(row.due_at, zone)}")
        click.echo(f"{row.name.ljust(width)}  {one.state:<7}  {'; '.join(said)}")
