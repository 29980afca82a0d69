"""Keeps and counts what people answered to a message's question whether they are satisfied."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from ...satisfaction import KIND, Answer
from ..bulk import insert_rows
from ..rows import dump_json
from ..tables import enquiries, events, message_events, messages, replies
from ..writers.events import COLUMNS
from ..writers.writer import mark_stale
from .evidence import prove_sent, read_message
from .states import REPLY


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCount:
    """How many people gave an answer.

    Attributes:
        answer: Which, from 1: the least satisfied.
        of: Of how many.
        label: In words, as the message had it.
        count: How many; of whoever answered a message twice, the last answer counts.
    """

    answer: int
    of: int
    label: str
    count: int


def keep_answer(connection: Connection, answer: Answer, *, at: int, source: str) -> bool:
    """Keep an answer, with the message and as an event of hers.

    Args:
        connection: A transaction that writes.
        answer: What she said.
        at: When, in UTC milliseconds.
        source: Who tells.

    Returns:
        False when there is no such message.
    """
    row = read_message(connection, answer.message_id)
    if row is None:
        return False
    said = {"answer": answer.number, "of": len(answer.labels), "label": answer.label}
    key = f"{source}:{KIND}:{row.id}:{secrets.token_hex(8)}"
    insert_rows(
        connection, message_events,
        ("message_id", "kind", "at", "source", "data", "provider_event_id"),
        [(row.id, KIND, at, source, dump_json(said), key)],
    )  # fmt: skip
    if row.recipient > 0 and row.address_id is not None:  # else nobody is known any more
        facts = dump_json({"message": row.id, **said})
        values = (key, row.recipient, None, KIND, at, 1, None, None, None, source, facts)
        insert_rows(connection, events, COLUMNS, [values])
        mark_stale(connection, {row.recipient})
    prove_sent(connection, {row.id}, at, KIND)
    _judge_reply(connection, answer, at)
    return True


def _judge_reply(connection: Connection, answer: Answer, at: int) -> None:
    """Keep with the reply that a message was whether it helped: the best answer says so."""
    asked = select(enquiries.c.id).join(
        messages, (messages.c.entry == enquiries.c.key) & (messages.c.step == REPLY)
    )
    connection.execute(
        update(replies)
        .where(replies.c.enquiry_id.in_(asked.where(messages.c.id == answer.message_id)))
        .values(is_helpful=answer.number == len(answer.labels), judged_at=at)
    )


def count_answers(connection: Connection, run_id: int) -> list[AnswerCount]:
    """Return how often each answer was given to the messages of a run, the least satisfied first.

    Args:
        connection: Within any transaction.
        run_id: The run.
    """
    found = connection.execute(
        select(message_events.c.message_id, message_events.c.data)
        .join(messages, messages.c.id == message_events.c.message_id)
        .where(message_events.c.kind == KIND, messages.c.run_id == run_id)
        .order_by(message_events.c.at, message_events.c.id)
    )
    last = {message_id: data for message_id, data in found if data}
    counted = Counter((data["of"], data["answer"], data["label"]) for data in last.values())
    return [
        AnswerCount(answer=answer, of=of, label=label, count=count)
        for (of, answer, label), count in sorted(counted.items())
    ]
