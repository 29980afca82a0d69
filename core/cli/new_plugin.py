"""`ballyhoo new-plugin`: a package that works, to begin one's own plugin from."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from ..scaffold import KITS, write_plugin


@click.command("new-plugin")
@click.argument("name")
@click.option(
    "--hook",
    type=click.Choice(list(KITS)),
    default="recommend",
    show_default=True,
    help="What the plugin is for.",
)
@click.option("--out", metavar="DIR", default=".", help="Where to make its folder; else here.")
def command(name: str, hook: str, out: str) -> int:
    """Write the skeleton of a plugin, with its tests.

    NAME is the package's name, such as acme-sms. The skeleton installs, passes its own tests and
    can be named in a recipe at once; change what it does, and keep its tests.
    """
    folder = Path(out)
    written = write_plugin(name, hook=hook, folder=folder)
    made = folder / name
    click.echo(f"A plugin for the hook {hook} in {made}:")
    for path in written:
        click.echo(f"  {folder / path}")
    recipe = next(folder / path for path in written if path.suffix == ".yaml")
    quoted = shlex.quote(str(made))
    install = shlex.quote(f"{made if made.is_absolute() else f'./{made}'}[test]")
    click.echo("Next:")
    click.echo(f"  pip install -e {install}")
    click.echo(f"  pytest {quoted}")
    click.echo(f"  ballyhoo check {shlex.quote(str(recipe))}")
    return 0
