"""Takes a mail: its question and the row of its reply are kept in one transaction, once."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection

from ..answering.asked import Asked
from ..answering.keeping import keep_enquiries
from ..engine.crash_points import reach
from ..engine.engine import Engine
from ..errors import BallyhooError
from ..links import PREFERENCES, UNSUBSCRIBE, SignedLinks, make_links
from ..returns import find_sent
from ..store.bulk import lock_writers
from ..store.ledger import evidence, standing
from ..store.ledger.states import REPLY
from ..store.writers.address_book import AddressBook
from ..tokens import BadToken
from .received import ReceivedMail, Taken

CHANNEL = "email"
DAY_MS = 86_400_000
MOST_SUBJECT_CHARS = 200
MOST_REFERENCES = 20
"""So many are kept of a long conversation: the first, and the last ones."""


def take_mail(
    engine: Engine, run_id: int, inbox: str, mail: ReceivedMail, *, most_a_day: int
) -> Taken:
    """Keep a mail and the row of its reply, durable when it returns.

    Args:
        engine: The engine.
        run_id: The standing run of the inbox.
        inbox: The inbox's name.
        mail: The mail.
        most_a_day: So many mails of one address are answered within a day.

    Raises:
        BallyhooError: The run was cancelled meanwhile.
    """
    store, now = engine.store, engine.now
    signs = make_links(engine.settings)
    with store.begin() as connection:
        # One at a time: of two that read the same mail, one finds it taken.
        lock_writers(connection, "customers")
        if standing.has_answer(connection, mail.key):
            return "known"
        place = (CHANNEL, mail.sender)
        address_id = AddressBook(connection, store.hasher, [place]).ids[place]
        customer = None
        if mail.is_proved:
            customer = standing.find_address_owner(connection, address_id)
        # Who forges her address uses up nothing of hers.
        recipient = -address_id if customer is None else customer
        if standing.count_answers_to(connection, recipient, now - DAY_MS) >= most_a_day:
            return "loop"
        about = _find_about(engine, connection, mail, signs)
        asked = Asked(
            text=mail.text or mail.subject,
            key=mail.key,
            source=f"mail:{inbox}",
            at=mail.at,
            customer_id=customer,
            conversation_id=_name_conversation(connection, mail, about, address_id),
        )
        keep_enquiries(connection, [asked])
        added = standing.add_answer(
            connection,
            run_id,
            recipient=recipient,
            step=REPLY,
            entry=mail.key,
            address_id=address_id,
            channel=CHANNEL,
            state="planned",
            content={"mail": _describe(mail, about)},
            now=now,
        )
        if not added:
            raise BallyhooError(
                f"run {run_id}, which answers this inbox, was cancelled meanwhile",
                hint="run it again: it starts another",
            )
    reach("mail_taken")
    return "new"


def _describe(mail: ReceivedMail, about: evidence.SentRow | None) -> dict[str, object]:
    known = mail.references
    if len(known) > MOST_REFERENCES:
        known = (known[0], *known[1 - MOST_REFERENCES :])
    return {
        "subject": mail.subject[:MOST_SUBJECT_CHARS],
        "message_id": mail.message_id,
        "references": list(known),
        "about": None if about is None else about.id,
    }


def _find_about(
    engine: Engine, connection: Connection, mail: ReceivedMail, signs: SignedLinks
) -> evidence.SentRow | None:
    """Return the message of ours that a mail answers; None when it answers none."""
    found = find_sent(engine.store, connection, mail.trace, signs)
    if found is not None:
        return found
    for token in mail.links:
        for purpose in (UNSUBSCRIBE, PREFERENCES):
            try:
                number = signs.tokens.read_link(purpose, token)
            except BadToken:
                continue
            found = evidence.read_message(connection, number)
            if found is not None:
                return found
    return None


def _name_conversation(
    connection: Connection, mail: ReceivedMail, about: evidence.SentRow | None, address_id: int
) -> str:
    """Return the id of the conversation: that of what it answers, else one of the thread's root.

    The address is in it: whoever learns a Message-ID of somebody else's reads nothing by it.
    """
    if about is not None:
        earlier = standing.find_enquiry_of(connection, about.id)
        if earlier is not None and earlier[1] == address_id:
            return earlier[0]
    root = mail.references[0] if mail.references else mail.message_id or mail.key
    told = f"{root}\x1f{mail.sender}"
    return f"mail:{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:32]}"
