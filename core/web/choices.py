"""Reads what somebody chose, and keeps what she chooses now: it holds before the next mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from ..policy.rules import to_milliseconds
from ..preference_settings import Frequency
from ..store.audit import record_audit
from ..store.bulk import lock_writers
from ..store.ledger.evidence import SentRow, lock_address, read_message
from ..store.preferences import (
    Preferences,
    is_open,
    name_person,
    read_preferences,
    write_preferences,
)
from ..store.rights import erase_recipient
from ..store.tables import customers

if TYPE_CHECKING:
    from .service import Service

PAUSE = timedelta(days=30)
ACTOR = "web"
ANY = ""
"""The frequency of those who leave it to the shop."""

Step = Literal["save", "pause", "resume", "leave"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """Whoever got a message, and what she chose.

    Attributes:
        row: The message.
        is_erased: Whether nothing is known of her any more.
        is_left: Whether she is written to no more on the message's channel.
        language: BCP 47 tag of her language; None when it is not known.
        chosen: Her choices.
    """

    row: SentRow
    is_erased: bool
    is_left: bool
    language: str | None
    chosen: Preferences


def find_chooser(service: Service, message_id: int) -> Chooser | None:
    """Return whoever got a message; None when there is no such message."""
    with service.store.read() as connection:
        row = read_message(connection, message_id)
        if row is None:
            return None
        hers = select(customers.c.language, customers.c.erased_at).where(
            customers.c.id == row.recipient
        )
        customer = connection.execute(hers).first()
        chosen = read_preferences(connection, name_person(row.recipient, row.address_id))
        known = None if customer is None else customer.language
        return Chooser(
            row=row,
            is_erased=row.address_id is None
            or (customer is not None and customer.erased_at is not None),
            is_left=not is_open(connection, row.address_id, row.channel),
            language=chosen.language or known,
            chosen=chosen,
        )


def choose(
    service: Service, message_id: int, step: Step, given: Mapping[str, Sequence[str]]
) -> None:
    """Do what a button of the page says.

    Args:
        service: The service.
        message_id: Whose page it is: whoever got this message.
        step: Which button.
        given: What stands in the form.

    Raises:
        ValueError: The form holds what the page does not offer.
    """
    if step == "leave":
        inbox = service.open_inbox()
        inbox.withdraw_consent(message_id)
        inbox.close()
        return
    now = service.now
    with service.store.begin() as connection:
        lock_writers(connection, "customers")  # before the address, as an import does
        row = read_message(connection, message_id)
        if row is None or row.address_id is None:
            return
        lock_address(connection, row.address_id)
        person = name_person(row.recipient, row.address_id)
        before = read_preferences(connection, person)
        after = _change(service, before, step, given, now)
        write_preferences(connection, person, after, now=now)
        changed = [
            one for one in Preferences.__slots__ if getattr(before, one) != getattr(after, one)
        ]
        record_audit(
            connection, "preferences.change", str(row.recipient), actor=ACTOR,
            details={"message": message_id, "changed": changed},
        )  # fmt: skip


def erase(service: Service, message_id: int) -> None:
    """Erase whoever got a message, as `ballyhoo customer erase` does."""
    with service.store.read() as connection:
        row = read_message(connection, message_id)
    if row is not None:
        erase_recipient(service.store, row.recipient, actor=ACTOR)


def find_frequency(chosen: Preferences) -> Frequency | None:
    """Return the frequency that somebody chose; None where she leaves it to the shop."""
    if chosen.cap_messages is None or chosen.cap_ms is None:
        return None
    return Frequency(messages=chosen.cap_messages, per=timedelta(milliseconds=chosen.cap_ms))


def list_languages(service: Service, known: str | None) -> list[str]:
    """Return the languages to choose from: those of the settings or the pages, and her own."""
    from .page_words import WORDS

    offered = list(service.settings.preferences.languages) or list(WORDS)
    if known is not None and known not in offered and known.partition("-")[0] not in offered:
        offered.append(known)
    return offered


def _change(
    service: Service,
    before: Preferences,
    step: Step,
    given: Mapping[str, Sequence[str]],
    now: int,
) -> Preferences:
    if step == "pause":
        return replace(before, paused_until=now + to_milliseconds(PAUSE))
    if step == "resume":
        return replace(before, paused_until=None)
    offered = service.settings.preferences
    # Topics that the shop added since the page was opened are not hers to decline yet.
    shown = {name for name in given.get("shown", ()) if name in offered.topics}
    declined = (before.declined - shown) | (shown - set(given.get("topic", ())))
    after = replace(before, declined=frozenset(declined))
    often = next(iter(given.get("often", ())), None)
    if often == ANY:
        after = replace(after, cap_messages=None, cap_ms=None)
    elif often is not None and often != str(find_frequency(before)):
        wanted = {str(one): one for one in offered.list_frequencies()}.get(often)
        if wanted is None:
            raise ValueError("this frequency is not offered")
        after = replace(after, cap_messages=wanted.messages, cap_ms=to_milliseconds(wanted.per))
    language = next(iter(given.get("language", ())), None)
    if language is not None:
        if language not in list_languages(service, before.language):
            raise ValueError("this language is not offered")
        after = replace(after, language=language)
    return after
