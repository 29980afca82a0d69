"""Walks the models of recipes, settings and options: every key with its type and default."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, SecretStr

from ballyhoo import CheckedCondition, FieldLimits, SecretReference, Template
from ballyhoo.core.recipe import values

WORDS: dict[Any, str] = {
    Any: "duration or moment",
    BaseModel: "block",
    CheckedCondition: "condition",
    Decimal: "percentage",
    Path: "file",
    SecretReference: "secret",
    SecretStr: "text",
    Template: "template",
    bool: "true or false",
    date: "date",
    float: "number",
    dict: "mapping",
    int: "whole number",
    list: "list",
    str: "text",
    timedelta: "duration",
    values.Again: "again",
    values.Approval: "approval",
    values.Rate: "rate",
    values.TimesOfDay: "times of day",
}
"""What the pages call a type."""
NAMED: dict[str, str] = {
    "campaign": "name",
    "policy.topic": "name",
    "experiment.exclusive.group": "name",
    "generate.offer.discount": "discount",
}
"""The keys whose text has a form, which its type does not tell."""


@dataclass
class Key:
    """One key of a model.

    Attributes:
        path: Dotted; NAME stands for a name of the reader's own.
        kind: Its type, without None.
        default: What stands after `Default: `, or "" when the key is required.
    """

    path: str
    kind: Any
    default: str

    @property
    def type_words(self) -> list[str]:
        """What its `Type:` line must hold."""
        if self.path in NAMED:
            return [NAMED[self.path]]
        origin = get_origin(self.kind) or self.kind
        if origin is Literal:
            return [f"`{one}`" for one in get_args(self.kind)]
        if isinstance(origin, type) and issubclass(origin, BaseModel):
            origin = BaseModel
        return [WORDS[origin]]


def walk_keys(kind: Any, prefix: str = "") -> Iterator[Key]:
    """Yield the keys of a model and of all models in it."""
    for name, annotation, default in _list_fields(kind):
        path = prefix + name
        inner = _without_extras(annotation)
        yield Key(path, inner, default)
        below, between = inner, "."
        if get_origin(inner) is dict:
            below, between = get_args(inner)[1], ".NAME."
        elif get_origin(inner) is list:
            below = get_args(inner)[0]
        yield from walk_keys(_without_extras(below), path + between)


def _list_fields(kind: Any) -> Iterator[tuple[str, Any, str]]:
    if kind is FieldLimits:
        hints = get_type_hints(FieldLimits)
        for one in dataclasses.fields(FieldLimits):
            yield one.name, hints[one.name], show_default(one.default)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            default = "" if field.is_required() else field.get_default(call_default_factory=True)
            is_required = field.is_required()
            yield (
                field.alias or name,
                field.annotation,
                "" if is_required else show_default(default),
            )


def show_default(value: Any) -> str:
    """Return a default as the pages write it."""
    if isinstance(value, BaseModel):
        return "as below"
    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    if isinstance(value, timedelta):
        value = values.write_duration(value)
    if isinstance(value, Decimal):
        value = f"{(value * 100).normalize():f}%"
    if value is None or value in ("", [], {}):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _without_extras(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        [annotation] = [one for one in get_args(annotation) if one is not type(None)]
    if get_origin(annotation) is Annotated:
        return get_args(annotation)[0]
    return annotation
