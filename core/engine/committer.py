"""Commits marks and receipts of one dispatch in groups, each group in one durable transaction."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from ..store.engine import Store
from ..store.ledger.history import ATTEMPT, SENT, add_history
from ..store.ledger.marks import Marking, find_marked, settle_messages
from ..store.ledger.runs import reopen_run
from ..store.patience import AWAY, DatabaseAway, Patience
from .crash_points import reach

MOST_ROWS = 500
"""Rows of one transaction at most: well under half a second on SQLite."""


@dataclass(slots=True)
class _Request:
    row: Sequence[Any]
    now: int
    is_mark: bool
    history: dict[str, Any] | None = None
    future: Future[bool] = field(default_factory=Future)


class Closed(Exception):
    """The dispatch is over: nothing is marked or stored any more."""


class Committer:
    """Takes marks and receipts from any thread, and commits what has come meanwhile together.

    Args:
        store: An open store.
        marking: What marks the messages of this dispatch.
        notes_sent: Whether to note what left, for whoever is told of it.

    Attributes:
        failure: Why marks or receipts could not be stored; None when all could.
    """

    def __init__(self, store: Store, marking: Marking, *, notes_sent: bool = False) -> None:
        self._store = store
        self._notes_sent = notes_sent
        self._marking = marking
        self._waiting: list[_Request] = []
        self._changed = threading.Condition()
        self._closed = False
        self.failure: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="committer", daemon=True)
        self._thread.start()

    def mark(self, row: Sequence[Any], now: int) -> Future[bool]:
        """Mark a message; the answer says whether it may be sent, once that is durable.

        Raises:
            Closed: It is too late for that.
        """
        return self._ask(_Request(row, now, is_mark=True))

    def settle(
        self, row: Sequence[Any], now: int, history: dict[str, Any] | None = None
    ) -> Future[bool]:
        """Store the receipt of a message; the answer says whether it was still ours.

        Raises:
            Closed: It is too late for that.
        """
        return self._ask(_Request(row, now, is_mark=False, history=history))

    def close(self) -> None:
        """Commit what is waiting, and stop."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _ask(self, request: _Request) -> Future[bool]:
        with self._changed:
            if self._closed:
                raise Closed
            self._waiting.append(request)
            self._changed.notify()
        return request.future

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if not self._waiting:
                    return
                taken = self._waiting[:MOST_ROWS]
                del self._waiting[:MOST_ROWS]
            # Who waited for a mark may have been cancelled meanwhile; then nothing is marked.
            group = [one for one in taken if one.future.set_running_or_notify_cancel()]
            if group:
                self._commit(group)

    def _commit(self, group: list[_Request]) -> None:
        """Commit a group; a database that is away for a moment is waited for."""
        patience = Patience(self._store.patience_seconds)
        while True:
            try:
                answers = self._write(group, is_again=patience.has_failed)
            except AWAY as error:
                try:
                    patience.wait(error)
                except DatabaseAway as away:
                    self._refuse(group, away)
                    return
            except BaseException as error:
                self._refuse(group, error)
                return
            else:
                reach("marked" if any(request.is_mark for request in group) else "settled")
                for request, answer in zip(group, answers, strict=True):
                    request.future.set_result(answer)
                return

    def _refuse(self, group: list[_Request], error: BaseException) -> None:
        self.failure = error
        for request in group:
            request.future.set_exception(error)

    def _write(self, group: list[_Request], *, is_again: bool) -> list[bool]:
        receipts = [request for request in group if not request.is_mark]
        marks = [request for request in group if request.is_mark]
        now = max(request.now for request in group)
        with self._store.begin() as connection:
            done: set[int] = set()
            if receipts:
                done.update(self._settle(connection, receipts, now))
                reach("receipt_stored")
            rows = [request.row for request in marks]
            if rows and is_again:
                # The commit may have been made and only its answer lost: nothing was sent since.
                made = find_marked(connection, self._marking.token, [row[0] for row in rows])
                done |= made
                rows = [row for row in rows if row[0] not in made]
            if rows:
                done |= self._marking.mark(connection, rows, now)
                reach("mark_stored")
        return [request.row[0] in done for request in group]

    def _settle(self, connection: Connection, receipts: list[_Request], now: int) -> list[int]:
        moved = settle_messages(
            connection, self._marking.token, [request.row for request in receipts]
        )
        notes = {
            request.row[0]: request.history for request in receipts if request.history is not None
        }
        add_history(connection, ATTEMPT, now, [(id, notes[id]) for id in moved if id in notes])
        if self._notes_sent:
            left = {request.row[0] for request in receipts if request.row[1] == "sent"}
            add_history(connection, SENT, now, [(id, {}) for id in moved if id in left])
        if any(request.row[1] == "ready" for request in receipts):
            # One of them may have been unknown, and its run be closed by now.
            reopen_run(connection, self._marking.rules.run_id)
        return moved
