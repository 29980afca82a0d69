"""The keys of an experiment that say how people are given to variants, and what stops one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from .block import Block
from .values import Duration, Percentage

WaveCount = Annotated[int, Field(ge=2, le=100)]


class Waves(Block):
    """In how many parts people are written to, and when the next is; a number is that of parts."""

    number: WaveCount = Field(default=5, description="How many waves.")
    wait: Duration = Field(
        default=timedelta(hours=24),
        description="How long after a wave has left the next one opens.",
    )
    feedback: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        description="The next one opens earlier, once so many people of a wave reacted.",
    )


class Guardrail(Block):
    """What stops a variant that drives people away."""

    unsubscribe: Percentage = Field(
        default=Decimal("0.005"),
        description="How much more of its people than of the others may unsubscribe.",
    )
    complaint: Percentage = Field(
        default=Decimal("0.001"),
        description="How much more of its people than of the others may complain.",
    )
    most_unsubscribe: Percentage = Field(
        default=Decimal("0.05"),
        description="How many of its people may unsubscribe, whatever the others do.",
    )


def number_or_block(schema: dict[str, Any]) -> None:
    """Let editors take a number where the block of waves stands."""
    number = {"type": "integer", "minimum": 2, "maximum": 100}
    schema["anyOf"].insert(0, number)
