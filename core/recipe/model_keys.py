"""Knows which keys a model takes, at its top and in what it contains."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.errors import PydanticInvalidForJsonSchema, PydanticUserError

Schema = dict[str, Any]


def find_keys(model: type[BaseModel], path: Sequence[str | int] = ()) -> list[str]:
    """Return the keys that a model takes at a path, as a recipe writes them.

    Where a union stands, those of all its branches are returned.
    """
    schema = _read_schema(model)
    definitions = schema.get("$defs", {})
    here = [schema]
    for part in path:
        here = [below for one in here for below in _step_down(one, part, definitions)]
    keys: dict[str, None] = {}
    for one in here:
        for choice in _choices(one, definitions):
            keys.update(dict.fromkeys(choice.get("properties", {})))
    return list(keys)


@lru_cache(maxsize=256)
def _read_schema(model: type[BaseModel]) -> Schema:
    try:
        return model.model_json_schema()
    except (PydanticInvalidForJsonSchema, PydanticUserError):
        # A type of the plugin's own that has no schema; the names at the top are known still.
        fields = model.model_fields
        return {"properties": {field.alias or name: {} for name, field in fields.items()}}


def _resolve(schema: Schema, definitions: Schema) -> Schema:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    return schema


def _choices(schema: Schema, definitions: Schema) -> list[Schema]:
    schema = _resolve(schema, definitions)
    choices = [schema]
    for name in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(name, []):
            choices += _choices(one, definitions)
    return choices


def _step_down(schema: Schema, part: str | int, definitions: Schema) -> list[Schema]:
    found = []
    for choice in _choices(schema, definitions):
        if isinstance(part, int):
            below = choice.get("items")
        else:
            below = choice.get("properties", {}).get(part, choice.get("additionalProperties"))
        if isinstance(below, dict):
            found.append(below)
    return found
