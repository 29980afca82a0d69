"""Validates a part of the document against a model, each error at its place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from .document import Node
from .findings import Findings
from .wording import unknown_key, word_error

M = TypeVar("M", bound=BaseModel)


def validate_node(
    model: type[M],
    node: Node,
    findings: Findings,
    *,
    data: Any = None,
    known_keys: Sequence[str] = (),
    context: dict[str, Any] | None = None,
    partly: bool = False,
) -> M | None:
    """Validate the node against the model.

    Args:
        model: A pydantic model that forbids unknown keys.
        node: What the recipe says there, for the places.
        findings: Where mistakes go.
        data: What to validate when it is not all of the node, as plain data.
        known_keys: Further keys to suggest for an unknown one at the top of this node.
        context: What validators may look at (folders).
        partly: Whether to leave out the keys that are wrong, so that the others can still be
            looked at together.

    Returns:
        The model's instance, or None when there was a mistake (with `partly`: when nothing is left
        of it).
    """
    plain = node.plain() if data is None else data
    try:
        return _validate(model, plain, context)
    except ValidationError as error:
        wrong: list[dict[str, Any]] = [dict(item) for item in error.errors(include_url=False)]
    for item in wrong:
        _add(item, model, node, findings, known_keys)
    if not partly or not isinstance(plain, dict):
        return None
    first = {item["loc"][0] for item in wrong if item["loc"]}
    try:
        return _validate(model, {key: plain[key] for key in plain if key not in first}, context)
    except ValidationError:
        return None


def _validate(model: type[M], plain: Any, context: dict[str, Any] | None) -> M:
    # As JSON, strictly: a list may become a tuple and text a date, but never "3" a number.
    text = json.dumps(plain, default=_as_text)
    return model.model_validate_json(text, strict=True, context=context)


def _as_text(value: date) -> str:
    return value.isoformat()


def _add(
    error: dict[str, Any],
    model: type[BaseModel],
    node: Node,
    findings: Findings,
    known_keys: Sequence[str],
) -> None:
    location = [part for part in error["loc"] if part != "[key]"]
    if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        owner, rest = node.follow(location[:-1])
        key = str(location[-1])
        place = owner.key_places.get(key, owner.place)
        known = _keys_of(model, location[:-1])
        if len(location) == 1:
            known = [*known, *known_keys]
        below = owner.child(key)
        path = below.path[:-1] if below is not None else owner.path
        findings.add(place, unknown_key(key, known), path)
        return
    found, rest = node.follow(location)
    if error["type"] in ("missing", "missing_argument", "missing_keyword_only_argument") or rest:
        key = str(rest[0]) if rest else str(location[-1])
        findings.add(found.place, f"'{key}' is missing", found.path)
        return
    findings.add(found.place, word_error(error, found), found.path)


def _keys_of(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """Return the keys that the model takes at a location, by its JSON Schema."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    here: list[dict[str, Any]] = [schema]
    for part in location:
        here = [
            below for one in here for below in _below(_resolve(one, definitions), part, definitions)
        ]
    keys: dict[str, None] = {}
    for one in here:
        for choice in _choices(_resolve(one, definitions), definitions):
            keys.update(dict.fromkeys(choice.get("properties", {})))
    return list(keys)


def _resolve(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    return schema


def _choices(schema: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    choices = [schema]
    for name in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(name, []):
            choices += _choices(_resolve(one, definitions), definitions)
    return choices


def _below(
    schema: dict[str, Any], part: str | int, definitions: dict[str, Any]
) -> list[dict[str, Any]]:
    found = []
    for choice in _choices(schema, definitions):
        if isinstance(part, int):
            below = choice.get("items")
        else:
            below = choice.get("properties", {}).get(part, choice.get("additionalProperties"))
        if isinstance(below, dict):
            found.append(below)
    return found
