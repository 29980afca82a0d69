"""Says before a campaign which lift its people can show, so that nobody waits for a smaller one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from ..attribution.rules import read_rule
from ..campaign import Campaign
from ..statistics.power import find_smallest_lift
from ..store.past_buyers import count_customers, count_recent_buyers
from ..store.segments import HeldAudience

ASSUMED_RATE = 0.02
"""The share that buys anyway, when nobody has bought anything of late."""

RestsOn = Literal["audience", "customers", "nothing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleLift:
    """The smallest lift that a campaign can show, 4 times of 5.

    Attributes:
        lift: The share that would have to buy on top, in [0, 1]; None when even everybody would
            not do.
        rate: The share that is thought to buy anyway, within the window.
        rests_on: What that is: of the audience, or of all customers, who bought within as long
            before; `nothing` is an assumption.
        window: The campaign's window.
    """

    lift: float | None
    rate: float
    rests_on: RestsOn
    window: timedelta


def find_visible_lift(
    campaign: Campaign, audience: HeldAudience, *, messages: int, holdout: int, now: int
) -> VisibleLift | None:
    """Return the lift that can be seen; None when nobody is held out, or nobody written to.

    Whom a segment takes because she has not bought of late has no rate there; then that of all
    customers stands for it.

    Args:
        campaign: The campaign.
        audience: Its audience.
        messages: How many are written to.
        holdout: How many are held out.
        now: The moment, in UTC milliseconds.
    """
    if not messages or not holdout:
        return None
    rule = read_rule(campaign.text)
    theirs, everybodys = count_recent_buyers(audience.connection, now - rule.window_ms)
    rate = ASSUMED_RATE
    rests_on: RestsOn = "nothing"
    if theirs:
        rate, rests_on = theirs / audience.people, "audience"
    elif everybodys:
        rate, rests_on = everybodys / max(1, count_customers(audience.connection)), "customers"
    lift = find_smallest_lift(messages, holdout, min(rate, 1.0))
    return VisibleLift(
        lift=lift if math.isfinite(lift) else None,
        rate=rate,
        rests_on=rests_on,
        window=rule.window,
    )
