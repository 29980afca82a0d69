from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import jsonschema
import pytest
from pydantic import Field
from ruamel.yaml import YAML

from ballyhoo import Brief, Copy, Options, Recommendation, hookimpl
from ballyhoo.core.campaign import check_recipe
from ballyhoo.core.plugin_loading import load_plugins
from ballyhoo.core.recipe.schema import make_schema
from ballyhoo.core.registry import Registry

ROOT = Path(__file__).parents[3]
RECIPES = [
    *sorted(
        set((ROOT / "campaigns").glob("*.yaml")) - set((ROOT / "campaigns").glob("*.test.yaml"))
    ),
    ROOT / "core/starter/hello.yaml",
]


class Voice(Options):
    tone: Literal["warm", "terse"] = "warm"
    strength: int = 1


class WriterOptions(Options):
    model: str
    voice: Voice = Voice()


class TopOptions(Options):
    top: int = 3
    below: dict[str, Voice] = Field(default_factory=dict)


class Writer:
    @hookimpl
    def generate(self, options: WriterOptions, briefs: list[Brief]) -> list[Copy]:
        raise AssertionError("a schema calls no plugin")


class Ranker:
    @hookimpl
    def recommend(self, options: TopOptions, customers: list[Any]) -> list[list[Recommendation]]:
        raise AssertionError("a schema calls no plugin")


GOOD = """\
campaign: spring
segment: {plugin: list_segment, customers: [a]}
recommend: {plugin: ranker, top: 2, below: {x: {tone: terse}}}
generate:
  plugin: writer
  model: ballyhoo/demo
  voice: {tone: warm}
  fields: {subject: {max_chars: 60}, body: {max_words: 80}}
  offer: [{code: A, discount: 20%, where: orders > 3}, {code: B, ends: 2026-04-30}]
  traits: [orders]
  fallback: {en: {subject: s, body: b}, de: {subject: s, body: b}}
  approval: sample 20
experiment:
  variants:
    warm: {generate: {voice: {strength: 2}, offer: null}}
    other: {deliver: {warm_up: {start: 9/day}}, policy: {cap: {per: 3d}}}
  shares: {warm: 60%, other: 40%}
  holdout: 5%
  window: 14d
review: {copy_guard: {numbers: allow}}
deliver:
  plugin: outbox
  rate: 600/min
  warm_up: {start: 500/day, double_every: 1d}
  tracking: {clicks: true}
policy:
  quiet_hours: "21:00-08:00"
  cap: {messages: 2, per: 7d}
  again: after 30d
  expires: 3d
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    registry = load_plugins(folder=tmp_path_factory.mktemp("workspace"))
    registry.add("writer", Writer())
    registry.add("ranker", Ranker())
    return registry


@pytest.fixture(scope="module")
def validator(registry: Registry) -> jsonschema.Draft7Validator:
    schema = make_schema(registry)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def read(text: str) -> Any:
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_every_recipe_of_ours_fits_the_schema(
    path: Path, validator: jsonschema.Draft7Validator
) -> None:
    assert list(validator.iter_errors(read(path.read_text()))) == []


def test_a_recipe_with_every_block_fits_the_schema_and_check(
    registry: Registry, validator: jsonschema.Draft7Validator, tmp_path: Path
) -> None:
    checked = check_recipe(GOOD.encode(), file="a.yaml", registry=registry, workspace=tmp_path)
    assert checked.mistakes == ()
    assert list(validator.iter_errors(read(GOOD))) == []


@pytest.mark.parametrize(
    "rate", ["{total: 600/min}", "{per_domain: 10/s}", "{total: 600/min, per_domain: 10/s}"]
)
def test_a_rate_fits_as_a_mapping_too(
    registry: Registry, validator: jsonschema.Draft7Validator, tmp_path: Path, rate: str
) -> None:
    text = GOOD.replace("600/min", rate)
    checked = check_recipe(text.encode(), file="a.yaml", registry=registry, workspace=tmp_path)
    assert checked.mistakes == ()
    assert list(validator.iter_errors(read(text))) == []


def test_a_recipe_that_only_answers_fits(validator: jsonschema.Draft7Validator) -> None:
    mistakes = list(validator.iter_errors({"respond": {"plugin": "none"}}))
    assert [list(one.absolute_path) for one in mistakes] == [["respond", "plugin"]]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("campaign: spring", "campaing: spring", []),
        ("plugin: writer", "plugin: wirter", ["generate", "plugin"]),
        ("top: 2", "topp: 2", ["recommend"]),
        ("top: 2", "top: two", ["recommend", "top"]),
        ("{tone: terse}", "{tone: cold}", ["recommend", "below", "x", "tone"]),
        ("  model: ballyhoo/demo\n", "", ["generate"]),
        ("max_chars: 60", "max_char: 60", ["generate", "fields", "subject"]),
        ("discount: 20%", "discount: much", ["generate", "offer"]),
        ("approval: sample 20", "approval: twenty", ["generate", "approval"]),
        ("voice: {strength: 2}", "voice: {strenth: 2}", "generate.voice"),
        ("{cap: {per: 3d}}", "{cap: {pre: 3d}}", "policy.cap"),
        ("warm: {generate", "warm: {segment: {}, generate", "warm"),
        ("holdout: 5%", "holdout: 0.05", ["experiment", "holdout"]),
        ("numbers: allow", "number: allow", ["review", "copy_guard"]),
        ("copy_guard", "copy_gard", ["review"]),
        ("rate: 600/min", "rate: 600", ["deliver", "rate"]),
        ("clicks: true", "clicks: 1", ["deliver", "tracking", "clicks"]),
        ("again: after 30d", "again: later", ["policy", "again"]),
        ("again: after 30d", "again: null", ["policy", "again"]),
        ("rate: 600/min", "rate:", ["deliver", "rate"]),
        ("rate: 600/min", "rate: {}", ["deliver", "rate"]),
        ("rate: 600/min", "rate: [600/min]", ["deliver", "rate"]),
        ("rate: 600/min", "rate: {total: 600}", ["deliver", "rate"]),
        ("rate: 600/min", "rate: {per_domain: null}", ["deliver", "rate"]),
        ("rate: 600/min", "rate: {totl: 600/min}", ["deliver", "rate"]),
        ("deliver:\n  plugin: outbox\n", "deliver:\n  plugin: outbox\n  folder: 3\n", ["deliver"]),
    ],
)
def test_what_check_refuses_the_schema_marks(
    registry: Registry,
    validator: jsonschema.Draft7Validator,
    tmp_path: Path,
    old: str,
    new: str,
    path: Any,
) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    checked = check_recipe(text.encode(), file="a.yaml", registry=registry, workspace=tmp_path)
    assert checked.mistakes
    marked = [list(error.absolute_path) for error in validator.iter_errors(read(text))]
    if isinstance(path, list):
        assert any(one[: len(path)] == path for one in marked), marked
    else:
        assert any(one[:2] == ["experiment", "variants"] for one in marked), marked


def test_a_stage_completes_the_keys_of_its_plugin(registry: Registry) -> None:
    schema = make_schema(registry)
    cases = schema["properties"]["generate"]["allOf"]
    writer = next(
        case["then"]
        for case in cases
        if case["if"].get("properties", {}).get("plugin", {}).get("const") == "writer"
    )
    assert {"plugin", "model", "voice", "fields", "offer", "traits"} <= set(writer["properties"])
    assert writer["required"] == ["fields", "model"]
    assert writer["additionalProperties"] is False
