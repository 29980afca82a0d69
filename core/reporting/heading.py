"""Which run a report is about, what became of everybody, and how far they went, as facts.

Shares lie in [0, 1]. Money is in minor units of the currency that stands beside it. Moments are UTC
milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Which run it is, and what its numbers rest on.

    Attributes:
        run: Its id.
        campaign: The campaign's name.
        state: Where it stands.
        reason: Why it is paused.
        started_at: When it was started.
        finished_at: When it was through.
        at: When the report was made.
        rule: By which orders are attributed, in words.
        window: For how long after orders count, as recipes write it.
        window_ends_at: When nobody's orders count any more; None while somebody's wave waits.
        known_until: Of when the latest order is that the shop has told, of anybody; None without
            any.
        is_final: Whether the windows of all are over, so that nothing is added any more.
        currency: Of the numbers that are compared; None when nobody has ever ordered.
        counts_clicks: Whether clicks are measured.
        counts_opens: Whether opens are.
    """

    run: int
    campaign: str
    state: str
    reason: str | None
    started_at: int
    finished_at: int | None
    at: int
    rule: str
    window: str
    window_ends_at: int | None
    known_until: int | None
    is_final: bool
    currency: str | None
    counts_clicks: bool
    counts_opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of everybody whom the segment gave; see `RunReceipt`."""

    audience: int | None
    states: Mapping[str, int]
    skipped: Mapping[str, int]
    failed: Mapping[str, int]
    adds_up: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the funnel.

    Attributes:
        name: What people did, in a word.
        people: How many; None when that is not measured.
        of: How many could have.
        machines: How many messages a machine did the same with; None where machines do not.
    """

    name: str
    people: int | None
    of: int
    machines: int | None = None
