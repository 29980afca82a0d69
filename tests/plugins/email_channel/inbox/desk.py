"""A responder for tests: it knows a few words, and counts how often it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ballyhoo import Context, Enquiry, Handoff, Reply, hookimpl


@hookimpl
def respond(context: Context, enquiries: Sequence[Enquiry]) -> list[Reply]:
    """Answer by the first word that is known."""
    with Path("asked.log").open("a", encoding="utf-8") as log:
        log.writelines(f"{one.key} {len(one.earlier)}\n" for one in enquiries)
    return [_answer(one) for one in enquiries]


def _answer(enquiry: Enquiry) -> Reply:
    text = enquiry.text.lower()
    if "boom" in text:
        raise RuntimeError("the desk fell over")
    if "unsubscribe" in text:
        said = "You get no more messages from us."
        return Reply(text=said, confidence=1.0, intent="unsubscribe", unsubscribes=True)
    if "order" in text and enquiry.orders:
        order = enquiry.orders[0]
        said = "{first_name|You}, your order {order.number} is {order.state}."
        return Reply(text=said, confidence=0.9, order=order.number, language="en")
    if "order" in text:
        return Reply(text="Please look into your account.", confidence=0.9, language="en")
    if "return" in text:
        said = "You have 30 days to send it back.\n\nSource: Returns"
        return Reply(text=said, confidence=0.9, articles=("returns",), language="en")
    handoff = Handoff(
        reason="low_confidence", summary="Somebody asks something.",
        draft="Dear customer, ...", candidates=("returns",),
    )  # fmt: skip
    return Reply(text=None, confidence=0.1, handoff=handoff, language="en")
