"""Writes intervals and beliefs in numbers, each with the name of its method."""

from __future__ import annotations

from ..statistics.intervals import Interval
from .amounts import say_small_money
from .effect import Belief, Comparison, Lift


def say_points(share: float) -> str:
    """Return a difference of shares in percentage points, with its sign."""
    return f"{share * 100:+.2f} points"


def say_intervals(lift: Lift, currency: str | None) -> list[str]:
    """Return the intervals of a lift in numbers, each with the name of its method."""
    orders, revenue, extra = lift.orders, lift.revenue, lift.extra
    said = [
        f"difference {say_points(orders.estimate)}, {orders.level:.0%} interval "
        f"{orders.low * 100:+.2f} to {orders.high * 100:+.2f} ({orders.method})"
    ]
    if revenue is not None and extra is not None and currency is not None:
        if revenue.is_known:
            said.append(
                f"revenue per person {say_small_money(revenue.estimate, currency)} more, "
                f"{say_small_money(revenue.low, currency)} to "
                f"{say_small_money(revenue.high, currency)} ({revenue.method})"
            )
        else:
            said.append("revenue per person: not enough orders to compare")
    if lift.smallest is not None:
        said.append(
            f"so many people show a lift of {lift.smallest * 100:.2f} points or more (80% power)"
        )
    return said


def say_belief(comparison: Comparison, belief: Belief, currency: str | None) -> str:
    """Return what is believed of a variant's metric, with its bounds."""
    if comparison.metric == "revenue":
        name = currency or ""
        shown = (say_small_money(one, name) for one in (belief.mean, belief.low, belief.high))
    else:
        shown = (f"{one:.2%}" for one in (belief.mean, belief.low, belief.high))
    mean, low, high = shown
    return f"{mean} ({low} to {high})"


def say_difference(comparison: Comparison, behind: Interval, currency: str | None) -> str:
    """Return by how much a variant's metric differs, with the interval and its method."""
    if comparison.metric == "revenue":
        name = currency or ""
        shown = [say_small_money(one, name) for one in (behind.estimate, behind.low, behind.high)]
    else:
        shown = [f"{one * 100:+.2f}" for one in (behind.estimate, behind.low, behind.high)]
        shown[0] += " points"
    return f"{shown[0]} ({shown[1]} to {shown[2]}; {behind.method})"
