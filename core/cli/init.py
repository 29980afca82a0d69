"""`ballyhoo init`: a workspace to write recipes in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ..starter import write_workspace
from .invocation import Invocation


@click.command("init")
@click.argument("folder", metavar="DIR")
@click.option("--demo", is_flag=True, help="With a sample shop to import, and campaigns for it.")
@click.option(
    "--people", metavar="N", type=click.IntRange(50, 100_000),
    help="With --demo: how many customers the shop has; 2,000.",
)  # fmt: skip
@click.pass_obj
def command(invocation: Invocation, folder: str, demo: bool, people: int | None) -> int:
    """Make a workspace: settings, campaigns/ and templates/.

    Files that are there already are never overwritten. With --demo it has a sample shop too: files
    of invented customers, products, orders and articles to import, and campaigns to try on them.
    """
    more: dict[str, str] = {}
    if demo:
        from ..starter.sample_shop.collecting import collect_files
        from ..starter.sample_shop.people import NUMBER

        more = collect_files(invocation.clock.now(), people=people or NUMBER)
    written = write_workspace(Path(folder), more=more)
    click.echo(f"A new workspace in {folder}:")
    for path in written:
        click.echo(f"  {path}")
    click.echo("Next:")
    for line in [f"cd {folder}", *_list_next([path.as_posix() for path in written], demo)]:
        click.echo(f"  {line}")
    return 0


def _list_next(names: Sequence[str], demo: bool) -> list[str]:
    """Return the commands that a person would go on with."""
    if not demo:
        return [
            "ballyhoo check campaigns/hello.yaml",
            "ballyhoo test campaigns/hello.yaml",
            "ballyhoo doctor",
        ]
    from ..starter.sample_shop.collecting import list_imports

    return [
        *(f"ballyhoo import {kind} {name}" for kind, name in list_imports(names)),
        "ballyhoo plan campaigns/win-back.yaml",
        "ballyhoo preview campaigns/win-back.yaml",
    ]
