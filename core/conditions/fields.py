"""A set of fields that a condition may name, and what each holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..quoting import shorten
from ..spelling import suggest_name

FieldType = Literal["text", "number", "boolean", "moment", "list", "any"]

MOST_NAME_CHARS = 200
"""The longest name of the shop's own after the dot of a free field."""

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
        type: What it holds; `any` for a free field, whose type is that of what it is compared
            with.
        help: One sentence.
        missing: What a field without a value counts as (0 orders); None when it stays missing.
    """

    name: str
    type: FieldType
    help: str
    missing: int | None = None


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
        if dot:
            is_name = 0 < len(rest) <= MOST_NAME_CHARS and rest.isprintable()
            # SQLite finds no key with one of these: it compares keys as JSON writes them.
            is_plain = '"' not in rest and "\\" not in rest
            return self.free.get(prefix) if is_name and is_plain else None
        return self.fields.get(name)

    def names(self) -> list[str]:
        """Return how each field is written, in order; NAME stands for a name of the shop's own."""
        return [*self.fields, *(f"{prefix}.NAME" for prefix in self.free)]

    def explain_unknown(self, name: str) -> str:
        """Say that there is no such field, and which was meant."""
        hint = suggest_name(name, self.names())
        said = f"unknown field '{shorten(name)}'"
        return f"{said}; {hint}" if hint else said


def make_field_set(
    subject: str, fields: tuple[FieldSpec, ...], free: tuple[FieldSpec, ...]
) -> FieldSet:
    """Make a set of fields, each under its name."""
    return FieldSet(
        subject=subject,
        fields={one.name: one for one in fields},
        free={one.name: one for one in free},
    )
