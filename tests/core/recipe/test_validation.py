from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ballyhoo import Options
from ballyhoo.core.recipe.findings import Findings
from ballyhoo.core.recipe.model_keys import find_keys
from ballyhoo.core.recipe.validation import ValidatorFailed, validate_node
from ballyhoo.core.recipe.yaml_reader import read_yaml


class Point(Options):
    x: int
    y: int = 0


class Circle(Options):
    kind: Literal["circle"]
    radius: Annotated[int, Field(gt=0)]


class Square(Options):
    kind: Literal["square"]
    side: int


@dataclass
class Limits:
    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    most: int
    least: int = 0


class Odd:
    """A type of a plugin's own, of which there is no JSON Schema."""


class WithOdd(Options):
    model_config = ConfigDict(arbitrary_types_allowed=True)

    odd: Odd | None = None
    written: int = Field(default=1, alias="as")


class Everything(Options):
    number: int = 1
    small: Annotated[int, Field(ge=1)] | Literal["auto"] = 1
    one_or_many: str | list[str] = ""
    point: Point | None = None
    points: list[Point] = Field(default_factory=list)
    by_name: dict[Annotated[str, Field(max_length=3)], Point] = Field(default_factory=dict)
    shape: Annotated[Circle | Square, Field(discriminator="kind")] | None = None
    either: Point | Square | None = None
    limits: Limits | None = None
    pair: tuple[int, str] | None = None
    words: set[str] = Field(default_factory=set)
    written: str = Field(default="", alias="as")


def validate(text: str, model: type[BaseModel] = Everything, **how: Any) -> tuple[Any, list[str]]:
    findings = Findings("x.yaml")
    node = read_yaml(text.encode(), findings)
    assert node is not None
    made = validate_node(model, node, findings, **how)
    return made, [str(mistake).removeprefix("x.yaml:") for mistake in findings.sorted()]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("number: x", ["1:9: number: must be a whole number, not 'x'"]),
        ("number: true", ["1:9: number: must be a whole number, not true"]),
        ("number: 0x1F.0", ["1:9: number: must be a whole number, not '0x1F.0'"]),
        ("small: 0", ["1:8: small: must be at least 1, not 0"]),
        ("small: often", ["1:8: small: must be a whole number or 'auto', not 'often'"]),
        ("one_or_many: 5", ["1:14: one_or_many: must be text or a list, not 5"]),
        ("one_or_many: {a: 1}", ["1:14: one_or_many: must be text or a list, not a mapping"]),
        (
            "one_or_many: [a, 5, b, 6]",
            [
                '1:18: one_or_many[1]: must be text, not 5; write "5" in quotes',
                '1:24: one_or_many[3]: must be text, not 6; write "6" in quotes',
            ],
        ),
        ("point: {}", ["1:8: point: 'x' is missing"]),
        ("point: 7", ["1:8: point: must be a mapping (key: value), not 7"]),
        ("points: [{x: 1}, {y: 1}]", ["1:18: points[1]: 'x' is missing"]),
        ("points: {x: 1}", ["1:9: points: must be a list, not a mapping"]),
        ("by_name: {long: {x: 1}}", ["1:11: by_name.long: has 4 characters; at most 3"]),
        ("by_name: {a: {x: b}}", ["1:18: by_name.a.x: must be a whole number, not 'b'"]),
        ("shape: {radius: 1}", ["1:8: shape: 'kind' is missing; it says which kind this is"]),
        (
            "shape: {kind: oval}",
            ["1:8: shape: 'kind' must be one of 'circle', 'square', not 'oval'"],
        ),
        ("shape: {kind: circle, radius: 0}", ["1:31: shape.radius: must be more than 0, not 0"]),
        ("shape: {kind: circle}", ["1:8: shape: 'radius' is missing"]),
        ("limits: {}", ["1:9: limits: 'most' is missing"]),
        ("limits: {mots: 5}", ["1:10: limits: unknown key 'mots'; did you mean 'most'?"]),
        ("pair: [1]", ["1:7: pair: entry 2 is missing"]),
        ("pair: [1, 2]", ['1:11: pair[1]: must be text, not 2; write "2" in quotes']),
        ("words: a", ["1:8: words: must be a list, not 'a'; write [a]"]),
        ("as: 5", ['1:5: as: must be text, not 5; write "5" in quotes']),
        ("written: x", ["1:1: unknown key 'written'; known: number, small, one_or_many, point, "
                        "points, by_name, shape, either, limits, pair, words, as"]),
    ],
)  # fmt: skip
def test_a_wrong_value_is_explained_where_it_stands(text: str, said: list[str]) -> None:
    assert validate(text) == (None, said)


def test_a_misspelt_key_is_read_as_the_one_that_was_meant() -> None:
    assert validate("pont: {x: a, z: 1}") == (
        None,
        [
            "1:1: unknown key 'pont'; did you mean 'point'?",
            "1:11: pont.x: must be a whole number, not 'a'",
            "1:14: pont: unknown key 'z'; known: x, y",
        ],
    )


def test_a_misspelt_key_beside_the_right_one_is_only_told() -> None:
    _, said = validate("point: {x: 1}\npoinf: {x: a}")
    assert said == ["2:1: unknown key 'poinf'; did you mean 'point'?"]


def test_of_a_union_of_mappings_the_nearest_is_told_and_known_keys_of_all_are_known() -> None:
    _, said = validate("either: {kind: square, site: 3}")
    assert said == ["1:24: either: unknown key 'site'; did you mean 'side'?"]


def test_mixing_two_branches_of_a_union_ends_with_a_mistake() -> None:
    made, said = validate("either: {x: 1, kind: square, side: 2}")
    assert made is None
    assert said == [
        "1:16: either: unknown key 'kind'; known: x, y",
        "1:30: either: unknown key 'side'; known: x, y",
    ]


def test_unknown_keys_do_not_hide_what_the_model_says_as_a_whole() -> None:
    class Range(Options):
        least: int
        most: int

        @model_validator(mode="after")
        def _check(self) -> Range:
            if self.least > self.most:
                raise ValueError("least is more than most")
            return self

    _, said = validate("least: 5\nmsot: 3\nstep: 1", Range)
    assert said == [
        "1:1: least is more than most",
        "2:1: unknown key 'msot'; did you mean 'most'?",
        "3:1: unknown key 'step'; known: least, most",
    ]


def test_partly_leaves_out_what_is_wrong_and_keeps_the_rest() -> None:
    made, said = validate(
        "number: x\npoints: [{x: 1}, {x: a}, {x: 3}]\npoint: {y: 1}\nwords: [a]", partly=True
    )
    assert len(said) == 3
    assert (made.number, made.words, made.point) == (1, {"a"}, None)
    assert made.points == [Point(x=1), Point(x=3)]


def test_partly_gives_up_when_a_required_key_is_wrong() -> None:
    assert validate("x: a", Point, partly=True) == (
        None,
        ["1:4: x: must be a whole number, not 'a'"],
    )


def test_what_was_refused_before_is_not_told_again() -> None:
    _, said = validate("number: *x\npoint: !!int 3\nwords: &w 5")
    assert [line.split("; ")[0] for line in said] == [
        "1:9: number: '*x' is an alias, which is not allowed here",
        "2:8: point: a '!' begins a tag, which is not allowed here",
        "3:8: words: '&w' is an anchor, which is not allowed here",
        "3:8: words: must be a list, not 5",
    ]


def test_a_merge_hides_no_key_and_misses_none() -> None:
    _, said = validate("point: {<<: *base, y: b}")
    assert said == [
        "1:9: point: '<<' (merging) is not allowed here; write the keys out",
        "1:23: point.y: must be a whole number, not 'b'",
    ]


def test_a_validator_that_fails_says_so_instead_of_stopping_everything() -> None:
    class Fragile(Options):
        name: str

        @field_validator("name")
        @classmethod
        def _check(cls, value: str) -> str:
            raise KeyError(value)

    with pytest.raises(ValidatorFailed, match="KeyError"):
        validate("name: x", Fragile)


def test_a_type_without_a_schema_still_knows_its_keys() -> None:
    assert find_keys(WithOdd) == ["odd", "as"]
    assert validate("ood: null", WithOdd)[1] == ["1:1: unknown key 'ood'; did you mean 'odd'?"]


def test_keys_are_found_below_lists_mappings_and_unions() -> None:
    assert find_keys(Everything, ["points", 3]) == ["x", "y"]
    assert find_keys(Everything, ["by_name", "any"]) == ["x", "y"]
    assert find_keys(Everything, ["either"]) == ["x", "y", "kind", "side"]
    assert find_keys(Everything, ["number"]) == []


def test_the_context_reaches_validators(tmp_path: Path) -> None:
    from ballyhoo import DataFile

    class WithFile(Options):
        file: DataFile

    (tmp_path / "a.csv").write_text("id\n")
    made, said = validate("file: a.csv", WithFile, context={"workspace": tmp_path})
    assert (said, made.file) == ([], tmp_path / "a.csv")
