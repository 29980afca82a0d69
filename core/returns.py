"""Finds the message that something came back for, and draws what follows for its address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .links import SignedLinks, make_reference
from .store.bulk import insert_rows
from .store.engine import Store
from .store.ledger import evidence
from .store.reading import to_moment
from .store.tables import events
from .store.writers.events import COLUMNS
from .store.writers.withdrawals import WITHDRAWING, suppress_ids, withdraw_addresses
from .store.writers.writer import mark_stale
from .tokens import BadToken
from .web.returning import Noted, Returned, SoftLimit, Trace

if TYPE_CHECKING:
    from sqlalchemy import Connection

DAY = 86_400_000

Found = tuple[evidence.SentRow, bool]
"""A message, and whether a sign of ours led to it."""


def find_returned(
    store: Store, connection: Connection, trace: Trace, signs: SignedLinks | None
) -> Found | None:
    """Return the message that something came back for; None when it is none of ours.

    What we signed comes first: the token of its return path, then its reference, which only fits
    the message that it was made for. An address leads to the newest message that left for it.
    """
    row = None if signs is None else find_sent(store, connection, trace, signs)
    if row is not None:
        return row, True
    for hashed in _hash_addresses(store, trace):
        row = evidence.find_message_to(connection, hashed)
        if row is not None:
            return row, False
    return None


def find_sent(
    store: Store, connection: Connection, trace: Trace, signs: SignedLinks
) -> evidence.SentRow | None:
    """Return the message that a sign of ours leads to; None when none does."""
    for token in trace.tokens:
        try:
            row = evidence.read_message(connection, signs.tokens.read_return_path(token))
        except BadToken:
            continue
        if row is not None:
            return row
    hashes = _hash_addresses(store, trace)
    for reference, run_id in trace.references:
        for hashed in hashes:
            for one in evidence.find_messages_to(connection, hashed, run_id):
                if make_reference(signs.reference_key, one.id) == reference:
                    return one
    return None


def _hash_addresses(store: Store, trace: Trace) -> list[str]:
    return [store.hasher.hash_address(address) for address in trace.normalise_addresses()]


def keep_return(
    store: Store,
    connection: Connection,
    found: Found,
    returned: Returned,
    *,
    limit: SoftLimit,
    source: str,
    now: int,
) -> Noted:
    """Keep what came back, and what follows from it, in one transaction.

    Args:
        store: The store, for its key.
        connection: Its transaction; of a complaint or unsubscribe it holds the writers' lock.
        found: The message, and whether a sign of ours led to it.
        returned: What came back.
        limit: How often an address may fail for a time.
        source: Who tells.
        now: The moment, in UTC milliseconds.
    """
    row, is_proven = found
    evidence.lock_address(connection, row.address_id)
    at = to_moment(returned.at)
    if not (row.sent_at or 0) <= at <= now:
        at = now  # nothing comes back before it left: that server's clock is wrong
    # Whoever knows an address can write a report about it.
    is_permanent = returned.is_permanent and is_proven
    facts: dict[str, Any] = {
        "status": returned.status, "reason": returned.reason, "detail": returned.detail,
    }  # fmt: skip
    if returned.kind == "bounce":
        facts["is_permanent"] = is_permanent
    key = f"{source}:{returned.id}"
    if not evidence.add_return(
        connection, row.id, returned.kind, at, source=source, key=key, facts=facts
    ):
        return Noted(message_id=row.id, is_proven=is_proven)
    if is_proven:
        evidence.resolve_message(connection, row.id, "sent", now, returned.kind)
    is_suppressed = False
    if row.address_id is not None:
        since = {row.address_id: at}
        if returned.kind in WITHDRAWING:
            _tell_event(connection, row, returned, key, at, source)
            withdraw_addresses(
                store, connection, [(row.address_id, returned.kind, at)],
                channel=row.channel, source=source,
            )  # fmt: skip
            is_suppressed = True
        elif returned.kind == "bounce" and (is_permanent or _is_over(connection, row, limit, now)):
            suppress_ids(store, connection, row.channel, since, reason="bounce", source=source)
            is_suppressed = True
    return Noted(message_id=row.id, is_new=True, is_suppressed=is_suppressed, is_proven=is_proven)


def _is_over(connection: Connection, row: evidence.SentRow, limit: SoftLimit, now: int) -> bool:
    if not limit.messages or row.address_id is None:
        return False
    since = now - limit.days * DAY
    failed = evidence.count_soft_bounces(connection, row.address_id, row.channel, since)
    return failed >= limit.messages


def _tell_event(
    connection: Connection,
    row: evidence.SentRow,
    returned: Returned,
    key: str,
    at: int,
    source: str,
) -> None:
    if row.recipient <= 0:
        return  # a bare address is no customer
    values = (key, row.recipient, None, returned.kind, at, 1, None, None, None, source, None)
    if insert_rows(connection, events, COLUMNS, [values]):
        mark_stale(connection, {row.recipient})
