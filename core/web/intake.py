"""Stores the events that shops tell, those of many requests in one durable transaction."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from ..store.engine import Store
from ..store.patience import AWAY, DatabaseAway, Patience
from ..store.profiles import refresh_profiles
from ..store.rows import EventRow
from ..store.writers.events import EventWriter
from .recorder import MOST_WAITING, Overloaded

MOST_ROWS = 2_000
SOURCE = "web"

REFRESH_SECONDS = 5.0
"""How old roll-ups may be; a campaign that is planned brings them up to date as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of the events of one request.

    Attributes:
        stored: How many are in the store now; one that was told before counts too.
        rejected: Item, field and reason of those that could not be: who or what is not known.
    """

    stored: int
    rejected: tuple[tuple[int, str | None, str], ...]


@dataclass(slots=True)
class _Request:
    rows: Sequence[EventRow]
    future: Future[Taken] = field(default_factory=Future)


class Intake:
    """Takes batches of events from any thread, and commits what has come meanwhile together.

    Args:
        store: An open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._writer = EventWriter(store, source=SOURCE)
        self._waiting: list[_Request] = []
        self._count = 0
        self._changed = threading.Condition()
        self._is_closed = False
        self._has_news = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("intake", self._work), ("roll-ups", self._refresh))
        ]
        for one in self._threads:
            one.start()

    def take(self, rows: Sequence[EventRow]) -> Future[Taken]:
        """Store events; they are durable when the answer is there.

        Raises:
            Overloaded: Too much waits already, or the intake was closed.
        """
        request = _Request(rows)
        with self._changed:
            if self._is_closed or self._count + len(rows) > MOST_WAITING:
                raise Overloaded("more comes than the database takes", hint="ask again later")
            self._waiting.append(request)
            self._count += len(rows)
            self._changed.notify_all()
        return request.future

    def close(self) -> None:
        """Commit what is waiting, and stop."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        for one in self._threads:
            one.join()

    def _work(self) -> None:
        while (taken := self._next()) is not None:
            group = [one for one in taken if one.future.set_running_or_notify_cancel()]
            if group:
                self._commit(group)

    def _next(self) -> list[_Request] | None:
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            if not self._waiting:
                return None
            taken: list[_Request] = []
            size = 0
            while self._waiting and (not taken or size + len(self._waiting[0].rows) <= MOST_ROWS):
                one = self._waiting.pop(0)
                taken.append(one)
                size += len(one.rows)
            self._count -= size
            return taken

    def _commit(self, group: list[_Request]) -> None:
        patience = Patience(self._store.patience_seconds)
        while True:
            try:
                answers = self._write(group)
            except AWAY as error:
                try:
                    patience.wait(error)
                except DatabaseAway as away:
                    return _refuse(group, away)
            except BaseException as error:
                return _refuse(group, error)
            else:
                for one, answer in zip(group, answers, strict=True):
                    one.future.set_result(answer)
                self._has_news.set()
                return None

    def _write(self, group: list[_Request]) -> list[Taken]:
        rows = [row for one in group for row in one.rows]
        with self._store.begin() as connection:
            counts = self._writer.write_chunk(connection, list(enumerate(rows)))
        answers: list[Taken] = []
        start = 0
        for one in group:
            end = start + len(one.rows)
            rejected = tuple(
                (bad.row - start, bad.field, bad.reason)
                for bad in counts.rejected
                if start <= bad.row < end
            )
            answers.append(Taken(stored=len(one.rows) - len(rejected), rejected=rejected))
            start = end
        return answers

    def _refresh(self) -> None:
        while not self._is_closed:
            with self._changed:
                self._changed.wait_for(lambda: self._is_closed, timeout=REFRESH_SECONDS)
            if self._has_news.is_set():
                self._has_news.clear()
                try:
                    refresh_profiles(self._store)
                except AWAY:
                    self._has_news.set()


def _refuse(group: list[_Request], error: BaseException) -> None:
    for one in group:
        one.future.set_exception(error)
