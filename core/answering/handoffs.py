"""The enquiries that wait for a person, and those that she has answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from ..errors import DataError
from ..store.engine import Store
from ..store.reading import from_moment, to_moment
from ..store.tables import enquiries, replies


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHandoff:
    """An enquiry that a person has to answer.

    Attributes:
        enquiry: Its id.
        at: When it was asked.
        source: By which channel.
        reason: Why a person has to answer.
        text: The question.
        summary: What it is about.
        draft: A suggested reply, or None.
        candidates: Articles that might answer it.
    """

    enquiry: int
    at: datetime
    source: str
    reason: str
    text: str
    summary: str
    draft: str | None
    candidates: tuple[str, ...]


def list_open(store: Store, *, most: int) -> list[OpenHandoff]:
    """Return the enquiries that wait for a person, the oldest first.

    Args:
        store: An open store.
        most: How many at most.
    """
    query = (
        select(
            enquiries.c.id, enquiries.c.at, enquiries.c.source, enquiries.c.text,
            replies.c.handoff, replies.c.summary, replies.c.draft, replies.c.candidates,
        )
        .join(replies, replies.c.enquiry_id == enquiries.c.id)
        .where(
            replies.c.handoff.is_not(None),
            replies.c.closed_at.is_(None),
            enquiries.c.text.is_not(None),
        )
        .order_by(enquiries.c.at, enquiries.c.id)
        .limit(most)
    )  # fmt: skip
    with store.read() as connection:
        return [
            OpenHandoff(
                enquiry=row.id,
                at=from_moment(row.at),
                source=row.source,
                reason=row.handoff,
                text=row.text,
                summary=row.summary or "",
                draft=row.draft,
                candidates=tuple(row.candidates),
            )
            for row in connection.execute(query)
        ]


def close_handoffs(
    store: Store, enquiry_ids: Sequence[int], *, intent: str | None, now: datetime
) -> int:
    """Note that a person has answered enquiries, and what was wanted.

    Args:
        store: An open store.
        enquiry_ids: Which.
        intent: What was wanted; None leaves it open.
        now: When.

    Returns:
        How many were not closed before.

    Raises:
        DataError: One of them was not handed to a person; nothing is closed then.
    """
    with store.begin() as connection:
        handed = set(
            connection.scalars(
                select(replies.c.enquiry_id).where(
                    replies.c.enquiry_id.in_(enquiry_ids), replies.c.handoff.is_not(None)
                )
            )
        )
        others = [one for one in enquiry_ids if one not in handed]
        if others:
            raise DataError(
                f"no person has to answer {', '.join(map(str, others))}",
                hint="'ballyhoo faq review' lists the enquiries that wait, each with its number",
            )
        if intent is not None:
            connection.execute(
                update(enquiries).where(enquiries.c.id.in_(enquiry_ids)).values(intent=intent)
            )
        done = connection.execute(
            update(replies)
            .where(replies.c.enquiry_id.in_(enquiry_ids), replies.c.closed_at.is_(None))
            .values(closed_at=to_moment(now))
        )
    return int(done.rowcount)
