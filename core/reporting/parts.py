"""What else a report tells of a run, as facts: money, delivery, products, copy, answers.

Shares lie in [0, 1]. Money is in minor units of the currency that stands beside it. Moments are UTC
milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What the messages brought and cost, by the rule of attribution.

    Attributes:
        converted: Who ordered.
        orders: How many orders.
        revenue: What they come to, by currency.
        order_value: The average order, by currency; empty without orders.
        per_person: Revenue per message that left, by currency, in fractions of minor units.
        cost: What sending and writing cost, in minor units; None when the settings say nothing.
        cost_parts: What it is made of, in words, each with its part.
        cost_currency: Its currency.
        per_message: Cost of a message that left.
        per_conversion: Cost of somebody who ordered, by the rule.
    """

    converted: int
    orders: int
    revenue: Mapping[str, int]
    order_value: Mapping[str, float]
    per_person: Mapping[str, float]
    cost: float | None = None
    cost_parts: tuple[tuple[str, float], ...] = ()
    cost_currency: str | None = None
    per_message: float | None = None
    per_conversion: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """How messages to one domain went; "" is one that is not known any more."""

    name: str
    people: int
    sent: int
    failed: int
    unknown: int
    bounced: int
    complained: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How messages left.

    Attributes:
        domains: The greatest ones, and all others as one of the name `3 others`; those of fewer
            than five people are among them.
        hours: When an hour began, and how many messages left in it; empty hours between are there.
        step_ms: How long an hour is here: more than one where a run took long.
    """

    domains: tuple[Domain, ...]
    hours: tuple[tuple[int, int], ...]
    step_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductResult:
    """A product: what it is called, to how many it was shown, and how many of them bought it."""

    product: int
    title: str
    recommended: int
    bought: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """What was recommended, and what of it was bought.

    Attributes:
        recommended: How many people got products.
        fallback: How many of them only such as were chosen without knowing anything of them.
        one_of: Of how many messages one was looked at to count `results`; 1 is all.
        buyers: Who bought within the window, of those with products in their message.
        bought_recommended: How many of them bought one that was recommended to them.
        results: The products that were shown most.
        offline: What an evaluation of the recommender said, in words; empty without any.
    """

    recommended: int
    fallback: int
    one_of: int
    buyers: int
    bought_recommended: int
    results: tuple[ProductResult, ...]
    offline: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyResult:
    """How the copy of a variant was written, and a sample of it.

    Attributes:
        variant: Its name; None for a recipe without any.
        fields: The text that most people got, with slots as they were written.
        share: Which share of the messages looked at had just this text.
        texts: How many different texts were written; None for text that stands in the recipe.
        looked_at: How many of them the following is counted of.
        accepted: Which were accepted at once.
        accepted_later: Which after one or more were refused.
        fell_back: For which the recipe's fallback was taken.
        refused: For which there is no copy at all.
        attempts: How many were written in all, refused ones included.
        rules: How many refusals each rule stands for.
        readability: The median of its texts (Flesch, Amstad); None when too short, or for a
            language without a formula.
        tokens: How many tokens a text took on average; None when nobody told.
        seconds: How many seconds it took on average; None when nobody told.
        models: What wrote it.
    """

    variant: str | None
    fields: Mapping[str, str]
    share: float
    texts: int | None = None
    looked_at: int = 0
    accepted: int = 0
    accepted_later: int = 0
    fell_back: int = 0
    refused: int = 0
    attempts: int = 0
    rules: Mapping[str, int] = field(default_factory=dict)
    readability: float | None = None
    tokens: float | None = None
    seconds: float | None = None
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """How often an answer was given: which, of how many, in words."""

    answer: int
    of: int
    label: str
    count: int
