"""A condition without mistakes, as options hold it; the language itself is not loaded for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..functions import ConditionFunction
    from .fields import FieldSet
    from .tree import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCondition:
    """A condition without mistakes.

    Attributes:
        source: As it was written: text, or data of the structured form.
        tree: Its tree; each `in_segment` holds the condition of that segment.
        fields: What it is about.
        functions: The functions that it calls, by name.
        segments: The texts of the named segments that it uses, so that a run can keep them.
    """

    source: Any
    tree: Condition
    fields: FieldSet
    functions: Mapping[str, ConditionFunction] = field(repr=False)
    segments: Mapping[str, str] = field(default_factory=dict, repr=False)
