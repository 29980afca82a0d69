"""`ballyhoo init`: a workspace to write recipes in."""

from __future__ import annotations

from pathlib import Path

import click

from ..starter import write_workspace


@click.command("init")
@click.argument("folder", metavar="DIR")
def command(folder: str) -> int:
    """Make a workspace: settings, campaigns/ and templates/.

    Files that are there already are never overwritten.
    """
    written = write_workspace(Path(folder))
    click.echo(f"A new workspace in {folder}:")
    for path in written:
        click.echo(f"  {path}")
    click.echo(
        f"Next:\n  cd {folder}\n  ballyhoo check campaigns/hello.yaml\n  "
        "ballyhoo test campaigns/hello.yaml\n  ballyhoo doctor"
    )
    return 0
