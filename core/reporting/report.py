"""The report of a run, as facts: whatever shows it adds nothing, and asks nobody.

Shares lie in [0, 1]. Money is in minor units of the currency that stands beside it. Moments are UTC
milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from .effect import Comparison, Lift, SampleCheck
from .heading import Heading, Receipt, Step
from .parts import CopyResult, Delivery, Money, Products, Satisfaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run brought.

    Attributes:
        heading: Which run, and what the numbers rest on.
        receipt: What became of everybody.
        funnel: From the message to the order.
        lift: What the campaign changed; None when nobody was held out, or nothing was planned.
        sample: Whether the arms have the people that they should; None with a single arm.
        comparison: Variants beside each other.
        money: Revenue and cost.
        delivery: By domain and hour.
        products: What was recommended; None when nothing was.
        copies: Of each variant.
        satisfaction: Answers to the message's question.
        words: The report in a few sentences, the most important one first.
        warnings: What must be known before any number is believed.
    """

    heading: Heading
    receipt: Receipt
    funnel: tuple[Step, ...]
    lift: Lift | None
    sample: SampleCheck | None
    comparison: Comparison
    money: Money
    delivery: Delivery
    products: Products | None
    copies: tuple[CopyResult, ...]
    satisfaction: tuple[Satisfaction, ...]
    words: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
