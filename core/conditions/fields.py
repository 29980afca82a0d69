"""The fields that a condition may name: a set for customers, a set for products."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..spelling import suggest_name

FieldType = Literal["text", "number", "boolean", "moment", "list", "any"]

TYPE_NAMES: dict[FieldType, str] = {
    "text": "text",
    "number": "a number",
    "boolean": "true or false",
    "moment": "a date",
    "list": "several values",
    "any": "a value",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field.

    Attributes:
        name: As conditions write it.
        type: What it holds; `any` for a free trait, whose type is that of what it is compared
            with.
        help: One sentence.
        build: Answers the SQLAlchemy column or expression; called only when a condition is
            compiled. For a free field it is called with the part after the dot.
        can_be_missing: Whether it may have no value.
    """

    name: str
    type: FieldType
    help: str
    build: Callable[..., Any]
    can_be_missing: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSet:
    """The fields of one kind of thing.

    Attributes:
        subject: What a condition over them is about (`customer`, `product`).
        fields: The fields by name.
        free: Fields whose names the shop chooses, by the word before the dot (`traits`).
    """

    subject: str
    fields: Mapping[str, FieldSpec]
    free: Mapping[str, FieldSpec] = field(default_factory=dict)

    def find(self, name: str) -> FieldSpec | None:
        """Return the field of this name, or None."""
        prefix, dot, rest = name.partition(".")
        if dot and rest:
            return self.free.get(prefix)
        return self.fields.get(name)

    def explain_unknown(self, name: str) -> str:
        """Say that there is no such field, and which was meant."""
        known = [*self.fields, *(f"{prefix}.NAME" for prefix in self.free)]
        hint = suggest_name(name, known)
        return f"unknown field '{name}'; {hint}" if hint else f"unknown field '{name}'"
