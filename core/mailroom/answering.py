"""Answers the mails that were taken: the reply becomes the message that waited for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from ..answering.answerer import Answerer
from ..answering.asked import Asked
from ..answering.keeping import keep_reply, read_replies
from ..answering.knowledge import Knowledge
from ..engine.answers import dump_thread
from ..engine.crash_points import reach
from ..engine.engine import LOG, Engine
from ..engine.runs import Run
from ..enquiry import Article, Handoff, Reply
from ..errors import PluginError
from ..logs import find_place
from ..message import Thread
from ..policy.objections import ASKED_FOR
from ..recipe.models import RespondBlock
from ..store.bulk import lock_writers
from ..store.consent import find_suppression
from ..store.ledger import evidence, standing
from ..store.ledger.recipients import read_addresses
from ..store.ledger.standing import TakenRow
from ..store.ledger.states import HANDOFF
from ..store.reading import StoredView, from_moment
from ..store.writers.address_book import AddressBook
from ..stored_inbox import StoreInbox
from .taking import CHANNEL
from .wording import Asker, choose_acknowledgement, write_handoff, write_subject

AT_ONCE = 16
"""So many mails are answered together: a model answers a few faster than one by one."""


@dataclass(slots=True)
class Tally:
    """What came of answering.

    Attributes:
        answered: Mails whose reply is on its way.
        handed_off: Mails that a person answers.
        unsubscribed: Those of either whose sender gets no more messages.
    """

    answered: int = 0
    handed_off: int = 0
    unsubscribed: int = 0

    def add(self, other: Tally) -> None:
        """Add what came of other mails."""
        self.answered += other.answered
        self.handed_off += other.handed_off
        self.unsubscribed += other.unsubscribed


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A mail that waits for its reply, with its question."""

    row: TakenRow
    asked: Asked
    enquiry_id: int
    mail: dict[str, Any] = field(default_factory=dict)


def answer_waiting(
    engine: Engine, run: Run, *, should_stop: Callable[[], bool] | None = None
) -> Tally:
    """Answer every mail that waits; what is answered may leave, and nothing is sent here.

    Args:
        engine: The engine.
        run: The standing run.
        should_stop: Asked before each few of them.

    Raises:
        EnvironmentMissing: Something that the responder needs is not there; they go on waiting.
    """
    tally = Tally()
    answerer: Answerer | None = None
    while should_stop is None or not should_stop():
        token = engine.owner.make_token()
        try:
            with engine.store.begin() as connection:
                rows = standing.take_unanswered(
                    connection, run.id, engine.owner, token, most=AT_ONCE
                )
            if not rows:
                return tally
            answerer = answerer or Answerer(engine, run.campaign, seed=run.seed)
            tally.add(_answer(engine, run, answerer, rows))
        finally:
            with engine.store.begin() as connection:
                standing.leave_unanswered(connection, token)
            engine.owner.drop_token(token)
    return tally


def _answer(engine: Engine, run: Run, answerer: Answerer, rows: Sequence[TakenRow]) -> Tally:
    waiting = _describe(engine, rows)
    _ask(engine, answerer, waiting)
    reach("reply_kept")
    with engine.store.read() as connection:
        replies = read_replies(connection, [one.enquiry_id for one in waiting])
    articles = Knowledge(StoredView(engine.store, engine.clock).articles())
    tally = Tally()
    for one in waiting:
        tally.add(_settle(engine, run, one, replies[one.enquiry_id], articles))
        reach("answer_settled")
    known = {one.row.id for one in waiting}
    for row in rows:
        if row.id not in known:
            with engine.store.begin() as connection:
                standing.settle_answer(
                    connection, row.id, "skipped", reason="no_address", content=None,
                    now=engine.now,
                )  # fmt: skip
    return tally


def _describe(engine: Engine, rows: Sequence[TakenRow]) -> list[_Waiting]:
    """Return the mails with their questions; those that were erased are left out."""
    with engine.store.read() as connection:
        enquiries = standing.read_enquiries(connection, [row.entry for row in rows])
        places = [row.address_id for row in rows if row.address_id is not None]
        addresses = read_addresses(connection, places)
    found = []
    for row in rows:
        enquiry, address = enquiries.get(row.entry), addresses.get(row.address_id or 0)
        if enquiry is None or address is None or not row.content:
            continue
        mail = dict(row.content["mail"])
        asked = Asked(
            text=enquiry.text,
            key=enquiry.key,
            source=enquiry.source,
            at=from_moment(enquiry.at),
            customer_id=enquiry.customer_id,
            language=enquiry.language,
            conversation_id=enquiry.conversation,
            subject=mail.get("subject") or None,
            address=address,
        )
        found.append(_Waiting(row, asked, enquiry.id, mail))
    return found


def _ask(engine: Engine, answerer: Answerer, waiting: Sequence[_Waiting]) -> None:
    """Have them all answered; one on which the responder fails is for a person."""
    try:
        answerer.answer([one.asked for one in waiting])
    except PluginError as error:
        if len(waiting) > 1:
            for one in waiting:
                _ask(engine, answerer, [one])
            return
        [failed] = waiting
        LOG.error(
            "the responder failed on a mail: %s", error.message,
            extra={"enquiry": failed.enquiry_id, "where": find_place(error.__cause__)},
        )  # fmt: skip
        handoff = Handoff(reason="failed", summary="The responder failed on this mail.")
        reply = Reply(text=None, confidence=0.0, handoff=handoff)
        with engine.store.begin() as connection:
            keep_reply(
                connection, failed.enquiry_id, reply, Knowledge(()),
                plugin=answerer.plugin, now=engine.now,
            )  # fmt: skip


def _settle(engine: Engine, run: Run, one: _Waiting, reply: Reply, articles: Knowledge) -> Tally:
    """Make the message of a reply; that of a person's as well, where one takes over."""
    respond = run.campaign.recipe.respond or RespondBlock()
    if reply.unsubscribes:
        _withdraw(engine, one)
    content: dict[str, Any] = {"mail": one.mail}
    thread = Thread(
        message_id=one.mail.get("message_id", ""),
        references=tuple(one.mail.get("references", ())),
    )
    text = reply.text
    if text is None:
        language = reply.language or one.asked.language
        text = choose_acknowledgement(respond.acknowledge, language)
    if text is not None:
        subject = write_subject(one.asked.subject or "", reply.language)
        content |= {
            "fields": {"subject": subject, "body": text},
            "language": reply.language,
            "thread": dump_thread(
                replace(thread, asks=reply.text is not None and not reply.unsubscribes)
            ),
        }
    with engine.store.begin() as connection:
        lock_writers(connection, "customers")
        is_refused = _is_refused(engine, connection, one)
        is_settled = standing.settle_answer(
            connection, one.row.id, "skipped" if text is None else "ready",
            reason="handoff" if text is None else None, content=content, now=engine.now,
        )  # fmt: skip
        if not is_settled:
            return Tally()
        if respond.handoff is not None and (reply.text is None or is_refused):
            _hand_off(engine, connection, run, one, reply, articles, thread, respond.handoff)
    is_answered = reply.text is not None and not is_refused
    return Tally(
        answered=int(is_answered),
        handed_off=int(not is_answered),
        unsubscribed=int(reply.unsubscribes),
    )


def _hand_off(
    engine: Engine,
    connection: Connection,
    run: Run,
    one: _Waiting,
    reply: Reply,
    articles: Knowledge,
    thread: Thread,
    address: str,
) -> None:
    place = (CHANNEL, address)
    address_id = AddressBook(connection, engine.store.hasher, [place]).ids[place]
    asker = Asker(address=one.asked.address or "", customer_id=one.asked.customer_id)
    ids = reply.handoff.candidates if reply.handoff is not None else reply.articles
    language = reply.language or one.asked.language
    found = [articles.find(id, language) for id in ids]
    candidates: list[Article] = [article for article in found if article is not None]
    own = Thread(
        message_id=thread.message_id,
        references=thread.references,
        reply_to=asker.address,
        is_internal=True,
    )
    standing.add_answer(
        connection,
        run.id,
        recipient=-address_id,
        step=HANDOFF,
        entry=one.row.entry,
        address_id=address_id,
        channel=CHANNEL,
        state="ready",
        content={
            "fields": write_handoff(
                reply, one.asked.text, one.asked.subject or "", asker, candidates
            ),
            "thread": dump_thread(own),
        },
        now=engine.now,
    )


def _is_refused(engine: Engine, connection: Connection, one: _Waiting) -> bool:
    """Whether nothing may be sent to her address, not even an answer."""
    assert one.asked.address is not None
    reason = find_suppression(connection, engine.store.hasher, CHANNEL, one.asked.address)
    return reason is not None and reason != ASKED_FOR


def _withdraw(engine: Engine, one: _Waiting) -> None:
    """Write no more to the address whose message she answered, where it is another one."""
    about = one.mail.get("about")
    if about is None:
        return
    with engine.store.read() as connection:
        sent = evidence.read_message(connection, about)
    if sent is None or sent.address_id in (None, one.row.address_id):
        return
    inbox = StoreInbox(engine.store, source=one.asked.source, clock=engine.clock)
    inbox.withdraw_consent(about)
    inbox.close()
