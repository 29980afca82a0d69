"""`ballyhoo db`: the tables of the database and their revision."""

from __future__ import annotations

import click

from .invocation import Invocation, echo_json


@click.group("db")
def command() -> None:
    """Make, upgrade and look at the tables of the database."""


@command.command("upgrade")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def upgrade(invocation: Invocation, as_json: bool) -> int:
    """Bring the tables to the revision of this version of Ballyhoo.

    All of it happens or nothing. Stop the workers first: they never upgrade by themselves, and
    those of another version stop by themselves.
    """
    from ..store.engine import describe_url, open_engine, read_revision
    from ..store.migrations import HEAD
    from ..store.opening import find_database_url
    from ..store.upgrading import upgrade_engine

    engine = open_engine(find_database_url(invocation.workspace))
    try:
        before = read_revision(engine)
        upgrade_engine(engine)
    finally:
        engine.dispose()
    if as_json:
        echo_json({"database": describe_url(engine.url), "before": before, "revision": HEAD})
    elif before == HEAD:
        click.echo(f"{describe_url(engine.url)} is at revision {HEAD} already")
    else:
        click.echo(
            f"{describe_url(engine.url)} is at revision {HEAD} now (was {before or 'empty'})"
        )
    return 0


@command.command("status")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def status(invocation: Invocation, as_json: bool) -> int:
    """Say which database it is, its revision, and how much is in it.

    Exit code 3 when its tables are missing or of another revision.
    """
    from ..store.counting import count_rows
    from ..store.engine import describe_url, open_engine, read_revision
    from ..store.migrations import HEAD
    from ..store.opening import find_database_url

    engine = open_engine(find_database_url(invocation.workspace))
    try:
        found = read_revision(engine)
        rows = count_rows(engine) if found == HEAD else {}
    finally:
        engine.dispose()
    shown = describe_url(engine.url)
    if as_json:
        echo_json(
            {
                "database": shown,
                "revision": found,
                "expected": HEAD,
                "ok": found == HEAD,
                "rows": rows,
            }
        )
        return 0 if found == HEAD else 3
    click.echo(f"{shown}: revision {found or 'none'}")
    if found != HEAD:
        click.echo(f"revision {HEAD} is needed; run 'ballyhoo db upgrade'")
        return 3
    for name, count in rows.items():
        click.echo(f"  {name:<14}{count:>12,}")
    return 0
