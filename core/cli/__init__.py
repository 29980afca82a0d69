"""The command line: one module for each command, imported when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from ..clock import Clock, SystemClock
from .commands import CommandGroup
from .failures import report_failure
from .invocation import Invocation

HELP = """\
Marketing automation from recipes: who gets which message, and what became of it.

A campaign is one YAML file. 'ballyhoo init DIR' makes a workspace to write one in,
'ballyhoo check' says what is wrong with it.
"""


def make_cli() -> click.Group:
    """Return the command line: Ballyhoo's own commands and those that plugins register."""
    return CommandGroup(
        name="ballyhoo",
        help=HELP,
        callback=_start,
        params=[
            click.Option(
                ["--workspace"],
                metavar="DIR",
                envvar="BALLYHOO_WORKSPACE",
                help="The workspace; else the nearest folder above with a ballyhoo.toml.",
            ),
            click.Option(
                ["--debug"],
                is_flag=True,
                envvar="BALLYHOO_DEBUG",
                help="Show tracebacks.",
            ),
            click.Option(
                ["--version"],
                is_flag=True,
                expose_value=False,
                is_eager=True,
                callback=_print_version,
                help="Show the version and exit.",
            ),
        ],
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def main(arguments: Sequence[str] | None = None, *, clock: Clock | None = None) -> None:
    """Run the command line and exit with its code.

    Args:
        arguments: Instead of those of this process.
        clock: What tells the time; this machine's when None. Commands do not wait for another one.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given or bool(os.environ.get("BALLYHOO_DEBUG"))
    try:
        code = make_cli().main(given, prog_name="ballyhoo", standalone_mode=False, obj=clock)
    except Exception as error:
        if debug and not isinstance(error, click.ClickException):
            raise
        code = report_failure(error)
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        code = 130
    sys.exit(code if isinstance(code, int) else 0)


def _start(workspace: str | None, debug: bool) -> None:
    context = click.get_current_context()
    clock = context.obj or SystemClock()
    context.obj = Invocation(workspace_option=workspace, debug=debug, clock=clock)


def _print_version(context: click.Context, _: click.Parameter, value: bool) -> None:
    if not value or context.resilient_parsing:
        return
    from importlib.metadata import version

    click.echo(f"ballyhoo {version('ballyhoo')}")
    context.exit()
