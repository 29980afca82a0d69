"""Reads how the messages of a run arrived by domain, and what stands in some of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text

from .bulk import read_json
from .ledger.parameters import dump_ids, list_ids
from .tables import copies, messages, product_texts, products

MESSAGES_AT_ONCE = 5_000
STRIDE, PRIME = 48_271, 2_147_483_647
"""What spreads ids (Park and Miller, 1988), so that what comes in turns is met in fair parts."""

UNKNOWN_DOMAIN = ""
"""Of addresses that were erased, and of channels without domains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRow:
    """How many messages to a domain are in a state, or came back in a way."""

    domain: str
    what: str
    count: int


def count_domains(connection: Connection, run_id: int) -> list[DomainRow]:
    """Count messages by the domain of their address and their state, bounces and complaints too.

    Who was skipped is left out.
    """
    at = (
        "instr(a.address, '@')" if connection.dialect.name == "sqlite" else "strpos(a.address, '@')"
    )
    domain = f"CASE WHEN {at} > 0 THEN lower(substr(a.address, {at} + 1)) ELSE '' END"
    states = text(
        f"SELECT {domain} AS domain, m.state, count(*) FROM messages m "
        "LEFT JOIN addresses a ON a.id = m.address_id "
        "WHERE m.run_id = :run AND m.state <> 'skipped' GROUP BY 1, 2"
    )
    harm = text(
        f"SELECT {domain} AS domain, h.kind, count(DISTINCT h.message_id) FROM message_events h "
        "CROSS JOIN messages m LEFT JOIN addresses a ON a.id = m.address_id "
        "WHERE h.kind IN ('bounce', 'complaint') AND m.id = h.message_id AND m.run_id = :run "
        "GROUP BY 1, 2"
    )
    counted: dict[tuple[str, str], int] = defaultdict(int)
    for statement in (states, harm):
        for name, what, count in connection.execute(statement, {"run": run_id}):
            counted[name or UNKNOWN_DOMAIN, what] += count
    return [
        DomainRow(domain=name, what=what, count=count) for (name, what), count in counted.items()
    ]


def read_some_contents(
    connection: Connection, run_id: int, *, step: int
) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Yield variant and content of every so-many-th message of a run that has any.

    Args:
        connection: Within a transaction that reads.
        run_id: The run.
        step: One of how many; 1 for all of them.
    """
    found = select(messages.c.variant, messages.c.content).where(
        messages.c.run_id == run_id, messages.c.content.is_not(None)
    )
    if step > 1:
        found = found.where(messages.c.id * STRIDE % PRIME % step == 0)
    for variant, content in connection.execute(found):
        yield variant, read_json(content)


def read_contents(
    connection: Connection, message_ids: Collection[int]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield id and content of some messages that have any."""
    wanted = sorted(message_ids)
    found = select(messages.c.id, messages.c.content).where(
        messages.c.id.in_(list_ids(connection.dialect.name)), messages.c.content.is_not(None)
    )
    for start in range(0, len(wanted), MESSAGES_AT_ONCE):
        some = dump_ids(wanted[start : start + MESSAGES_AT_ONCE])
        for id, content in connection.execute(found, {"ids": some}):
            yield id, read_json(content)


def count_copies(connection: Connection, run_id: int) -> dict[str, int]:
    """Count the different copies of a run by variant; "" is the variant of a recipe without any."""
    found = (
        select(copies.c.variant, func.count())
        .where(copies.c.run_id == run_id)
        .group_by(copies.c.variant)
    )
    return {str(row[0]): int(row[1]) for row in connection.execute(found)}


def read_some_copies(
    connection: Connection, run_id: int, variant: str, *, most: int
) -> Iterator[dict[str, Any]]:
    """Yield copies of a variant, those with the lowest hashes, which are as good as drawn."""
    found = (
        select(copies.c.content)
        .where(copies.c.run_id == run_id, copies.c.variant == variant)
        .order_by(copies.c.brief_hash)
        .limit(most)
    )
    for (content,) in connection.execute(found):
        yield read_json(content)


def read_titles(connection: Connection, product_ids: Collection[int]) -> dict[int, str]:
    """Return what products are called: in English, else in any language, else by their sku."""
    ids = {"ids": dump_ids(sorted(product_ids))}
    wanted = list_ids(connection.dialect.name)
    named = dict(
        connection.execute(
            select(products.c.id, products.c.sku).where(products.c.id.in_(wanted)), ids
        ).all()
    )
    titled = select(product_texts.c.product_id, product_texts.c.language, product_texts.c.title)
    rows = connection.execute(titled.where(product_texts.c.product_id.in_(wanted)), ids).all()
    for id, _, title in sorted(rows, key=lambda row: (row[1] == "en", row[1])):
        named[id] = title
    return named
