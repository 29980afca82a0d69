"""The audience by a condition: everybody for whom `where` holds, found inside the database."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from ballyhoo import Context, CustomerCondition, Options, compile_condition, hookimpl


class SqlSegmentOptions(Options):
    """The recipe's `segment` block.

    Attributes:
        where: The condition.
    """

    where: CustomerCondition = Field(
        description="Who the audience is: an expression, or its structured form."
    )


@hookimpl
def segment(context: Context, options: SqlSegmentOptions) -> Any:
    """Return a selectable of the ids of those for whom the condition holds now."""
    return compile_condition(options.where, now=context.clock.now())
