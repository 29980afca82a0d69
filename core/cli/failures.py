"""Turns an exception into words for a person and an exit code."""

from __future__ import annotations

import errno

import click

from ..errors import BallyhooError, EnvironmentMissing, RecipeError

_POSTGRESQL_DISK_FULL = "53100"

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
    if _is_full(error):
        name = error.filename if isinstance(error, OSError) else None
        where = f"{name}: " if name else ""
        click.echo(f"Error: {where}there is no space left on the disk", err=True)
        click.echo("  make room, and run it again", err=True)
        return EnvironmentMissing.exit_code
    if isinstance(error, OSError) and error.filename:
        click.echo(f"Error: {error.filename}: {error.strerror}", err=True)
        return 2
    click.echo(
        f"Error: Ballyhoo itself failed ({type(error).__name__}).\n"
        "  Run it again with --debug for the traceback, and report it.",
        err=True,
    )
    return BUG


def _is_full(error: BaseException) -> bool:
    """Whether a disk is full, or the user's share of it; databases have words of their own."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    cause = getattr(error, "orig", None)  # of SQLAlchemy, which need not be loaded here
    is_sqlite = getattr(cause, "sqlite_errorname", "") == "SQLITE_FULL"
    return is_sqlite or getattr(cause, "sqlstate", "") == _POSTGRESQL_DISK_FULL
