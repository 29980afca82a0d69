"""The keys of a file of tests: one typed model for each block.

Each block is validated on its own, so that one mistake hides no other; that is why what is inside
of a block is `Any` here.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from ..recipe.values import Duration, Name, refuse
from ..store.ledger.states import MessageState, RunState

DEFAULT_AT = "2026-03-02T09:00:00+00:00"
"""When tests begin that do not say it: a Monday morning."""

DEFAULT_CURRENCY = "USD"
DEFAULT_SEED = 1

MOST_RUNS = 400
"""The most runs of one step: more than one for each day of a year."""

Answer = Literal["sent", "later", "failed", "unknown"]
"""What a channel may answer for a message."""

Count = Annotated[int, Field(ge=0)]
PositiveInt = Annotated[int, Field(ge=1)]
Words = Annotated[str, Field(min_length=1)]


def _write_number(value: Any) -> Any:
    """Return a shop's id that YAML took for a number as the text that it is."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Key = Annotated[Words, BeforeValidator(_write_number)]
"""A customer's key, a sku."""


def _check_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise refuse(f"'{pattern}' is no regular expression: {error}") from None
    return pattern


class Block(BaseModel):
    """A block of a file of tests; an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Given(Block):
    """What is known before the first run; each row has the fields of an import of its kind."""

    customers: list[Any] = Field(default_factory=list, description="Who there is.")
    products: list[Any] = Field(default_factory=list, description="What the shop sells.")
    orders: list[Any] = Field(default_factory=list, description="Who bought what, and when.")
    events: list[Any] = Field(default_factory=list, description="What else happened.")
    suppressions: list[Any] = Field(
        default_factory=list, description="Addresses that must not be written to."
    )
    messages: list[Any] = Field(
        default_factory=list, description="Messages of other campaigns, or of earlier runs."
    )


class GivenMessage(Block):
    """A message that somebody got before the test begins."""

    customer: Key = Field(description="Who got it.")
    campaign: Name = Field(default="another-campaign", description="Which campaign it was of.")
    at: Any = Field(default=None, description="When it was sent; the test's moment when left out.")


class FileBlock(Block):
    """A file of tests."""

    at: AwareDatetime | None = Field(
        default=None, description="When every test begins that does not say it itself."
    )
    seed: int = Field(default=DEFAULT_SEED, description="Of everything random.")
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] = Field(
        default=DEFAULT_CURRENCY, description="Of money that does not say one."
    )
    generate: Literal["plugin", "fallback"] = Field(
        default="plugin",
        description="Who writes the copy: the recipe's plugin, or its `fallback` stands for it.",
    )
    given: Any = Field(default=None, description="What every test knows.")
    tests: list[Any] = Field(min_length=1, description="The tests.")


class TestBlock(Block):
    """One test."""

    __test__ = False  # pytest would take it for one of its own

    name: Words = Field(description="What it says, in a sentence.")
    at: AwareDatetime | None = Field(default=None, description="When it begins.")
    seed: int | None = Field(default=None, description="Of everything random.")
    generate: Literal["plugin", "fallback"] | None = Field(
        default=None, description="Who writes the copy."
    )
    given: Any = Field(default=None, description="What it knows besides.")
    draw: dict[str, Words] = Field(
        default_factory=dict, description="By customer: her variant, her wave or `holdout`."
    )
    answers: dict[str, Answer | list[Answer]] = Field(
        default_factory=dict, description="By customer: what the channel answers for her message."
    )
    steps: list[Any] | None = Field(
        default=None, min_length=1, description="What happens, in order."
    )
    expect: Any = Field(default=None, description="What comes of one run, instead of `steps`.")

    @model_validator(mode="after")
    def _happen_somehow(self) -> TestBlock:
        if (self.steps is None) == (self.expect is None):
            raise refuse("give 'steps', or 'expect' for what comes of one run")
        return self


class RunStep(Block):
    """A run of the recipe."""

    limit: PositiveInt | None = Field(default=None, description="At most so many messages.")
    seed: int | None = Field(default=None, description="Of this run.")
    times: Annotated[int, Field(ge=1, le=MOST_RUNS)] = Field(
        default=1, description="How many runs, one after the other."
    )
    every: Duration | None = Field(
        default=None, description="How far the clock moves after each run but the last."
    )

    @model_validator(mode="after")
    def _say_how_often(self) -> RunStep:
        if (self.times > 1) != (self.every is not None):
            raise refuse("'times' and 'every' belong together: {times: 30, every: 1d}")
        return self


class NoKeys(Block):
    """A step that needs no word more."""


class StepBlock(Block):
    """One step; it has exactly one of these keys."""

    run: Any = Field(default=None, description="Start a new run, as `ballyhoo run --new` does.")
    advance: Duration | None = Field(default=None, description="Let so much time pass.")
    until: AwareDatetime | None = Field(default=None, description="Let time pass up to a moment.")
    expect: Any = Field(default=None, description="Compare what came with what should.")
    customer: Any = Field(default=None, description="Somebody is new, or changes.")
    product: Any = Field(default=None, description="A product is new, or changes.")
    order: Any = Field(default=None, description="Somebody buys.")
    event: Any = Field(default=None, description="Something else happens.")
    suppression: Any = Field(default=None, description="An address must not be written to.")
    answers: dict[str, Answer | list[Answer]] | None = Field(
        default=None, description="By customer: what the channel answers from now on."
    )
    approve: Any = Field(default=None, description="Let the held messages of the latest run leave.")
    retry: Any = Field(default=None, description="Try its failed messages again.")
    resolve: Literal["sent", "resend"] | None = Field(
        default=None, description="Say what its unknown messages are."
    )
    pause: Any = Field(default=None, description="Pause the latest run.")
    resume: Any = Field(default=None, description="Let it go on.")
    cancel: Any = Field(default=None, description="Cancel the latest run.")

    @model_validator(mode="after")
    def _be_one_step(self) -> StepBlock:
        if len(self.model_fields_set) != 1:
            listed = ", ".join(type(self).model_fields)
            raise refuse(f"a step has exactly one of the keys {listed}")
        return self


class TextBlock(Block):
    """What is asked of a text."""

    equals: str | None = Field(default=None, description="It is this text, line breaks aside.")
    contains: Words | list[Words] | None = Field(default=None, description="It has this in it.")
    lacks: Words | list[Words] | None = Field(default=None, description="It has none of this.")
    matches: Annotated[str, AfterValidator(_check_pattern)] | None = Field(
        default=None, description="A regular expression is found in it."
    )

    @model_validator(mode="after")
    def _ask_something(self) -> TextBlock:
        if not self.model_fields_set:
            raise refuse("asks nothing; give a text, or one of equals, contains, lacks, matches")
        return self


class CustomerExpectation(Block):
    """What is expected for a customer."""

    customer: Key | list[Key] = Field(description="Whom it is about; or several.")
    run: PositiveInt | None = Field(
        default=None, description="In which run of the test, from 1; the latest when left out."
    )
    in_segment: bool | None = Field(default=None, description="Whether the segment selected her.")
    state: MessageState | None = Field(default=None, description="The state of her message.")
    message: dict[str, str | TextBlock] | None = Field(
        default=None, description="It was sent: what its fields say, `to` and `content` too."
    )
    variant: str | None = Field(default=None, description="Her variant.")
    products: list[Key] | None = Field(
        default=None, description="The products of the message by sku, best first."
    )
    offer: str | None = Field(default=None, description="The code of the offer made to her.")
    skipped: str | None = Field(default=None, description="The reason for which she is skipped.")
    failed: str | None = Field(default=None, description="The reason for which it failed.")
    held: bool | None = Field(default=None, description="Whether it waits for a person.")
    due_at: AwareDatetime | None = Field(default=None, description="When it may leave.")
    sent_at: AwareDatetime | None = Field(default=None, description="When it was sent.")
    messages: Count | None = Field(
        default=None, description="How many she got, over all runs of the test."
    )

    @model_validator(mode="after")
    def _expect_something(self) -> CustomerExpectation:
        if not self.model_fields_set - {"customer", "run"}:
            raise refuse("expects nothing of the customer; say for example 'skipped: no_consent'")
        said = [name for name in _FINAL if name in self.model_fields_set]
        if len(said) > 1:
            raise refuse(f"{' and '.join(repr(one) for one in said)} cannot both be")
        return self


_FINAL = ("state", "message", "skipped", "failed", "held")
"""Each says in which state the message is."""


class RunExpectation(Block):
    """What is expected of a run as a whole; a state that is not named is not looked at."""

    run: PositiveInt | None = Field(
        default=None, description="Which run of the test, from 1; the latest when left out."
    )
    state: RunState | None = Field(default=None, description="The state of the run.")
    audience: Count | None = Field(default=None, description="How many people the segment gave.")
    variants: dict[str, Count] | None = Field(
        default=None, description="How many messages each variant has; no other has any."
    )
    next_due_at: AwareDatetime | None = Field(
        default=None, description="When the next message may leave."
    )
    planned: Count | None = Field(default=None, description="How many are to be prepared.")
    held: Count | None = Field(default=None, description="How many wait for a person.")
    ready: Count | None = Field(default=None, description="How many may leave when they are due.")
    sent: Count | None = Field(default=None, description="How many were sent.")
    failed: Count | dict[str, Count] | None = Field(
        default=None, description="How many failed; or by reason, and no other reason."
    )
    unknown: Count | None = Field(default=None, description="How many may be out, or may not.")
    skipped: Count | dict[str, Count] | None = Field(
        default=None, description="How many are skipped; or by reason, and no other reason."
    )
    cancelled: Count | None = Field(default=None, description="How many were cancelled.")
    expired: Count | None = Field(default=None, description="How many were too late.")

    @model_validator(mode="after")
    def _expect_something(self) -> RunExpectation:
        if not self.model_fields_set - {"run"}:
            raise refuse("expects nothing; say for example 'sent: 1', or name a customer")
        return self
