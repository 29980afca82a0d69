"""The JSON Schema of a recipe, with the options of every installed plugin in it.

Draft 7, because that is what editors' YAML servers complete best. A stage takes the keys of the
plugin that it names; a variant takes the same keys, all of them optional, and null.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from pydantic import BaseModel

from ..registry import Registry
from .block import Block
from .models import BLOCKS, DEFAULT_PLUGINS, STAGE_BLOCKS, Recipe
from .variants import CHANGEABLE

Schema = dict[str, Any]

FILE_NAME = "recipe.schema.json"


def make_schema(registry: Registry) -> Schema:
    """Return the JSON Schema of recipes for the plugins that are loaded."""
    return _Builder(registry).build()


class _Builder:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.definitions: Schema = {}

    def build(self) -> Schema:
        whole = Recipe.model_json_schema()["properties"]
        properties: Schema = {}
        for key, plain in whole.items():
            if key in STAGE_BLOCKS:
                properties[key] = self._stage(key)
            elif key in BLOCKS:
                properties[key] = self._adopt(BLOCKS[key], f"core.{key}")
            elif key == "review":
                properties[key] = self._reviewers()
            else:
                properties[key] = _refuse_null(_tidy(plain))
            properties[key]["description"] = plain.get("description", "")
        properties["experiment"]["properties"]["variants"] = {
            "type": "object",
            "description": "By name, what each variant changes in the recipe.",
            "additionalProperties": self._variant(properties),
        }
        answers = {"required": ["segment"]}, {"required": ["deliver"]}
        unnamed = {"required": ["segment"]}, {"required": ["campaign"]}
        return {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Ballyhoo recipe",
            "description": "A campaign as one file.",
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
            "anyOf": [
                {"required": ["campaign", "segment", "deliver"]},
                {"required": ["respond"], "not": {"anyOf": [*answers]}},
                {"required": ["respond"], "not": {"anyOf": [*unnamed]}},
            ],
            "definitions": self.definitions,
        }

    def _stage(self, stage: str) -> Schema:
        default = DEFAULT_PLUGINS[stage]
        names = self.registry.names(stage)
        unnamed = {"not": {"required": ["plugin"]}}
        cases: list[Schema] = [
            {
                "if": {"properties": {"plugin": {"const": name}}, "required": ["plugin"]},
                "then": self._closed(stage, name),
            }
            for name in names
        ]
        if default in names:
            cases.append({"if": unnamed, "then": self._closed(stage, default)})
        else:
            cases.append({"if": unnamed, "then": {"required": ["plugin"]}})
        return {
            "type": "object",
            "properties": {"plugin": _plugin_key(stage, names)},
            "allOf": cases,
        }

    def _closed(self, stage: str, plugin: str) -> Schema:
        """Return what a stage takes when this plugin runs it: the core's keys and its own."""
        core = self._adopt(STAGE_BLOCKS[stage], f"core.{stage}")
        own = self._options(stage, plugin)
        return {
            "type": "object",
            "properties": {
                **core["properties"],
                **own.get("properties", {}),
                "plugin": _plugin_key(stage, self.registry.names(stage)),
            },
            "required": sorted({*core.get("required", ()), *own.get("required", ())}),
            "additionalProperties": False,
        }

    def _options(self, hook: str, plugin: str) -> Schema:
        record = self.registry.find(plugin)
        model = record.options.get(hook) if record is not None else None
        if model is None:
            return {"type": "object", "properties": {}, "additionalProperties": False}
        return self._adopt(model, f"{plugin}.{hook}")

    def _reviewers(self) -> Schema:
        names = self.registry.names("review")
        return {
            "type": "object",
            "properties": {name: self._options("review", name) for name in names},
            "additionalProperties": False,
        }

    def _variant(self, properties: Schema) -> Schema:
        keys: Schema = {}
        for key in CHANGEABLE:
            block = properties[key]
            if key in STAGE_BLOCKS:
                keys[key] = {**self._relax(self._union(key)), "additionalProperties": False}
            else:
                keys[key] = self._relax(block)
            keys[key]["type"] = ["object", "null"]
        return {"type": "object", "properties": keys, "additionalProperties": False}

    def _union(self, stage: str) -> Schema:
        """Return the keys of a stage whatever its plugin; each as any plugin takes it."""
        choices: dict[str, list[Schema]] = {}
        for name in self.registry.names(stage) or [""]:
            for key, schema in self._closed(stage, name)["properties"].items():
                known = choices.setdefault(key, [])
                if schema not in known:
                    known.append(schema)
        return {
            "type": "object",
            "properties": {
                key: found[0] if len(found) == 1 else {"anyOf": found}
                for key, found in choices.items()
            },
        }

    def _relax(self, schema: Any) -> Any:
        """Return a copy in which every key is optional and may be null."""
        if isinstance(schema, list):
            return [self._relax(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return {**schema, "$ref": self._relaxed_reference(schema["$ref"])}
        relaxed = {key: self._relax(one) for key, one in schema.items() if key != "required"}
        if isinstance(schema.get("properties"), dict):
            relaxed["properties"] = {
                key: {"anyOf": [self._relax(one), {"type": "null"}]}
                for key, one in schema["properties"].items()
            }
        return relaxed

    def _relaxed_reference(self, reference: str) -> str:
        name = reference.removeprefix("#/definitions/")
        relaxed = f"{name}.relaxed"
        if relaxed not in self.definitions:
            self.definitions[relaxed] = {}  # a model may contain itself
            self.definitions[relaxed] = self._relax(self.definitions[name])
        return f"#/definitions/{relaxed}"

    def _adopt(self, model: type[BaseModel], owner: str) -> Schema:
        """Return a model's schema, its definitions moved to ours under the owner's name."""
        schema = _tidy(model.model_json_schema())
        if issubclass(model, Block):
            schema = _refuse_null(schema)
        for name, definition in schema.pop("$defs", {}).items():
            self.definitions[f"{owner}.{name}"] = _point(definition, owner)
        pointed: Schema = _point(schema, owner)
        return pointed


def _plugin_key(stage: str, names: list[str]) -> Schema:
    return {
        "type": "string",
        "enum": names,
        "description": f"The plugin of this stage; {DEFAULT_PLUGINS[stage]} when left out.",
    }


def _point(schema: Any, owner: str) -> Any:
    if isinstance(schema, list):
        return [_point(one, owner) for one in schema]
    if not isinstance(schema, dict):
        return schema
    pointed = {key: _point(one, owner) for key, one in schema.items()}
    if isinstance(pointed.get("$ref"), str):
        name = pointed["$ref"].removeprefix("#/$defs/")
        pointed["$ref"] = f"#/definitions/{owner}.{name}"
    return pointed


def _refuse_null(schema: Any) -> Any:
    """Return a copy in which a key is left out rather than null, as the core wants it."""
    if isinstance(schema, list):
        return [_refuse_null(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: _refuse_null(one) for key, one in schema.items()}
    if kept.get("default", "") is None:
        del kept["default"]
    choices = [one for one in kept.get("anyOf", []) if one != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        kept = {**choices[0], **kept}
    elif choices:
        kept["anyOf"] = choices
    return kept


def _tidy(schema: Any) -> Any:
    """Return a copy without the titles that pydantic makes of names."""
    if isinstance(schema, list):
        return [_tidy(one) for one in schema]
    if not isinstance(schema, dict):
        return deepcopy(schema)
    return {
        key: (
            {name: _tidy(one) for name, one in value.items()}
            if key == "properties"
            else _tidy(value)
        )
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
    }
