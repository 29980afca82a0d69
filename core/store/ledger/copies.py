"""The copies of a run, kept by the hash of their brief: equal briefs are written for once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from ..bulk import insert_rows, read_json
from ..tables import copies, messages
from .parameters import dump_json

Kept = Mapping[str, Any]
"""A copy with its provenance, its verdicts and the attempts that were refused, as JSON."""


def read_copies(
    connection: Connection, run_id: int, variant: str | None, hashes: Collection[str]
) -> dict[tuple[str, int], Kept]:
    """Return what was written for some briefs, by the brief's hash and its bucket.

    Args:
        connection: Within any transaction.
        run_id: The run.
        variant: Its variant; None without an experiment.
        hashes: Of the briefs.
    """
    rows = connection.execute(
        select(copies.c.brief_hash, copies.c.bucket, copies.c.content).where(
            copies.c.run_id == run_id,
            copies.c.variant == (variant or ""),
            copies.c.brief_hash.in_(sorted(hashes)),
        )
    )
    return {(row.brief_hash, row.bucket): row.content for row in rows}


def keep_copies(
    connection: Connection,
    run_id: int,
    variant: str | None,
    written: Iterable[tuple[str, int, Kept]],
    *,
    now: int,
) -> None:
    """Keep copies; of one that somebody else has written meanwhile, the first stays.

    Args:
        connection: Within a transaction that writes.
        run_id: The run.
        variant: Its variant.
        written: Hash of the brief, bucket, and what was written for it.
        now: The moment, in UTC milliseconds.
    """
    rows = [
        (run_id, variant or "", brief_hash, bucket, dump_json(content), now)
        for brief_hash, bucket, content in written
    ]
    columns = ("run_id", "variant", "brief_hash", "bucket", "content", "created_at")
    insert_rows(connection, copies, columns, rows)


def read_last_fields(
    connection: Connection, recipients: Collection[int], *, but_run: int | None
) -> dict[int, dict[str, str]]:
    """Return the fields of the copy that each person got last, slots unfilled.

    Args:
        connection: Within any transaction.
        recipients: Whose.
        but_run: A run that is left out: the one that is being written for.
    """
    last = (
        select(func.max(messages.c.id))
        .where(
            messages.c.recipient.in_(sorted(recipients)),
            messages.c.state == "sent",
            messages.c.content.is_not(None),
            *([] if but_run is None else [messages.c.run_id != but_run]),
        )
        .group_by(messages.c.recipient)
    )
    rows = connection.execute(
        select(messages.c.recipient, messages.c.content).where(messages.c.id.in_(last))
    )
    found: dict[int, dict[str, str]] = {}
    for recipient, content in rows:
        fields = read_json(content).get("fields") if content else None
        if fields:
            found[recipient] = dict(sorted(fields.items()))
    return found
