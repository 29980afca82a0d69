from __future__ import annotations

from datetime import timedelta
from io import StringIO

from pydantic import BaseModel, Field
from ruamel.yaml import YAML

from ballyhoo import Options
from ballyhoo.core.evaluation.option_changes import change_options, find_most, write_changes
from ballyhoo.core.recipe.values import Duration


class Inner(BaseModel):
    share: float = Field(default=0.5, ge=0, le=1)
    days: int = 3


class Ranking(Options):
    top: int = Field(default=3, ge=1, le=50)
    half_life: Duration = timedelta(days=90)
    inner: Inner = Inner()
    free: int = 1


def test_options_are_changed_in_the_words_of_a_recipe() -> None:
    changed = change_options(Ranking(), {"half_life": "30d", "inner.share": 1})
    assert changed == Ranking(half_life="30d", inner=Inner(share=1))  # type: ignore[arg-type]
    assert change_options(Ranking(), {"inner.share": 2}, is_checked=True) is None
    assert change_options(Ranking(), {}) == Ranking()


def test_greatest_value_of_a_field_is_found() -> None:
    assert find_most(Ranking.model_fields["top"], 10) == 50
    assert find_most(Ranking.model_fields["free"], 10) == 10


def test_changes_are_written_as_a_piece_of_a_recipe() -> None:
    changes = {
        "algorithm": "ease", "half_life": "30d", "inner.share": 0.25, "inner.days": 9,
        "odd": "a: b", "yes": "no", "number": "12", "list": [1, "x"], "nothing": None,
    }  # fmt: skip
    text = write_changes(changes)
    assert text.startswith("recommend:\n  algorithm: ease\n  half_life: 30d\n")
    read = YAML(typ="safe").load(StringIO(text))["recommend"]
    assert read.pop("inner") == {"share": 0.25, "days": 9}
    assert read == {name: value for name, value in changes.items() if "." not in name}
