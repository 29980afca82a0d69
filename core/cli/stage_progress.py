"""Shows how far a long piece of work is: on a terminal in place, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

SECONDS_BETWEEN_LINES = 10.0

Tell = Callable[[str, int, int | None], None]
"""Told what is done, how much of it, and of how much (None when that is not known)."""


@contextmanager
def show_stage_progress(beginning: str) -> Iterator[Tell]:
    """Give a function that shows on standard error how far something is.

    Args:
        beginning: What is said at first.
    """
    if not sys.stderr.isatty():
        said_at = time.monotonic()

        def print_line(what: str, done: int, total: int | None = None) -> None:
            nonlocal said_at
            if time.monotonic() - said_at >= SECONDS_BETWEEN_LINES:
                said_at = time.monotonic()
                click.echo(describe_progress(what, done, total), err=True)

        yield print_line
        return
    from rich.console import Console

    with Console(stderr=True).status(beginning) as status:

        def update(what: str, done: int, total: int | None = None) -> None:
            status.update(describe_progress(what, done, total))

        yield update


def describe_progress(what: str, done: int, total: int | None) -> str:
    """Return how far something is, in words."""
    return f"{what}: {done:,}" if total is None else f"{what}: {done:,} of {total:,}"
