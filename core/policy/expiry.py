"""Finds when it is too late to send, by `policy.expires`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from ..recipe.models import Policy
from ..store.reading import to_moment
from .rules import to_milliseconds


def find_expiry(policy: Policy, begins: int) -> int | None:
    """Return when messages expire, in UTC milliseconds; None is never.

    Args:
        policy: Of their variant.
        begins: When their run or wave begins, from which a duration counts.
    """
    if isinstance(policy.expires, timedelta):
        return begins + to_milliseconds(policy.expires)
    return to_moment(policy.expires) if isinstance(policy.expires, datetime) else None


def find_last_expiry(policies: Iterable[Policy]) -> int | None:
    """Return when a message is too late whichever of some policies binds it.

    Returns:
        UTC milliseconds; None when that is not known, as one of them never lets it expire, or after
        a duration that has not begun.
    """
    ends = [one.expires for one in policies]
    moments = [to_moment(one) for one in ends if isinstance(one, datetime)]
    return max(moments) if len(moments) == len(ends) else None
