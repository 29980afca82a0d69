"""Delivers the messages of a dispatch over SMTP or LMTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ballyhoo import Dispatch, EnvironmentMissing, Message

from .envelope import Envelope
from .house import House
from .lanes import Lane
from .opening import Opener, Unreachable
from .server import Server
from .timeouts import Pace, Timeouts

USUAL_PACE = Pace()
USUAL_TIMEOUTS = Timeouts()


def deliver_by_smtp(
    dispatch: Dispatch,
    server: Server,
    envelope_of: Callable[[Message], Envelope],
    *,
    connections: int,
    messages_per_connection: int,
    per_domain: int | None = None,
    pace: Pace = USUAL_PACE,
    timeouts: Timeouts = USUAL_TIMEOUTS,
) -> None:
    """Hand every message of a dispatch to a server, and settle each.

    A message is marked when the server has all of it but the final dot. Before the mark nothing
    can be out; whatever is lost after it is unknown.

    Args:
        dispatch: Gives the messages, and takes marks and receipts.
        server: The server.
        envelope_of: Says what the server is told about a message; may raise
            PermanentDeliveryError, and the message fails with its text.
        connections: How many connections are used at the same time, at most.
        messages_per_connection: After so many a connection is made anew.
        per_domain: How many messages to one domain may be under way at once; half of the
            connections when None.
        pace: How a server that does not answer, or refuses, is given time.
        timeouts: How long each phase may take.

    Raises:
        EnvironmentMissing: The server cannot be reached, or does not let us in. What was not
            handed over is not settled.
    """
    asyncio.run(
        _deliver(
            House(
                dispatch, envelope_of, Opener(server, timeouts), pace, timeouts,
                messages_per_connection,
            ),
            connections,
            per_domain or (connections + 1) // 2,
        )
    )  # fmt: skip


async def _deliver(house: House, connections: int, per_domain: int) -> None:
    lanes = [Lane(house) for _ in range(connections)]
    # Before anything is claimed: a server that is not there is found out at no message's cost.
    try:
        await lanes[0].connect()
    except Unreachable as error:
        raise _explain(house.opener.server, error) from None
    house.begin(lanes=connections, per_domain=per_domain)
    results = await asyncio.gather(*(lane.run() for lane in lanes), return_exceptions=True)
    await house.end()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    if house.missing is not None:
        raise _explain(house.opener.server, house.missing)


def _explain(server: Server, error: Unreachable) -> EnvironmentMissing:
    hint = "look whether it runs, and at smtp_url; `ballyhoo doctor` tries it"
    if error.is_final:
        hint = "mend smtp_url, or the server; trying again alone changes nothing"
    return EnvironmentMissing(f"the mail server {server.name}: {error}", hint=hint)
