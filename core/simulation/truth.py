"""What is true of simulated people: who clicks, who buys, what each variant does to them."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from ..errors import DataError
from ..recipe.block import Block
from ..recipe.findings import Findings
from ..recipe.values import Duration, Percentage, write_duration
from ..recipe.yaml_reader import read_yaml
from ..spelling import suggest_name

EVERYBODY = "everybody"
"""The name of what the message does, in a recipe without variants."""

Factor = Annotated[float, Field(ge=0, le=100)]
Times = Annotated[list[Factor], Field(min_length=1, max_length=366)]


class Effect(Block):
    """What a variant does to who gets it, as factors; 1 is nothing."""

    click: Factor = 1.0
    buy: Factor = 1.0
    unsubscribe: Factor = 1.0


class Truth(Block):
    """What is true of everybody, and of each variant.

    Attributes:
        click: The share that clicks for no other reason than the message; a variant's factor is on
            top. Who buys because of a message has clicked it, too.
        buy: The share that buys within the window without a message, as orders go on average.
        unsubscribe: The share that unsubscribes by a message.
        effects: By variant. `buy: 1.3` adds three orders to ten.
        newcomers: The share that has never ordered before. With any, all others have at least once.
        effects_on_newcomers: By variant, what it does to them in place of `effects`; of one that
            is not named they are as everybody else.
        days: By which factor people buy on each day from the first one on; begins again at its end.
        delay: How long after the message an order that it led to comes, on average.
        basket: What an order is worth on average.
        spread: How much orders differ: the standard deviation of their logarithm.
        keenness: How much people differ in how often they buy: the standard deviation, their mean
            being 1.
        past_orders: How many orders somebody has from the year before, on average. The keen have
            more, so that past spend says something of what is to come.
        currency: Of the money.
    """

    click: Percentage = Decimal("0.06")
    buy: Percentage = Decimal("0.05")
    unsubscribe: Percentage = Decimal("0.002")
    effects: dict[str, Effect] = Field(default_factory=dict)
    newcomers: Percentage = Decimal("0")
    effects_on_newcomers: dict[str, Effect] = Field(default_factory=dict)
    days: Times = Field(default_factory=lambda: [1.0, 0.9, 0.9, 1.0, 1.2, 1.4, 0.8])
    delay: Duration = timedelta(hours=36)
    basket: Annotated[float, Field(gt=0, le=1_000_000)] = 60.0
    spread: Annotated[float, Field(ge=0, le=2)] = 0.6
    keenness: Annotated[float, Field(gt=0, le=3)] = 0.7
    past_orders: Annotated[float, Field(ge=0, le=50)] = 2.0
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = "EUR"

    def find_effect(self, variant: str | None, *, is_new: bool = False) -> Effect:
        """Return what a variant does, to newcomers or to others; nothing when it is not named."""
        name = EVERYBODY if variant is None else variant
        found = self.effects_on_newcomers.get(name) if is_new else None
        return found or self.effects.get(name, Effect())


def describe_truth(truth: Truth) -> dict[str, Any]:
    """Return a truth as a file of it says it."""
    shares = {
        name: f"{float(getattr(truth, name)) * 100:g}%"
        for name in ("click", "buy", "unsubscribe", "newcomers")
    }
    return {
        **truth.model_dump(exclude={*shares, "delay"}),
        **shares,
        "delay": write_duration(truth.delay),
    }


def draw_truth(variants: Iterable[str | None], seed: int) -> Truth:
    """Return a truth in which each variant does something, drawn by a seed."""
    drawn = random.Random(f"truth {seed}")
    effects = {
        name or EVERYBODY: Effect(
            click=round(drawn.uniform(0.7, 1.5), 2),
            buy=round(drawn.uniform(1.0, 1.6), 2),
        )
        for name in variants
    }
    return Truth(effects=effects)


def read_truth(path: Path, variants: Iterable[str | None]) -> Truth:
    """Read a file that says what is true.

    Raises:
        DataError: It cannot be read, something in it is wrong, or it names a variant that the
            recipe does not have; all that is wrong is said.
    """
    findings = Findings(str(path))
    try:
        root = read_yaml(path.read_bytes(), findings)
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None
    if findings:
        raise DataError("\n".join(str(one) for one in findings.sorted()))
    told = {} if root is None else root.plain()
    try:
        truth = Truth.model_validate(told)
    except ValidationError as error:
        said = "\n".join(
            f"{path}: {'.'.join(str(part) for part in one['loc']) or 'the file'}: {one['msg']}"
            for one in error.errors(include_url=False)
        )
        raise DataError(said, hint="the manual of 'ballyhoo simulate' has every key") from None
    known = [name or EVERYBODY for name in variants]
    for key in ("effects", "effects_on_newcomers"):
        for name in getattr(truth, key):
            if name not in known:
                raise DataError(
                    f"{path}: {key}.{name}: the recipe has no such variant",
                    hint=suggest_name(name, known),
                )
    if truth.effects_on_newcomers and not truth.newcomers:
        raise DataError(
            f"{path}: effects_on_newcomers: nobody is new",
            hint="say how many are, such as 'newcomers: 40%'",
        )
    return truth
