"""Counts the people of a run in one pass: by arm, wave, fate and hour, with their past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, exists, select, text

from .deeds import ASSIGNED, find_begins
from .ledger.parameters import dump_ids
from .summing import Groups, gather_by_grouping, gather_in_sqlite
from .tables import stale_profiles

HOUR_MS = 3_600_000
PEOPLE_AT_ONCE = 5_000
LATEST = 1_000
"""So many of the latest purchases say in which currency a shop sells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRow:
    """People of a run who have all this in common.

    Attributes:
        wave: Their wave.
        variant: Their variant; None without any, or while their wave waits.
        state: Of their messages.
        reason: Why, when the state needs one.
        is_assigned: Whether they are analysed: held out, or of an arm.
        hour: In which hour their messages left, in hours since 1970; None when they did not.
        people: How many they are.
        first_at: When the first of them was planned, in UTC milliseconds.
        past: What those analysed spent before their orders began to count, in minor units of one
            currency, together.
        past_squares: The sum of the squares of the same.
    """

    wave: int
    variant: str | None
    state: str
    reason: str | None
    is_assigned: bool
    hour: int | None
    people: int
    first_at: int
    past: float
    past_squares: float

    @property
    def last_at(self) -> int:
        """When the last of them was written to, by the end of the hour, or planned."""
        return self.first_at if self.hour is None else (self.hour + 1) * HOUR_MS

    @property
    def is_held_out(self) -> bool:
        """Whether they are of the holdout."""
        return self.state == "skipped" and self.reason == "holdout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The people of a run, counted.

    Attributes:
        rows: By all that they have in common.
        domains: How many messages to each domain are in each state, those skipped left out; empty
            when nobody asked. The domain "" is one that is not known any more, or there is none.
    """

    rows: tuple[PeopleRow, ...]
    domains: Mapping[tuple[str, str], int]


def count_people(
    connection: Connection,
    run_id: int,
    *,
    opened: Mapping[int, int],
    currency: str | None,
    by_domain: bool = False,
) -> Counted:
    """Count the people of a run, in one pass.

    Args:
        connection: Within a transaction that reads.
        run_id: The run.
        opened: When each wave was opened, by its number, in UTC milliseconds.
        currency: Of their past; None leaves it out.
        by_domain: Whether messages are counted by domain too.
    """
    past, joined, domain = "0", "", "NULL"
    if currency is not None:
        past = _select_past(connection, opened)
        joined = "LEFT JOIN profiles p ON p.customer_id = m.recipient "
    if by_domain:
        domain = f"CASE WHEN m.state <> 'skipped' THEN {find_domain(connection)} END"
        joined += "LEFT JOIN addresses a ON a.id = m.address_id"
    people = (
        "SELECT m.wave AS wave, m.variant AS variant, m.state AS state, m.reason AS reason, "
        f"CASE WHEN {ASSIGNED} THEN 1 ELSE 0 END AS assigned, "
        f"CASE WHEN m.state = 'sent' THEN m.sent_at / {HOUR_MS} END AS hour, "
        f"{domain} AS domain, m.created_at AS created_at, "
        f"CASE WHEN {ASSIGNED} THEN CAST({past} AS double precision) END AS past "
        f"FROM messages m {joined} WHERE m.run_id = :run"
    )
    is_sqlite = connection.dialect.name == "sqlite"
    gather = gather_in_sqlite if is_sqlite else gather_by_grouping
    groups, domains = gather(connection, people, _name(run_id, currency))
    counted: Counter[tuple[str, str]] = Counter()
    for (name, state), count in domains.items():
        if by_domain and state != "skipped":
            counted[(name or "").lower(), state] += count
    return Counted(rows=tuple(_name_groups(groups)), domains=counted)


def find_domain(connection: Connection) -> str:
    """Return the domain of an address `a` as SQL; None when there is no address any more."""
    at = (
        "instr(a.address, '@')" if connection.dialect.name == "sqlite" else "strpos(a.address, '@')"
    )
    return f"CASE WHEN {at} > 0 THEN substr(a.address, {at} + 1) END"


def _name_groups(groups: Groups) -> Iterator[PeopleRow]:
    for key, (people, first_at, past, squares) in groups.items():
        yield PeopleRow(
            wave=key[0], variant=key[1], state=key[2], reason=key[3], is_assigned=bool(key[4]),
            hour=key[5], people=people, first_at=first_at, past=float(past),
            past_squares=float(squares),
        )  # fmt: skip


def read_past(
    connection: Connection,
    run_id: int,
    customers: Collection[int],
    *,
    opened: Mapping[int, int],
    currency: str,
) -> Iterator[tuple[int, float]]:
    """Yield what some people of a run spent before, as `count_people` sums it; theirs once each."""
    wanted = sorted(customers)
    ids = (
        "m.recipient IN (SELECT value FROM json_each(:ids))"
        if connection.dialect.name == "sqlite"
        else "m.recipient = ANY(CAST(translate(:ids, '[]', '{}') AS bigint[]))"
    )
    found = text(
        f"SELECT m.recipient, CAST({_select_past(connection, opened)} AS double precision) "
        "FROM messages m LEFT JOIN profiles p ON p.customer_id = m.recipient "
        f"WHERE m.run_id = :run AND {ids}"
    )
    for start in range(0, len(wanted), PEOPLE_AT_ONCE):
        some = dump_ids(wanted[start : start + PEOPLE_AT_ONCE])
        for recipient, past in connection.execute(found, {**_name(run_id, currency), "ids": some}):
            yield recipient, float(past)


def find_latest_purchases(connection: Connection) -> tuple[str | None, int | None]:
    """Return in which currency the shop sells of late, and when the latest order was that is known.

    Returns:
        The currency, and UTC milliseconds; None of a shop without orders.
    """
    found = text(
        "SELECT currency, max(at), count(*) FROM (SELECT currency, at FROM events "
        "WHERE type = 'purchase' ORDER BY at DESC LIMIT :latest) AS latest "
        "GROUP BY currency ORDER BY count(*) DESC, currency"
    )
    rows = connection.execute(found, {"latest": LATEST}).all()
    currency = next((row[0] for row in rows if row[0] is not None), None)
    return currency, max((row[1] for row in rows), default=None)


def _select_past(connection: Connection, opened: Mapping[int, int]) -> str:
    """Return what somebody spent before, as SQL.

    Her profile says it, unless she has ordered or sent something back since, or it is in another
    currency, or older than her events; then it is added up. What she was written cannot have
    changed it, which is all that comparing by it rests on.
    """
    begins = find_begins(opened)
    added_up = (
        "coalesce((SELECT sum(CASE b.type WHEN 'purchase' THEN b.value ELSE -b.value END) "
        "FROM events b WHERE b.customer_id = m.recipient AND b.type IN ('purchase', 'return') "
        f"AND b.at < {begins} AND b.currency = :currency), 0)"
    )
    came_back = (
        "EXISTS (SELECT 1 FROM events r WHERE r.customer_id = m.recipient AND r.type = 'return' "
        f"AND r.at >= {begins})"
    )
    stale = ""
    if connection.execute(select(exists(select(stale_profiles.c.customer_id)))).scalar_one():
        stale = (
            "WHEN EXISTS (SELECT 1 FROM stale_profiles s WHERE s.customer_id = m.recipient) "
            f"THEN {added_up} "
        )
    return (
        f"CASE {stale}WHEN p.customer_id IS NULL OR p.currency IS NULL THEN 0 "
        f"WHEN p.last_order_at >= {begins} OR p.currency <> :currency "
        f"OR (p.returned_pieces > 0 AND {came_back}) THEN {added_up} ELSE p.total_spent END"
    )


def _name(run_id: int, currency: str | None) -> dict[str, Any]:
    return {"run": run_id} if currency is None else {"run": run_id, "currency": currency}
