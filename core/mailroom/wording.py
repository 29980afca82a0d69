"""Writes what is sent: the reply, the acknowledgement, and the mail to a person who takes over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..enquiry import Article, Reply

NAMELESS: Mapping[str, str] = {"en": "Your question", "de": "Ihre Frage", "zh": "您的问题"}
"""The subject of a reply to a mail that had none."""

MOST_QUOTED_CHARS = 8_000
MOST_ARTICLE_CHARS = 4_000
MOST_CANDIDATES = 5

_ANSWERED = re.compile(r"\s*(?:re|aw|sv|antw|res|ris|rv|回复|答复|回覆)\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who wrote a mail, for the person who takes over.

    Attributes:
        address: The address that it is from.
        customer_id: Our number of her; None when it was not proved who it is.
    """

    address: str
    customer_id: int | None


def write_subject(subject: str, language: str | None) -> str:
    """Return the subject of a reply."""
    known = " ".join(subject.split())
    if not known:
        known = _choose(NAMELESS, language) or NAMELESS["en"]
    return known if _ANSWERED.match(known) else f"Re: {known}"


def choose_acknowledgement(texts: Mapping[str, str], language: str | None) -> str | None:
    """Return what she is told until a person answers; None when the recipe says nothing.

    Args:
        texts: By language.
        language: Hers, as far as it is known; without a text in it she gets the first one.
    """
    return _choose(texts, language) or next(iter(texts.values()), None)


def write_handoff(
    reply: Reply, question: str, subject: str, asker: Asker, candidates: Sequence[Article]
) -> dict[str, str]:
    """Return the fields of the mail to the person who takes over.

    Args:
        reply: With a hand-off, or one that could not be sent.
        question: What was asked.
        subject: The headline of the mail.
        asker: Who asks.
        candidates: Articles that might answer it, best first.
    """
    handoff = reply.handoff
    reason = handoff.reason if handoff is not None else "not_sent"
    draft = reply.text if handoff is None else handoff.draft
    known = (
        f"customer {asker.customer_id}, proved by her mail server"
        if asker.customer_id is not None
        else "it was not proved who that is"
    )
    said = handoff.summary if handoff is not None else "The reply must not be sent to this address."
    parts = [
        said.strip(),
        f"Why: {reason.replace('_', ' ')}\nFrom: {asker.address} ({known})\n"
        "An answer to this mail goes to that address.",
        "What was asked:",
        _quote(question[:MOST_QUOTED_CHARS]),
    ]
    if draft:
        parts += ["A suggested reply:", draft.strip()]
    shown = candidates[:MOST_CANDIDATES]
    if shown:
        parts.append("What stands in the knowledge base:")
        parts += [f"{one.title}\n{one.body.strip()[:MOST_ARTICLE_CHARS]}" for one in shown]
    headline = " ".join(subject.split()) or NAMELESS["en"]
    return {
        "subject": f"[{reason.replace('_', ' ')}] {headline}",
        "body": "\n\n".join(part for part in parts if part),
    }


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def _choose(texts: Mapping[str, str], language: str | None) -> str | None:
    wanted = (language or "").replace("_", "-").lower()
    by_tag = {tag.replace("_", "-").lower(): text for tag, text in texts.items()}
    return by_tag.get(wanted) or by_tag.get(wanted.partition("-")[0])
