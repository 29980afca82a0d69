"""Decides from a dated history whether an address may be written to on a channel.

Everybody who has the address has a voice, and the stricter one wins: the channel is open when
each of those who ever said something about it said yes last. What was said for the address itself
(an unsubscribe link, a complaint; customer 0) counts for everybody; she who says yes again later
has her voice back. Of two words of one moment, the no counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable

from sqlalchemy import Connection

from .bulk import insert_rows, select_rows
from .secrets import AddressHasher
from .tables import consents, standings, suppressions

OF_EMAIL = frozenset({"email", "tracking"})
"""Channels that hang on the e-mail address; every other one hangs on the phone."""

Pair = tuple[int, str]
"""An address, by our id, and a channel."""

Said = tuple[int, int, bool]
"""Customer (0 for the address itself), moment in UTC milliseconds, whether it was a yes."""

ADDRESS_ITSELF = 0
UNDATED = 0
"""The moment of a yes without a date: earlier than everything that has one."""


def decide_standing(history: Iterable[Said]) -> tuple[bool, int]:
    """Return whether a channel is open, and since when.

    Args:
        history: What was said about one address and channel, in any order; not empty.
    """
    latest: dict[int, tuple[int, bool]] = {}
    for customer, at, is_given in history:
        # A tuple with the no on top: of equals in time it is the greater one.
        if customer not in latest or (at, not is_given) > (
            latest[customer][0],
            not latest[customer][1],
        ):
            latest[customer] = (at, is_given)
    itself = latest.pop(ADDRESS_ITSELF, None)
    voices = list(latest.values()) or ([itself] if itself is not None else [])
    if itself is not None:
        voices = [max(voice, itself, key=lambda said: (said[0], not said[1])) for voice in voices]
    is_given = all(given for _, given in voices)
    return is_given, max(at for at, given in voices if given == is_given)


def read_histories(connection: Connection, addresses: Iterable[int]) -> dict[Pair, set[Said]]:
    """Return everything that was said about addresses."""
    columns = ("address_id", "channel", "customer_id", "at", "is_given")
    histories: dict[Pair, set[Said]] = defaultdict(set)
    for address, channel, customer, at, is_given in select_rows(
        connection, consents, columns, "address_id", set(addresses)
    ):
        histories[address, channel].add((customer, at, bool(is_given)))
    return histories


def store_standings(
    connection: Connection,
    decided: dict[Pair, tuple[bool, int]],
    *,
    made: Container[int] = (),
) -> None:
    """Write what was decided for addresses and channels.

    Args:
        connection: Within a transaction that writes.
        decided: By address and channel: whether it is open, and since when.
        made: Addresses of whom nothing was known before this transaction.
    """
    rows = [(*pair, *standing) for pair, standing in sorted(decided.items())]
    for are_new in (True, False):
        insert_rows(
            connection,
            standings,
            ("address_id", "channel", "is_given", "since"),
            [row for row in rows if (row[0] in made) is are_new],
            on_conflict=(
                "(address_id, channel) DO UPDATE "
                "SET is_given = excluded.is_given, since = excluded.since"
            ),
            are_new=are_new,
        )


def store_words(
    connection: Connection,
    words: list[tuple[int, str, int, int, bool, str | None]],
    *,
    source: str,
    now: int,
    made: Container[int] = (),
) -> None:
    """Add to the history: address, channel, customer, moment, yes or no, and where.

    Args:
        connection: Within a transaction that writes.
        words: What was said; what is in the history already changes nothing.
        source: Who told us.
        now: When.
        made: Addresses of whom nothing was known before this transaction.
    """
    columns = (
        "address_id", "channel", "customer_id", "at", "is_given", "place", "source", "recorded_at",
    )  # fmt: skip
    rows = [(*word, source, now) for word in words]
    for are_new in (True, False):
        told = [row for row in rows if (row[0] in made) is are_new]
        insert_rows(connection, consents, columns, told, are_new=are_new)


def is_suppressed(
    connection: Connection, hasher: AddressHasher, channel: str, address: str
) -> bool:
    """Whether an address must not be written to on a channel, also by what an old key hashed.

    Args:
        connection: Within a transaction.
        hasher: Of the store.
        channel: The channel's name.
        address: Normalised; it need not be known.
    """
    return find_suppression(connection, hasher, channel, address) is not None


def find_suppression(
    connection: Connection, hasher: AddressHasher, channel: str, address: str
) -> str | None:
    """Return why an address must not be written to; None when it may. See `is_suppressed`."""
    hashes = [one.hash_address(address) for one in (hasher, *hasher.old)]
    found = select_rows(connection, suppressions, ("channel", "reason"), "hash", hashes)
    return next((reason for one, reason in found if one == channel), None)
