"""The inbox over the store: keeps what came from outside, durable when a call returns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .clock import Clock, SystemClock
from .errors import DataError
from .event import Event
from .links import SignedLinks
from .message import Receipt
from .money import to_minor
from .returns import find_returned, keep_return
from .store.bulk import insert_rows, lock_writers, select_rows
from .store.engine import Store
from .store.ledger import evidence
from .store.ledger.runs import reopen_run
from .store.profiles import refresh_profiles
from .store.reading import to_moment
from .store.rows import dump_json
from .store.tables import addresses, customers, events, suppressions
from .store.writers.address_book import renew_suppressions
from .store.writers.events import COLUMNS, escape_key
from .store.writers.withdrawals import WITHDRAWING, record_withdrawals
from .store.writers.writer import mark_stale
from .web.returning import Noted, Returned, SoftLimit, Trace

if TYPE_CHECKING:
    from sqlalchemy import Connection


MESSAGE_KEY = re.compile(r"(\d{1,18})-(-?\d{1,18})(?:-(\d{1,18}))?", re.ASCII)
"""Run and recipient; of a run that writes to somebody more than once, the message as well."""


class StoreInbox:
    """An `Inbox` over the store.

    Args:
        store: An open store.
        source: Who tells: a plugin's name, kept with whatever is recorded.
        signs: What leads from a return to its message; without it, only an address does.
        clock: Says when.
    """

    def __init__(
        self,
        store: Store,
        *,
        source: str,
        signs: SignedLinks | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._store = store
        self._source = source
        self._signs = signs
        self._clock = clock or SystemClock()
        self._has_news = False

    def record_event(self, event: Event) -> bool:
        """See `Inbox.record_event`.

        Raises:
            TypeError: It is not an event.
            ValueError: Its moment has no time zone, or it has a value without a currency.
        """
        if not isinstance(event, Event):
            raise TypeError(f"an event is wanted, not a {type(event).__name__}")
        if event.at.tzinfo is None:
            raise ValueError(f"the event '{event.id}' happened at a moment without time zone")
        if event.value is not None and event.currency is None:
            raise ValueError(f"the event '{event.id}' has a value without a currency")
        with self._store.begin() as connection:
            return self._add_event(connection, event)

    def resolve_message(self, key: str, receipt: Receipt) -> bool:
        """See `Inbox.resolve_message`.

        Raises:
            TypeError: The receipt is not one.
        """
        if not isinstance(receipt, Receipt):
            raise TypeError(f"a receipt is wanted, not a {type(receipt).__name__}")
        found = MESSAGE_KEY.fullmatch(key)
        if found is None:
            return False
        id = int(found[3]) if found[3] else None
        with self._store.begin() as connection:
            row = evidence.find_message_of(connection, int(found[1]), int(found[2]), id=id)
            if row is None:
                return False
            self._resolve(connection, row, receipt)
            return True

    def suppress_address(self, channel: str, address: str, *, reason: str) -> None:
        """See `Inbox.suppress_address`."""
        hasher = self._store.hasher
        values = (
            channel, hasher.hash_address(address), reason, self._now, self._source, hasher.key_id,
        )  # fmt: skip
        with self._store.begin() as connection:
            renew_suppressions(connection, hasher, [address])
            names = ("channel", "hash", "reason", "at", "source", "key_id")
            insert_rows(connection, suppressions, names, [values])

    def find_customer(self, address_field: str, address: str) -> int | None:
        """See `Inbox.find_customer`; of several customers with one address, the oldest."""
        if address_field not in ("email", "phone"):
            raise DataError(f"customers have no address '{address_field}'", hint="email or phone")
        hashed = self._store.hasher.hash_address(address)
        with self._store.read() as connection:
            found = select_rows(connection, addresses, ("id", "kind"), "hash", [hashed])
            ids = [row for row, kind in found if kind == address_field]
            people = select_rows(connection, customers, ("id",), f"{address_field}_id", ids)
        return min((row for (row,) in people), default=None)

    def note_return(
        self, trace: Trace, returned: Returned, *, limit: SoftLimit | None = None
    ) -> Noted:
        """See `Inbox.note_return`.

        Raises:
            ValueError: Its moment has no time zone.
        """
        if returned.at.tzinfo is None:
            raise ValueError("the return came back at a moment without time zone")
        with self._store.begin() as connection:
            if returned.kind in WITHDRAWING:
                lock_writers(connection, "customers")  # before the address, as an import does
            found = find_returned(self._store, connection, trace, self._signs)
            if found is None:
                return Noted()
            noted = keep_return(
                self._store, connection, found, returned,
                limit=limit or SoftLimit(), source=self._source, now=self._now,
            )  # fmt: skip
        self._has_news |= noted.is_new and returned.kind in WITHDRAWING
        return noted

    def withdraw_consent(self, message_id: int) -> bool:
        """Take back the consent of the address that a message went to; it holds at once.

        It does so each time: she may have said yes again since.

        Args:
            message_id: The message whose link was followed.

        Returns:
            False when there is no such message.
        """
        key = f"link:{message_id}:{self._now}"
        returned = Returned(id=key, kind="unsubscribe", at=self._clock.now())
        with self._store.begin() as connection:
            lock_writers(connection, "customers")
            row = evidence.read_message(connection, message_id)
            if row is None:
                return False
            noted = keep_return(
                self._store, connection, (row, True), returned,
                limit=SoftLimit(), source=self._source, now=self._now,
            )  # fmt: skip
        self._has_news |= noted.is_new
        return True

    def close(self) -> None:
        """Bring the profiles of everybody who was told of up to date."""
        if self._has_news:
            refresh_profiles(self._store)
            self._has_news = False

    @property
    def _now(self) -> int:
        return to_moment(self._clock.now())

    def _add_event(self, connection: Connection, event: Event) -> bool:
        value = None
        if event.value is not None and event.currency is not None:
            value = to_minor(event.value, event.currency)
        at = to_moment(event.at)
        values = (
            escape_key(event.id), event.customer_id, event.product_id, event.type, at,
            event.quantity, value, event.currency, None, event.source or self._source,
            dump_json(dict(event.properties)) if event.properties else None,
        )  # fmt: skip
        if not insert_rows(connection, events, COLUMNS, [values]):
            return False
        if event.customer_id is not None:
            mark_stale(connection, {event.customer_id})
            self._has_news = True
            if event.type in WITHDRAWING:
                record_withdrawals(self._store, connection, [(event.customer_id, event.type, at)])
        return True

    def _resolve(self, connection: Connection, row: evidence.SentRow, receipt: Receipt) -> None:
        told: dict[str, Any] = {
            "last_code": None if receipt.code is None else str(receipt.code),
            "last_error": receipt.detail or None,
        }
        if receipt.outcome == "sent":
            known = {"provider_id": receipt.provider_id} if receipt.provider_id else {}
            evidence.resolve_message(
                connection, row.id, "sent", self._now, self._source, unknowns=0, **known
            )
        elif receipt.outcome == "failed":
            evidence.resolve_message(
                connection, row.id, "failed", self._now, self._source,
                **told | {"reason": "refused", "unknowns": 0, "sent_at": None},
            )  # fmt: skip
        elif receipt.outcome == "later":
            seconds = receipt.retry_after_seconds or 0
            due_at = self._now + round(seconds * 1000)
            if evidence.resolve_message(
                connection, row.id, "ready", self._now, self._source,
                **told | {"unknowns": 0, "sent_at": None, "due_at": due_at},
            ):  # fmt: skip
                reopen_run(connection, row.run_id)
