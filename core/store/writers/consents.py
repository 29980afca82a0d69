"""Adds what customers said about channels to the history, without ever overriding a later no."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, select

from ..bulk import select_rows
from ..consent import (
    ADDRESS_ITSELF,
    OF_EMAIL,
    UNDATED,
    Pair,
    Said,
    decide_standing,
    read_histories,
    store_standings,
    store_words,
)
from ..tables import addresses, customers, standings, suppressions
from .address_book import AddressBook

Statement = tuple[int, int, str, bool, int | None, str | None]
"""Customer, address, channel, yes or no, moment (None without a date), and where."""


def record_statements(
    connection: Connection,
    book: AddressBook,
    statements: Collection[Statement],
    *,
    source: str,
    now: int,
) -> tuple[set[int], int]:
    """Add statements to the history of their addresses.

    A yes without a date says nothing when this customer has said something before. A no without
    a date counts from now on, unless it is a no already.

    Returns:
        The customers about whom something new was learned, and how many of the yeses leave their
        channel closed: somebody said no later, or the address is suppressed.
    """
    histories: dict[Pair, set[Said]] = defaultdict(set)
    if any(address not in book.made for _, address, *_ in statements):
        known = {address for _, address, *_ in statements if address not in book.made}
        histories.update(read_histories(connection, known))
    words = []
    learned: set[int] = set()
    touched: set[Pair] = set()
    for customer, address, channel, is_given, moment, place in statements:
        history = histories[address, channel]
        at = _date(customer, is_given, moment, history, now)
        if at is None or (customer, at, is_given) in history:
            continue
        history.add((customer, at, is_given))
        words.append((address, channel, customer, at, is_given, place))
        learned.add(customer)
        touched.add((address, channel))
    store_words(connection, words, source=source, now=now, made=book.made)
    decided = {pair: decide_standing(histories[pair]) for pair in touched}
    store_standings(connection, decided, made=book.made)
    yeses = [(address, channel) for _, address, channel, is_given, *_ in statements if is_given]
    return learned, _count_kept(connection, yeses)


def _date(
    customer: int, is_given: bool, moment: int | None, history: set[Said], now: int
) -> int | None:
    """Return the moment under which a statement counts; None when it says nothing new."""
    if moment is not None:
        return moment
    own = [said for said in history if said[0] == customer]
    if is_given:
        return None if own else UNDATED
    heard = own + [said for said in history if said[0] == ADDRESS_ITSELF]
    if heard and not max(heard, key=lambda said: (said[1], not said[2]))[2]:
        return None
    return now


def count_closed(connection: Connection, yeses: Collection[tuple[int, str]]) -> int:
    """Return how many of these customers' channels are closed all the same.

    Args:
        connection: Within any transaction.
        yeses: Customer and channel.
    """
    if not yeses:
        return 0
    columns = ("id", "email_id", "phone_id")
    wanted = {customer for customer, _ in yeses}
    address_of = {
        row[0]: row[1:] for row in select_rows(connection, customers, columns, "id", wanted)
    }
    pairs = [
        (address_of[customer][channel not in OF_EMAIL], channel) for customer, channel in yeses
    ]
    return _count_kept(connection, [pair for pair in pairs if pair[0] is not None])


def _count_kept(connection: Connection, yeses: Collection[Pair]) -> int:
    """Return how many of these addresses' channels are closed or suppressed."""
    wanted = {address for address, _ in yeses}
    where = "NOT is_given"
    columns = ("address_id", "channel")
    closed = set(select_rows(connection, standings, columns, "address_id", wanted, where=where))
    if connection.execute(select(suppressions.c.hash).limit(1)).first() is not None:
        hashes = select_rows(connection, addresses, ("hash", "id"), "id", wanted)
        owner: dict[str, int] = dict(hashes)
        found = select_rows(connection, suppressions, ("hash", "channel"), "hash", owner)
        closed |= {(owner[hashed], channel) for hashed, channel in found}
    return sum(pair in closed for pair in yeses)
