"""The tests of one recipe as they were read: what is given, what happens, what is expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from ..campaign import Campaign
from ..recipe.document import Node
from . import ENDING
from .models import Answer, CustomerExpectation, GivenMessage, RunExpectation, RunStep

PersonAct = Literal[
    "approve", "retry", "resolve sent", "resolve resend", "pause", "resume", "cancel"
]
"""What a person can do to a run."""

Answers = Mapping[str, Sequence[Answer]]
"""By customer, what the channel answers, attempt by attempt; the last one for all after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Something that is expected, and where that stands."""

    line: int
    what: CustomerExpectation | RunExpectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a test.

    Attributes:
        line: Where it stands.
        what: The run; how long the clock moves; up to when; what is expected; what the channel
            answers; or, in one word, what a person does to the latest run.
        kind: Of the row that is told, when it is one.
        row: That row.
    """

    line: int
    what: RunStep | timedelta | datetime | Sequence[Expected] | Answers | PersonAct | None
    kind: str = ""
    row: Node | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeTest:
    """One test.

    Attributes:
        name: What it says.
        line: Where it stands.
        at: When it begins, aware.
        seed: Of everything random.
        fallback_writes: Whether the recipe's fallback stands for what its generator would write.
        given: The rows of each kind of import.
        messages: Messages of before, each with its moment.
        draw: By customer: her variant, or `holdout`.
        answers: What the channel answers.
        steps: What happens, in order.
    """

    name: str
    line: int
    at: datetime
    seed: int
    fallback_writes: bool
    given: Mapping[str, Sequence[Node]]
    messages: Sequence[tuple[GivenMessage, datetime]]
    draw: Mapping[str, str]
    answers: Answers
    steps: Sequence[Step] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The tests of one recipe.

    Attributes:
        file: The file of tests, as it was named.
        campaign: The recipe.
        currency: Of money that does not say one.
        tests: The tests, in order.
    """

    file: str
    campaign: Campaign
    currency: str
    tests: Sequence[RecipeTest]


def name_test_file(recipe: Path) -> Path:
    """Return the file of tests of a recipe: `spring.test.yaml` beside `spring.yaml`."""
    return recipe.with_name(f"{recipe.stem}{ENDING}")


def name_recipe_file(tests: Path) -> Path:
    """Return the recipe of a file of tests."""
    return tests.with_name(tests.name.removesuffix(ENDING) + ".yaml")


def list_answers(answers: Mapping[str, Answer | list[Answer]]) -> Answers:
    """Return what the channel answers, one word as a list of one."""
    return {
        customer: (said,) if isinstance(said, str) else tuple(said)
        for customer, said in answers.items()
    }
