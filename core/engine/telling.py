"""Tells in words what is stored about a message: content, attempts and answers, its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..brief import Copy
from ..briefing import BY_HAND
from ..copywriting import FALLBACK
from ..policy.objections import REASONS
from ..product import Reason
from ..store.ledger import history
from ..store.ledger.single import MessageRow
from ..store.ledger.states import FAILURES
from ..store.reading import StoredView
from .content import Content
from .engine import Engine

STATES = {
    "planned": "products and copy are still to be made",
    "held": "waits for somebody's approval",
    "ready": "ready to leave",
    "claimed": "a worker has it; nothing was told to the world yet",
    "sending": "marked: it is leaving, or has left",
    "sent": "the channel took it",
    "failed": "will not be sent",
    "unknown": "may be out or not: the answer was lost",
    "skipped": "was not sent",
    "cancelled": "the run was cancelled before it left",
    "expired": "it was too late, by policy.expires",
}
"""What each state of a message means."""

_WHY = {
    "bought": "because she bought",
    "viewed": "because she looked at",
    "goes_with": "goes with",
    "similar": "is like",
    "popular": "is popular in",
    "new": "is new in",
    "own_history": "she bought it before",
    "promoted": "the recipe promotes it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that was decided about a message, or happened to it.

    Attributes:
        what: About what, one word.
        said: What, for a person.
        at: When, in UTC milliseconds; None when that was not kept.
        parts: What there is to say about it, line by line.
    """

    what: str
    said: str
    at: int | None = None
    parts: tuple[str, ...] = ()


def tell_content(
    engine: Engine, content: Content, message: MessageRow, language: str | None
) -> Iterator[Decision]:
    """Tell which products, offer and copy a message has, and what was refused before.

    Args:
        engine: The engine.
        content: What was made for it.
        message: The message.
        language: In which products are named; None for any.
    """
    if message.waits_for is not None:
        yield Decision(what="waits", said=message.waits_for)
    products = tell_products(engine, content, language)
    if products:
        said = f"{len(products)} chosen for her"
        yield Decision(what="products", said=said, parts=products)
    if content.offer is not None:
        offer = content.offer
        named = {"code": offer.code, "discount": offer.discount, "ends": offer.ends}
        said = ", ".join(f"{name} {value}" for name, value in named.items() if value is not None)
        yield Decision(what="offer", said=said)
    for refused in content.refused:
        yield _tell_refused(refused)
    if content.copy is not None:
        yield _tell_copy(content.copy, content.reviewers)


def tell_products(engine: Engine, content: Content, language: str | None) -> tuple[str, ...]:
    """Return the name of each product of a message, with why it was chosen; best first.

    Args:
        engine: The engine.
        content: What was made for the message.
        language: In which products are named; None for any.
    """
    if not content.products:
        return ()
    ids = [one.id for one in content.products]
    ids += [
        one.reason.product_id
        for one in content.products
        if one.reason is not None and one.reason.product_id is not None
    ]
    found = StoredView(engine.store, engine.clock).products(ids)
    known = {one.id: one.title(language) for one in found if one is not None}
    return tuple(
        f"{_name(known, one.id)}{_tell_reason(known, one.reason)}" for one in content.products
    )


def tell_happened(happened: Sequence[Mapping[str, Any]]) -> Iterator[Decision]:
    """Tell what happened to a message on its way, and what came back from outside."""
    for one in happened:
        if one["kind"] == history.SENT:
            continue  # its state says so
        yield Decision(what=one["kind"], said=_say_event(one), at=one["at"])


def tell_state(message: MessageRow) -> Decision:
    """Tell in which state a message is, and since when as far as that is known."""
    reason = message.reason
    words = {**REASONS, **FAILURES}
    said = f"{message.state}: {STATES.get(message.state, '')}"
    if reason is not None:
        said = f"{message.state}({reason}): {words.get(reason, STATES.get(message.state, ''))}"
    parts = []
    if message.attempts > 1 or (message.attempts and message.state not in ("sent", "skipped")):
        parts.append(f"tried {_times(message.attempts)}")
    if message.crashes:
        parts.append(f"whoever had it died {_times(message.crashes)}")
    answer = _join_answer(message.last_code, message.last_error)
    if answer:
        parts.append(f"last answer: {answer}")
    if message.provider_id is not None:
        parts.append(f"the channel calls it {message.provider_id}")
    at = message.sent_at if message.state in ("sent", "sending", "unknown") else None
    return Decision(what="state", said=said, at=at, parts=tuple(parts))


def _tell_refused(refused: Mapping[str, Any]) -> Decision:
    parts = [
        f"{one['field'] + ': ' if one.get('field') else ''}{one['message']} ({one['rule']})"
        for one in refused["objections"]
    ]
    parts += [f"it said, {name}: {_shorten(text)}" for name, text in refused["fields"].items()]
    said = f"attempt {refused['attempt']} was refused"
    return Decision(what="copy", said=said, parts=tuple(parts))


def _tell_copy(copy: Copy, reviewers: Sequence[str]) -> Decision:
    by = copy.provenance
    if by.generator == FALLBACK:
        said = "the fallback of the recipe"
    elif by.generator == BY_HAND:
        said = "the text of the recipe"
    else:
        said = f"written by {by.generator}{f' with {by.model}' if by.model else ''}"
        if reviewers:
            said += f", passed by {', '.join(reviewers)}"
    parts = tuple(f"{name}: {_shorten(text)}" for name, text in copy.fields.items())
    return Decision(what="copy", said=said, parts=parts)


def _say_event(event: Mapping[str, Any]) -> str:
    kind = event["kind"]
    if kind == history.ATTEMPT:
        words = {
            "sent": "was sent", "later": "was put off", "failed": "failed",
            "unknown": "has no known answer",
        }  # fmt: skip
        outcome = event.get("outcome", "")
        answer = _join_answer(event.get("code"), event.get("detail"))
        said = f"attempt {event.get('attempt', '?')} {words.get(outcome, outcome)}"
        return f"{said}: {answer}" if answer else said
    if kind == history.CRASH:
        return f"whoever had it died, or stood still, when it was {event.get('was', 'claimed')}"
    if kind == history.RETRIED:
        return "somebody let it be tried again"
    if kind == history.MOVED:
        return (
            f"her variant {event.get('from')} was stopped, and she was given to {event.get('to')}"
        )
    if kind == history.APPROVED:
        return "somebody approved it"
    if kind == history.RESOLVED:
        return f"it was decided: {event.get('as', '')}"
    return f"{kind}, told by {event['source']}"


def _join_answer(code: str | int | None, detail: str | None) -> str:
    """Return a channel's answer; many words of one begin with its code."""
    parts = [str(part) for part in (code, detail) if part]
    if len(parts) == 2 and parts[1].startswith(parts[0]):
        return parts[1]
    return " ".join(parts)


def _name(known: Mapping[int, str], id: int) -> str:
    return known.get(id, f"product {id}, which is gone")


def _tell_reason(known: Mapping[int, str], reason: Reason | None) -> str:
    if reason is None:
        return ""
    about = _name(known, reason.product_id) if reason.product_id is not None else reason.category
    words = _WHY.get(reason.kind, reason.kind)
    return f", {words} {about}" if about else f", {words.removesuffix(' in')}"


def _shorten(text: str, most: int = 200) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
