"""Tells Prometheus what the ledger says: one look at the database for each time it asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, select

from ..store.ledger.moments import DatabaseNow
from ..store.tables import message_events, messages, owners, runs

if TYPE_CHECKING:
    from sqlalchemy import Connection

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

OPEN_RUNS = ("planning", "running", "waiting", "paused")
DAY = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One measure with its samples.

    Attributes:
        name: Without `ballyhoo_`.
        kind: `gauge` or `counter`.
        help: What it is.
        samples: The value by its labels.
    """

    name: str
    kind: str
    help: str
    samples: tuple[tuple[Mapping[str, str], float], ...]


def read_metrics(connection: Connection, *, now: int) -> list[Metric]:
    """Return what there is to tell.

    Messages are those of open runs and of the last day's: a ledger of years is not counted anew
    for each look.

    Args:
        connection: A transaction that reads.
        now: The moment, in UTC milliseconds.
    """
    recent = select(runs.c.id).where(runs.c.state.in_(OPEN_RUNS) | (runs.c.finished_at > now - DAY))
    states = connection.execute(
        select(messages.c.channel, messages.c.state, func.count())
        .where(messages.c.run_id.in_(recent))
        .group_by(messages.c.channel, messages.c.state)
    ).all()
    unknown = sum(count for _, state, count in states if state == "unknown")
    due = connection.execute(
        select(func.min(messages.c.due_at)).where(
            and_(
                messages.c.run_id.in_(select(runs.c.id).where(runs.c.state == "running")),
                messages.c.state == "ready",
                messages.c.due_at <= now,
            )
        )
    ).scalar()
    by_state = connection.execute(select(runs.c.state, func.count()).group_by(runs.c.state)).all()
    happened = connection.execute(
        select(message_events.c.kind, func.count()).group_by(message_events.c.kind)
    ).all()
    beats = connection.execute(select(owners.c.queues, DatabaseNow() - owners.c.seen_at)).all()
    return [
        Metric(
            name="build_info", kind="gauge", help="The version of Ballyhoo.",
            samples=(({"version": version("ballyhoo")}, 1),),
        ),
        Metric(
            name="runs", kind="gauge", help="Runs by state.",
            samples=tuple(({"state": state}, count) for state, count in by_state),
        ),
        Metric(
            name="messages", kind="gauge",
            help="Messages of open runs and of those that ended within a day.",
            samples=tuple(
                ({"channel": channel, "state": state}, count) for channel, state, count in states
            ),
        ),
        Metric(
            name="message_unknown", kind="gauge", help="Messages that may be out, or may not.",
            samples=(({}, unknown),),
        ),
        Metric(
            name="oldest_due_seconds", kind="gauge",
            help="How long the message that is due for longest has been due.",
            samples=(({}, 0.0 if due is None else max(0.0, (now - due) / 1000)),),
        ),
        Metric(
            name="message_events_total", kind="counter",
            help="What was noted of messages: opens, clicks, bounces and more.",
            samples=tuple(({"kind": kind}, count) for kind, count in happened),
        ),
        Metric(
            name="worker_heartbeat_age_seconds", kind="gauge",
            help="How long ago a process that holds leases was heard of.",
            samples=tuple(
                ({"queues": queues, "number": str(number)}, max(0.0, age / 1000))
                for number, (queues, age) in enumerate(beats, start=1)
            ),
        ),
    ]  # fmt: skip


def write_metrics(metrics: Iterable[Metric]) -> str:
    """Return metrics in Prometheus's text format (version 0.0.4)."""
    lines: list[str] = []
    for one in metrics:
        name = f"ballyhoo_{one.name}"
        lines += [f"# HELP {name} {one.help}", f"# TYPE {name} {one.kind}"]
        for labels, value in sorted(one.samples, key=lambda sample: sorted(sample[0].items())):
            shown = ",".join(f'{key}="{_escape(text)}"' for key, text in labels.items())
            lines.append(f"{name}{{{shown}}} {value:g}" if shown else f"{name} {value:g}")
    return "\n".join(lines) + "\n"


def _escape(text: Any) -> str:
    return str(text).replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
