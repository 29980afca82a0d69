"""What a run changed, and which of its variants did best, as facts.

Shares lie in [0, 1]. Money is in minor units of the currency that stands beside it. Moments are UTC
milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..statistics.intervals import Interval

Metric = Literal["click", "conversion", "revenue"]

BY_TRAITS = "contextual"
"""How people are shared among variants when each has shares of her own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People who are compared, and what they bought within the window, whatever led to it.

    Attributes:
        people: All of them, as assigned.
        bought: How many ordered.
        spent: What their orders come to, in the report's currency.
    """

    people: int
    bought: int
    spent: int

    def __add__(self, other: Group) -> Group:
        return Group(
            people=self.people + other.people,
            bought=self.bought + other.bought,
            spent=self.spent + other.spent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveLift:
    """What a wave brought.

    Attributes:
        wave: Its number; 0 in a run without waves.
        opened_at: When it was opened; None in a run without waves.
        treated: Who was written to.
        held_out: Who was not.
        orders: By how much more of them bought; see `Lift`.
    """

    wave: int
    opened_at: int | None
    treated: Group
    held_out: Group
    orders: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """What the campaign changed: who was written to beside who was held out.

    Attributes:
        treated: Who was written to.
        held_out: Who was not.
        orders: The share of people who bought, treated less held out: the headline.
        revenue: What a person spent on average, treated less held out, in minor units; None
            without a currency.
        extra: The same for all who were treated, in minor units.
        waves: Each wave of its own; one for a run without waves.
        smallest: The smallest difference of shares that so many people would show; None when nobody
            bought, or all is too small to show any.
        days_needed: For about how many more days one has to wait until the difference shows; None
            when it shows, will not show, or nobody can tell.
        days_left: How many more days orders count for somebody; None while somebody's wave waits.
    """

    treated: Group
    held_out: Group
    orders: Interval
    revenue: Interval | None
    extra: Interval | None
    waves: tuple[WaveLift, ...]
    smallest: float | None
    days_needed: float | None
    days_left: float | None

    @property
    def is_decided(self) -> bool:
        """Whether more or fewer bought than without, beyond chance."""
        return self.orders.is_off_zero


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleCheck:
    """Whether as many people are in each arm as were meant to be.

    Attributes:
        p_value: How probable counts so far off are when all is well.
        is_off: Whether that is too improbable: no winner is named then.
        arms: Name, people, and how many were to be expected; the holdout is one of them.
    """

    p_value: float
    is_off: bool
    arms: tuple[tuple[str, int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What is believed of a variant's metric after looking.

    Attributes:
        mean: A share, or minor units per person.
        low: It is below this with a chance of 2.5%.
        high: And above this with as much.
        chance: How probable it is that this variant is the best one.
        curve: Points of its density: value and height, the greatest of which is 1.
    """

    mean: float
    low: float
    high: float
    chance: float
    curve: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantResult:
    """What came back of a variant.

    Attributes:
        name: Its name; None for a recipe without any.
        people: Who was assigned to it.
        sent: To whom the message left.
        opened: Which people opened; None when not measured. The same for the others.
        opened_by_machines: Of how many a machine did.
        clicked: Which people clicked.
        clicked_by_machines: Of how many a machine did.
        bought: Who ordered within the window, whatever led to it.
        spent: What these orders come to.
        converted: Who ordered because of it, by the rule.
        orders: How many orders that were.
        revenue: What they come to.
        unsubscribed: Who wants no more, and said so by it.
        complained: Who called it spam.
        bounced: Whose message came back.
        belief: What is believed of the metric; None when nothing came in yet.
        behind: By how much it is better than the best of the others, or worse: its frequentist
            interval; None for the best one.
        stopped: Why it gets nobody any more; None when it does.
    """

    name: str | None
    people: int
    sent: int
    opened: int | None
    opened_by_machines: int | None
    clicked: int | None
    clicked_by_machines: int | None
    bought: int
    spent: Mapping[str, int]
    converted: int
    orders: int
    revenue: Mapping[str, int]
    unsubscribed: int
    complained: int
    bounced: int
    belief: Belief | None = None
    behind: Interval | None = None
    stopped: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Variants beside each other.

    Attributes:
        metric: What they are compared by.
        allocate: How people were shared among them.
        results: Each of them.
        best: The one that is best so far; None with a single one, or when nothing came in yet.
        winner: The same when it is beyond chance and the sample ratio is right; else None.
        method: Of the frequentist interval, by name; None with a single variant.

    Beliefs and intervals of variants that were drawn by traits are those of everybody: people are
    weighed by the inverse of the share by which their variant was drawn.
    """

    metric: Metric
    allocate: str
    results: tuple[VariantResult, ...]
    best: str | None
    winner: str | None
    method: str | None

    @property
    def is_weighed(self) -> bool:
        """Whether people are weighed by the inverse of their share."""
        return self.allocate == BY_TRAITS
