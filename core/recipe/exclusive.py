"""The part of a group of experiments that one recipe has."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .block import Block
from .values import Name


class Exclusive(Block):
    """The part of a group of experiments in which this one is: nobody is in two of them."""

    group: Name = Field(description="What the experiments of the group share: a name.")
    part: Annotated[int, Field(ge=1)] = Field(description="Which of the parts is its own.")
    of: Annotated[int, Field(ge=2, le=100)] = Field(
        description="How many equal parts there are; the same in all recipes of the group."
    )
