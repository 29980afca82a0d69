"""The rule by which orders are attributed to messages, as a recipe has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from ..recipe.findings import Findings
from ..recipe.models import Experiment, Tracking
from ..recipe.values import write_duration
from ..recipe.yaml_reader import read_yaml

DEFAULT_WINDOW = timedelta(days=7)

Attribution = Literal["last_click", "linear_click", "last_sent", "linear_sent"]

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which messages an order is attributed to.

    Attributes:
        attribution: By a click or by the window alone, to the last message or to all in equal
            parts.
        window: How long after the click, or after the message was sent, an order counts.
        counts_clicks: Whether the recipe has clicks counted.
        counts_opens: Whether it has opens counted.
    """

    attribution: Attribution = "last_sent"
    window: timedelta = DEFAULT_WINDOW
    counts_clicks: bool = False
    counts_opens: bool = False

    @property
    def by_click(self) -> bool:
        """Whether it takes a click of hers."""
        return self.attribution.endswith("click")

    @property
    def is_linear(self) -> bool:
        """Whether all messages that led to an order share it."""
        return self.attribution.startswith("linear")

    @property
    def window_ms(self) -> int:
        """The window in milliseconds."""
        return self.window // timedelta(milliseconds=1)

    @property
    def shown_window(self) -> str:
        """The window as recipes write it, in days where it is some."""
        days = self.window / timedelta(days=1)
        return f"{days:.0f}d" if days.is_integer() else write_duration(self.window)

    def describe(self) -> str:
        """Return the rule in words, for beside a number."""
        since = "a click by a person" if self.by_click else "it was sent"
        whose = (
            "in equal parts for all messages, of all campaigns, of which that is so"
            if self.is_linear
            else "for the last message, of all campaigns, of which that is so"
        )
        return f"orders within {self.shown_window} after {since}, {whose}"


@lru_cache(maxsize=64)
def read_rule(recipe: str) -> Rule:
    """Return the rule of a recipe; of one that says nothing that rule which fits what it measures.

    Args:
        recipe: Its text, as a run keeps it; it was checked when the run was started.
    """
    root = read_yaml(recipe.encode(), Findings("recipe"))
    told = root.plain() if root is not None else {}
    try:
        experiment = _take(Experiment, told.get("experiment"), "window", "attribution")
        tracking = _take(Tracking, (told.get("deliver") or {}).get("tracking"), "clicks", "opens")
    except (ValidationError, AttributeError):
        return Rule()
    by_default: Attribution = "last_click" if tracking.clicks else "last_sent"
    return Rule(
        attribution=experiment.attribution or by_default,
        window=experiment.window or DEFAULT_WINDOW,
        counts_clicks=tracking.clicks,
        counts_opens=tracking.opens,
    )


def _take(model: type[M], block: Any, *names: str) -> M:
    """Return some keys of a block; an older recipe may have others that are known no more."""
    there = block or {}
    return model.model_validate({name: there[name] for name in names if name in there})
