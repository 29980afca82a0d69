"""Keeps what people chose for themselves, and finds it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, select, update

from .bulk import insert_rows, select_rows
from .tables import addresses, customers, declined_topics, preferences, standings, suppressions

COLUMNS = ("paused_until", "cap_messages", "cap_ms", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What somebody chose.

    Attributes:
        declined: The topics that she does not want.
        paused_until: Nothing is sent before, UTC milliseconds; None without a pause.
        cap_messages: At most so many messages; None where she leaves that to the shop.
        cap_ms: In so long.
        language: BCP 47 tag; None where she did not choose.
    """

    declined: frozenset[str] = field(default=frozenset())
    paused_until: int | None = None
    cap_messages: int | None = None
    cap_ms: int | None = None
    language: str | None = None


def name_person(recipient: int, address_id: int | None) -> tuple[int, ...]:
    """Return under which numbers somebody's choices are kept, her address first.

    Args:
        recipient: As in the ledger: the customer's id, or the negative id of her address.
        address_id: The address that she was written to at; None when it was erased.
    """
    keys = (*(() if address_id is None else (-address_id,)), recipient)
    return tuple(dict.fromkeys(keys))


def read_preferences(connection: Connection, person: tuple[int, ...]) -> Preferences:
    """Return what somebody chose, by the first of her numbers under which there is anything."""
    found = {
        row.person: row
        for row in connection.execute(select(preferences).where(preferences.c.person.in_(person)))
    }
    known = next((found[key] for key in person if key in found), None)
    if known is None:
        return Preferences()
    topics = select(declined_topics.c.topic).where(declined_topics.c.person == known.person)
    return Preferences(
        declined=frozenset(connection.execute(topics).scalars()),
        **{name: getattr(known, name) for name in COLUMNS},
    )


def write_preferences(
    connection: Connection, person: tuple[int, ...], chosen: Preferences, *, now: int
) -> None:
    """Keep what somebody chose, under each of her numbers.

    Args:
        connection: A transaction that holds the lock of the writers of customers, and of her
            address.
        person: What `name_person` returned.
        chosen: All of her choices.
        now: The moment, in UTC milliseconds.
    """
    insert_rows(
        connection, preferences, ("person", *COLUMNS, "changed_at"),
        [(key, *(getattr(chosen, name) for name in COLUMNS), now) for key in person],
        on_conflict="(person) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in (*COLUMNS, "changed_at")),
    )  # fmt: skip
    connection.execute(delete(declined_topics).where(declined_topics.c.person.in_(person)))
    rows = [(key, topic) for key in person for topic in sorted(chosen.declined)]
    insert_rows(connection, declined_topics, ("person", "topic"), rows)
    if chosen.language is not None:
        hers = customers.c.id.in_([key for key in person if key > 0])
        connection.execute(update(customers).where(hers).values(language=chosen.language))


def forget_preferences(connection: Connection, person: int) -> None:
    """Remove what is kept under one number."""
    for table in (preferences, declined_topics):
        connection.execute(delete(table).where(table.c.person == person))


def read_languages(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Return the languages that customers chose themselves, of those who did."""
    found = select_rows(connection, preferences, ("person", "language"), "person", ids)
    return {person: language for person, language in found if language is not None}


def is_open(connection: Connection, address_id: int | None, channel: str) -> bool:
    """Whether an address is written to on a channel at all, by consent and suppression."""
    given = select(standings.c.is_given).where(
        standings.c.address_id == address_id, standings.c.channel == channel
    )
    blocked = (
        select(suppressions.c.hash)
        .select_from(addresses.join(suppressions, suppressions.c.hash == addresses.c.hash))
        .where(addresses.c.id == address_id, suppressions.c.channel == channel)
    )
    return (
        connection.execute(given).scalar() is True and connection.execute(blocked).first() is None
    )
