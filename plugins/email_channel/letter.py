"""Makes the bytes of one message: the fields of its head, its body, and the signature over both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from ballyhoo import Context, DataError, EnvironmentMissing, Message, Sender

from .dkim import Signer, make_signer
from .headers import clean_text, write_mailbox, write_raw, write_text
from .mailbox import Mailbox, read_mailbox
from .mime import write_body
from .options import EmailOptions
from .threads import write_thread

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

MESSAGE_FIELD = "X-Ballyhoo-Message"
"""Holds what the return path holds, for bounces that quote the head alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationery:
    """What all letters of one recipe have in common.

    Attributes:
        author: Who they are from.
        reply_to: Where answers go, or None.
        domain: That names them, and signs.
        return_domain: The domain that bounces come back to; None: to the author.
        signer: What signs them; None: the server does, or nobody.
    """

    author: Mailbox
    reply_to: Mailbox | None
    domain: str
    return_domain: str | None
    signer: Signer | None


def make_stationery(context: Context, options: EmailOptions) -> Stationery:
    """Return what all letters of a recipe have in common.

    Raises:
        DataError: The recipe names a sender that is not in the settings.
        EnvironmentMissing: Its DKIM key is not there, or is none.
    """
    author = read_mailbox(options.from_)
    sender = context.senders.find(options.sender)
    domain = sender.domain or author.domain
    return Stationery(
        author=author,
        reply_to=None if options.reply_to is None else read_mailbox(options.reply_to),
        domain=domain,
        return_domain=sender.return_path or None,
        signer=_find_signer(sender, domain, context.folder),
    )


def _find_signer(sender: Sender, domain: str, folder: Path) -> Signer | None:
    pem = sender.dkim_key.get_secret_value() if sender.dkim_key is not None else ""
    if not pem and sender.dkim_key_file is not None:
        try:
            pem = (folder / sender.dkim_key_file).read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise EnvironmentMissing(
                f"the DKIM key file of {domain} cannot be read: {reason}",
                hint="see senders.NAME.dkim_key_file in the settings; a machine without files "
                "takes the key itself, from BALLYHOO_SENDERS__NAME__DKIM_KEY",
            ) from None
    if not pem:
        return None
    if not sender.dkim_selector:
        raise EnvironmentMissing(
            f"the sender of {domain} has a DKIM key, but no selector",
            hint="set dkim_selector in its [senders] table: the name before ._domainkey in the DNS",
        )
    return make_signer(domain, sender.dkim_selector, pem)


def find_return_path(context: Context, stationery: Stationery, message: Message) -> str:
    """Return the envelope's sender: an address of its own for each message (VERP)."""
    if stationery.return_domain is None:
        return stationery.author.address
    return f"{context.links.return_path(message)}@{stationery.return_domain}"


def write_letter(
    context: Context, stationery: Stationery, message: Message, *, html: str, text: str
) -> bytes:
    """Return the bytes of a message, the same every time.

    Args:
        context: What the plugin may touch.
        stationery: Of the recipe.
        message: With its slots filled.
        html: Its HTML part.
        text: Its text part.

    Raises:
        DataError: Its address holds what cannot stand in one.
    """
    reference = context.links.reference(message)
    content, body = write_body(text, html, f"=_{reference}")
    try:
        head = _write_head(context, stationery, message, reference) + content
    except ValueError as error:
        raise DataError(str(error)) from None
    if stationery.signer is not None:
        signed_at = int(message.dated_at.timestamp())
        head = stationery.signer.sign(head, body, signed_at=signed_at) + head
    return head + b"\r\n" + body


def _write_head(
    context: Context, stationery: Stationery, message: Message, reference: str
) -> bytes:
    author, links = stationery.author, context.links
    campaign = name_campaign(message.campaign)
    subject = clean_text(message.fields.get("subject", ""))
    fields = [
        write_mailbox("From", author.name, author.address),
        write_mailbox("To", "", message.address),
        write_text("Subject", subject),
        write_raw("Date", _write_date(message)),
        write_raw("Message-ID", f"<{reference}.{message.run_id}@{stationery.domain}>"),
    ]
    thread = message.thread
    if thread is not None and thread.reply_to:
        fields.append(write_mailbox("Reply-To", "", thread.reply_to))
    elif stationery.reply_to is not None:
        one = stationery.reply_to
        fields.append(write_mailbox("Reply-To", one.name, one.address))
    if thread is not None:
        fields += write_thread(thread)
        fields.append(write_raw(MESSAGE_FIELD, links.return_path(message).removeprefix("b+")))
        return b"".join(fields)
    fields.append(write_raw("List-ID", f"<{campaign}.{stationery.domain}>"))
    unsubscribe = links.unsubscribe(message)
    if unsubscribe:
        fields += [
            write_raw("List-Unsubscribe", f"<{unsubscribe}>"),
            write_raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    # The last part names who sends, for Gmail's reports; the first three may be anything.
    feedback = f"{campaign}:{message.run_id}:campaign:{stationery.domain}"
    fields += [
        write_raw("Feedback-ID", feedback),
        write_raw(MESSAGE_FIELD, links.return_path(message).removeprefix("b+")),
        b"Precedence: bulk\r\n",
    ]
    return b"".join(fields)


def name_campaign(name: str) -> str:
    """Return a campaign's name as it may stand in a domain: small letters, digits, hyphens."""
    kept = "".join(
        character if character.isascii() and character.isalnum() else "-" for character in name
    )
    return "-".join(part for part in kept.lower().split("-") if part) or "campaign"


def _write_date(message: Message) -> str:
    # Not strftime: its names of days and months are those of the machine's locale.
    at = message.dated_at.astimezone(UTC)
    day, month = WEEKDAYS[at.weekday()], MONTHS[at.month - 1]
    return f"{day}, {at.day:02d} {month} {at.year} {at:%H:%M:%S} +0000"
