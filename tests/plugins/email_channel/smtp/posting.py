"""Hands messages to a server as the channel does, with time-outs that a test can wait for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from ballyhoo import Message
from ballyhoo.plugins.email_channel.smtp import (
    Envelope,
    Pace,
    Timeouts,
    deliver_by_smtp,
    read_server,
)
from ballyhoo.testing import MemoryDispatch

PATIENT = Timeouts(quit=5, idle=0.1)
"""For servers that answer."""

HURRIED = Timeouts(
    greeting=0.4, hello=0.4, mail=0.4, recipient=0.4, data=0.4, block=0.4, dot=0.4, quit=0.2,
)  # fmt: skip
"""For servers that do not."""

HASTY = Pace(tries=3, first_seconds=0.01, longest_seconds=0.05, refusals=4)
SENDER = "b+token@bounce.example.com"
BODY = b"Subject: spring\r\n\r\nCome and have a look.\r\n.A dot begins this line.\r\n"


def make_messages(count: int, *, domain: str = "example.org", content: bytes = BODY):
    return [
        Message(
            id=number, key=f"1-{number}", run_id=1, campaign="spring",
            address=f"reader{number}@{domain.format(number)}", fields={},
            dated_at=datetime(2026, 4, 1, tzinfo=UTC), content=content,
        )
        for number in range(1, count + 1)
    ]  # fmt: skip


def envelope_of(message: Message) -> Envelope:
    return Envelope(SENDER, message.address, message.content)


def post(server, messages, *, url=None, connections=1, per_connection=100, finds=envelope_of,
         timeouts=PATIENT, pace=HASTY, per_domain=None, **hooks):  # fmt: skip
    with MemoryDispatch(messages, **hooks) as dispatch:
        deliver_by_smtp(
            dispatch,
            read_server(url or f"smtp://127.0.0.1:{server.port}"),
            finds,
            connections=connections,
            messages_per_connection=per_connection,
            per_domain=per_domain,
            pace=pace,
            timeouts=timeouts,
        )
    assert not dispatch.breaches
    assert not dispatch.left_marked
    return dispatch


def outcomes(dispatch) -> list[str]:
    return [receipt.outcome for receipt in dispatch.receipts.values()]


def with_content(message: Message, content: bytes) -> Message:
    return replace(message, content=content)
