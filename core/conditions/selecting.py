"""Selects those for whom a condition holds; the database library is loaded when it is called."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Select

    from .checked import CheckedCondition


def compile_condition(
    condition: CheckedCondition,
    *,
    now: datetime,
    currency: str | None = None,
    is_few: bool = False,
) -> Select[tuple[int]]:
    """Compile a condition.

    Args:
        condition: Over customers or products.
        now: The moment that "days since" counts from, aware.
        currency: Of products' prices; see `ProductColumns`.
        is_few: Whether the caller will narrow the answer to few ids.

    Returns:
        A statement that selects the id of each for whom it holds, each once, in no order;
        erased customers are left out.

    Raises:
        DataError: A function cannot be built with its arguments.
    """
    from .compiling import Compiler

    compiler = Compiler(condition, now=now, currency=currency, is_few=is_few)
    return compiler.select([condition.tree])
