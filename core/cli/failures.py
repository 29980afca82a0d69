"""Turns an exception into words for a person and an exit code."""

from __future__ import annotations

import click

from ..errors import BallyhooError, RecipeError

BUG = 70
"""The exit code of an error in Ballyhoo itself (EX_SOFTWARE of sysexits.h)."""


def report_failure(error: Exception) -> int:
    """Say on standard error what went wrong, and return the exit code."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.Abort):
        click.echo("Interrupted.", err=True)
        return 130
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, RecipeError) and error.mistakes:
        for mistake in error.mistakes:
            click.echo(str(mistake), err=True)
        return error.exit_code
    if isinstance(error, BallyhooError):
        click.echo(f"Error: {error.message}", err=True)
        if error.hint:
            click.echo(f"  {error.hint}", err=True)
        return error.exit_code
    if isinstance(error, OSError) and error.filename:
        click.echo(f"Error: {error.filename}: {error.strerror}", err=True)
        return 2
    click.echo(
        f"Error: Ballyhoo itself failed ({type(error).__name__}).\n"
        "  Run it again with --debug for the traceback, and report it.",
        err=True,
    )
    return BUG
