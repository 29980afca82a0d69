"""Rings: tells workers, through the broker, that a run has something for them; never what."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kombu.exceptions import OperationalError

from ballyhoo.core.engine.sweeping import Due
from ballyhoo.core.errors import EnvironmentMissing

from .configuration import TASKS

if TYPE_CHECKING:
    from celery import Celery
    from kombu import Connection

SILENT_SECONDS = 5.0
"""How long a broker that did not answer is not asked again, so that work goes on without it."""

IMPATIENCE_SECONDS = 3
"""How long somebody at a terminal waits for the broker, each time it is asked."""


class BrokerMissing(EnvironmentMissing):
    """The broker cannot be reached; nothing is lost, workers only hear of it later."""


class Bells:
    """The bells of one broker.

    How often is rung: a look at the length of a queue comes first, and where as many rings wait
    as there are runs to ring for, none is added. So a queue holds at most twice as many rings as
    there are open runs, however often the ledger is swept, and the rings that wait are of all
    runs: when some are missing, each run gets one.

    Args:
        app: The Celery app.
    """

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._missing: tuple[float, BrokerMissing] | None = None

    def ring(self, task: str, run_id: int) -> None:
        """Ring for a run, whoever hears it.

        Raises:
            BrokerMissing: The broker does not answer.
        """
        with explain_missing(self._app):
            self._app.tasks[task].apply_async((run_id,))

    def ring_due(self, dues: Iterable[Due]) -> None:
        """Ring for what is due of some runs, the most urgent first, where rings are missing.

        Raises:
            BrokerMissing: The broker does not answer.
        """
        wanted: dict[str, list[int]] = {}
        for due in dues:
            for task in list_tasks(due):
                wanted.setdefault(task, []).append(due.run_id)
        for task, runs in wanted.items():
            self.ring_missing(task, runs)

    def ring_missing(self, task: str, runs: Sequence[int]) -> None:
        """Ring for some runs, unless so many rings wait already.

        Raises:
            BrokerMissing: The broker does not answer.
        """
        if self._missing is not None and time.monotonic() < self._missing[0]:
            raise self._missing[1]
        try:
            if self.count_waiting(TASKS[task]) < len(runs):
                for run_id in runs:
                    self.ring(task, run_id)
        except BrokerMissing as error:
            self._missing = (time.monotonic() + SILENT_SECONDS, error)
            raise

    def count_waiting(self, queue: str) -> int:
        """Return how many rings of a queue no worker has taken yet.

        Raises:
            BrokerMissing: The broker does not answer.
        """

        def count(channel: Any) -> int:
            declared = channel.queue_declare(queue, durable=True, auto_delete=False)
            return int(declared.message_count)

        with explain_missing(self._app), self._app.pool.acquire(block=True) as connection:
            counted, _ = connection.autoretry(count, max_retries=1)()
            return int(counted)


def list_tasks(due: Due) -> list[str]:
    """Return the tasks that a run is to be rung for."""
    if due.is_planning:
        return ["ballyhoo.plan"]
    tasks = []
    if due.is_standing:
        tasks = ["ballyhoo.answer"] if due.has_planned else []
        return [*tasks, "ballyhoo.deliver"] if due.is_due else tasks
    if due.has_wave:
        tasks.append("ballyhoo.plan")
    if due.has_planned:
        tasks.append("ballyhoo.prepare")
    if due.is_due:
        tasks.append("ballyhoo.deliver")
    return tasks


def ask_broker(app: Celery) -> None:
    """Return when the broker answers.

    Raises:
        BrokerMissing: It does not, within seconds.
    """
    with open_impatient(app):
        pass


@contextmanager
def open_impatient(app: Celery) -> Iterator[Connection]:
    """Open a connection to the broker for somebody at a terminal, who is told within seconds.

    Raises:
        BrokerMissing: The broker does not answer.
    """
    known = app.conf.broker_transport_options
    times = ("socket_timeout", "socket_connect_timeout")
    connection = app.connection_for_write(
        connect_timeout=IMPATIENCE_SECONDS,
        transport_options={name: IMPATIENCE_SECONDS for name in times if name in known},
    )
    with explain_missing(app), connection:
        connection.default_channel  # noqa: B018  asks whether somebody is there
        yield connection


@contextmanager
def explain_missing(app: Celery) -> Iterator[None]:
    """Say in words when the broker fails within the block.

    Raises:
        BrokerMissing: It did.
    """
    connection = app.connection_for_write()
    try:
        yield
    except (
        OperationalError, *connection.connection_errors, *connection.channel_errors
    ) as error:  # fmt: skip
        at = urlsplit(connection.as_uri())
        where = f"{at.scheme}://{at.hostname or at.path}{f':{at.port}' if at.port else ''}"
        lines = str(error).strip().splitlines()
        raise BrokerMissing(
            f"the broker {where} cannot be used: {lines[0] if lines else type(error).__name__}",
            hint="look at broker_url in ballyhoo.toml, or BALLYHOO_BROKER_URL; is it running?",
        ) from error
