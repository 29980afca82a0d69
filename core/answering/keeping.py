"""Keeps enquiries and their replies: each enquiry once, each with one reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from ..enquiry import Handoff, Reply
from ..satisfaction import KIND as SATISFACTION
from ..store.bulk import insert_rows, read_json, select_rows
from ..store.reading import to_moment
from ..store.rows import dump_json
from ..store.tables import enquiries, events, replies
from ..store.writers.events import COLUMNS as EVENT_COLUMNS
from ..store.writers.writer import mark_stale
from .asked import Asked
from .knowledge import Knowledge

COLUMNS = ("key", "customer_id", "conversation", "text", "language", "at", "source")
REPLY_COLUMNS = (
    "enquiry_id", "at", "text", "articles", "intent", "confidence", "language", "handoff",
    "summary", "draft", "candidates", "plugin", "details",
)  # fmt: skip


def keep_enquiries(connection: Connection, asked: Sequence[Asked]) -> dict[str, int]:
    """Keep questions that are not there yet, and return the id of each by its key."""
    values = [
        (one.key, one.customer_id, one.conversation_id, _tidy(one.text), one.language,
         to_moment(one.at), one.source)
        for one in asked
    ]  # fmt: skip
    insert_rows(connection, enquiries, COLUMNS, values)
    happened = [
        (f"#enquiry/{one.key}", one.customer_id, None, "enquiry", to_moment(one.at), 1, None,
         None, None, one.source, None)
        for one in asked
        if one.customer_id is not None
    ]  # fmt: skip
    if happened:
        insert_rows(connection, events, EVENT_COLUMNS, happened)
        mark_stale(connection, {row[1] for row in happened})
    keys = {one.key for one in asked}
    return dict(select_rows(connection, enquiries, ("key", "id"), "key", keys))


def keep_reply(
    connection: Connection,
    enquiry_id: int,
    reply: Reply,
    articles: Knowledge,
    *,
    plugin: str,
    now: int,
) -> bool:
    """Keep the reply to an enquiry; False when it has one already.

    Args:
        connection: A transaction that writes.
        enquiry_id: What it answers.
        reply: The reply, slots filled.
        articles: The knowledge base as it was read.
        plugin: Who answered.
        now: UTC milliseconds.
    """
    handoff = reply.handoff
    found = [(one, articles.find(one, reply.language)) for one in reply.articles]
    rested = [[one, article.language, article.version] for one, article in found if article]
    text = None if reply.text is None else _tidy(reply.text)
    values = (
        enquiry_id, now, text, dump_json(rested), reply.intent, float(reply.confidence),
        reply.language, handoff.reason if handoff else None, handoff.summary if handoff else None,
        handoff.draft if handoff else None,
        dump_json(list(handoff.candidates) if handoff else []), plugin,
        dump_json({**reply.details, "unsubscribes": reply.unsubscribes}),
    )  # fmt: skip
    return bool(insert_rows(connection, replies, REPLY_COLUMNS, [values]))


def read_replies(connection: Connection, enquiry_ids: Sequence[int]) -> dict[int, Reply]:
    """Return the kept reply of each enquiry that has one."""
    found = select_rows(connection, replies, REPLY_COLUMNS, "enquiry_id", set(enquiry_ids))
    return {row[0]: _make_reply(row) for row in found}


def judge_reply(connection: Connection, enquiry_id: int, *, is_helpful: bool, now: int) -> bool:
    """Keep whether a reply helped, and tell it as an event of whoever asked.

    Args:
        connection: A transaction that writes.
        enquiry_id: What was answered.
        is_helpful: What is said of the reply; of two words the last one counts.
        now: UTC milliseconds.

    Returns:
        False when there is no such reply.
    """
    done = connection.execute(
        update(replies)
        .where(replies.c.enquiry_id == enquiry_id)
        .values(is_helpful=is_helpful, judged_at=now)
    )
    if not done.rowcount:
        return False
    asked = connection.execute(select(enquiries).where(enquiries.c.id == enquiry_id)).one()
    said = {"enquiry": enquiry_id, "answer": 1 + is_helpful, "of": 2}
    key = f"#judged/{enquiry_id}/{now}/{int(is_helpful)}"
    row = (key, asked.customer_id, None, SATISFACTION, now, 1, None, None, None, asked.source,
           dump_json(said))  # fmt: skip
    insert_rows(connection, events, EVENT_COLUMNS, [row])
    if asked.customer_id is not None:
        mark_stale(connection, {asked.customer_id})
    return True


def _make_reply(row: Sequence[Any]) -> Reply:
    (_, _, text, rested, intent, confidence, language, reason, summary, draft, candidates, _,
     details) = row  # fmt: skip
    rested, candidates, details = (read_json(one) for one in (rested, candidates, details))
    handoff = None
    if reason is not None:
        handoff = Handoff(
            reason=reason, summary=summary or "", draft=draft, candidates=tuple(candidates)
        )
    return Reply(
        text=text,
        confidence=confidence,
        articles=tuple(key for key, *_ in rested),
        intent=intent,
        handoff=handoff,
        language=language,
        unsubscribes=bool(details.pop("unsubscribes", False)),
        details=details,
    )


def _tidy(text: str) -> str:
    """Return a text without what PostgreSQL or UTF-8 cannot hold."""
    return text.replace("\x00", " ").encode("utf-8", "replace").decode()
