"""Reads how the messages of a run arrived by domain, and what stands in some of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from random import Random
from typing import Any

from sqlalchemy import Connection, func, select, text

from .bulk import read_json
from .ledger.parameters import dump_ids, list_ids
from .people import find_domain
from .tables import copies, messages, product_texts, products

MESSAGES_AT_ONCE = 5_000


def count_harm(connection: Connection, run_id: int) -> dict[tuple[str, str], int]:
    """Count the messages of a run that came back or were called spam, by domain and kind."""
    found = text(
        f"SELECT {find_domain(connection)} AS domain, h.kind, count(DISTINCT h.message_id) "
        "FROM message_events h CROSS JOIN messages m LEFT JOIN addresses a ON a.id = m.address_id "
        "WHERE h.kind IN ('bounce', 'complaint') AND m.id = h.message_id AND m.run_id = :run "
        "GROUP BY 1, 2"
    )
    counted: Counter[tuple[str, str]] = Counter()
    for domain, kind, count in connection.execute(found, {"run": run_id}):
        counted[(domain or "").lower(), kind] += count
    return counted


def read_some_contents(
    connection: Connection, run_id: int, *, most: int, seed: int
) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """Yield variant and content of some messages of a run that have any, drawn by lot.

    Args:
        connection: Within a transaction that reads.
        run_id: The run.
        most: So many of its messages are looked at; all of them when it has no more.
        seed: Of the draw.
    """
    own = messages.c.run_id == run_id
    first, last, count = connection.execute(
        select(func.min(messages.c.id), func.max(messages.c.id), func.count()).where(own)
    ).one()
    found = select(messages.c.variant, messages.c.content).where(
        own, messages.c.content.is_not(None)
    )
    parameters = {}
    if count > most:
        # Ids of one run are next to each other but for those of runs that were planned meanwhile.
        wanted = min(last - first + 1, most * (last - first + 1) // count)
        # The run is told in a form that no index serves: else SQLite goes through all of it.
        found = (
            select(messages.c.variant, messages.c.content)
            .where(messages.c.run_id + 0 == run_id, messages.c.content.is_not(None))
            .where(messages.c.id.in_(list_ids(connection.dialect.name)))
        )
        parameters = {"ids": dump_ids(Random(seed).sample(range(first, last + 1), wanted))}
    for variant, content in connection.execute(found, parameters):
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
