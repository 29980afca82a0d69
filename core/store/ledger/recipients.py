"""Reads who a message is for: names and addresses, which meet the copy when slots are filled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from ..bulk import select_rows
from ..tables import addresses, customers, standings

TRACKING = "tracking"
"""The channel of a consent to being measured; it is said for the address that is written to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A recipient.

    Attributes:
        id: Her id.
        names: Identity by slot: `first_name`, `last_name`, `full_name`, as far as it is known.
        language: BCP 47 tag, or None.
        time_zone: IANA name, or None.
        address_ids: The ids of her addresses by field: `email`, `phone`.
    """

    id: int
    names: Mapping[str, str]
    language: str | None
    time_zone: str | None
    address_ids: Mapping[str, int | None]


def read_people(connection: Connection, ids: Iterable[int]) -> dict[int, Person]:
    """Return the people with these customer ids; erased ones are left out."""
    columns = (
        "id", "first_name", "last_name", "language", "time_zone", "email_id", "phone_id",
    )  # fmt: skip
    rows = select_rows(connection, customers, columns, "id", set(ids), where="erased_at IS NULL")
    return {
        row[0]: Person(
            id=row[0],
            names=_name(*row[1:3]),
            language=row[3],
            time_zone=row[4],
            address_ids={"email": row[5], "phone": row[6]},
        )
        for row in rows
    }


def read_addresses(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Return the normalised address of each id; one that nobody has any more is left out."""
    rows = select_rows(connection, addresses, ("id", "address"), "id", set(ids))
    return {id: address for id, address in rows if address is not None}


def read_tracked(
    connection: Connection, address_ids: Iterable[int], *, needs_consent: bool
) -> set[int]:
    """Return those of some addresses whose owners let us count opens and clicks.

    Args:
        connection: Within any transaction.
        address_ids: Ours of the addresses.
        needs_consent: Whether she must have said yes; else it is enough that she did not say no.
    """
    wanted = set(address_ids)
    said = select_rows(
        connection, standings, ("address_id", "is_given"), "address_id", wanted,
        where=f"channel = '{TRACKING}'",
    )  # fmt: skip
    allowed = {address for address, is_given in said if is_given}
    refused = {address for address, is_given in said if not is_given}
    return allowed if needs_consent else wanted - refused


def _name(first: str | None, last: str | None) -> dict[str, str]:
    names = {"first_name": first, "last_name": last}
    if first or last:
        names["full_name"] = " ".join(part for part in (first, last) if part)
    return {slot: name for slot, name in names.items() if name}
