"""What becomes of a message that may be out already, when it is not sent again after all.

Sending an unknown message again is a way to have it out for certain. When that comes to nothing,
because she left the segment or said no meanwhile, the message is as unknown as it was before: it
is not skipped, nor failed, and nobody sends it again by himself.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, null, true

from ..tables import messages

MOST_UNKNOWNS = 3
"""How often a message is sent again of which nobody knows whether it is out."""

UNTOLD_ENDS = ("skipped", "failed", "cancelled", "expired")
"""Ends of which it is certain that nobody was told."""


def end_untold(state: Any, doubts: Any = messages.c.unknowns) -> dict[str, Any]:
    """Return the values of a message that comes to a state; unknown, if it may be out already.

    Args:
        state: The state that it would come to: one of `UNTOLD_ENDS`, or an expression.
        doubts: In how many earlier attempts it may have come through.
    """
    is_end = true() if isinstance(state, str) else state.in_(UNTOLD_ENDS)
    is_unknown = and_(doubts > 0, is_end)
    return {
        "state": case((is_unknown, "unknown"), else_=state),
        "unknowns": case((is_unknown, MOST_UNKNOWNS), else_=doubts),
    }


def forget_sent_at(doubts: Any = messages.c.unknowns) -> ColumnElement[int | None]:
    """Return when a message was sent that was not sent this time: never, or when it may have been.

    Caps count from it once the message is unknown again.
    """
    return case((doubts > 0, messages.c.sent_at), else_=null())
