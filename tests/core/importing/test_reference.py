from __future__ import annotations

import re
from pathlib import Path

import pytest

from ballyhoo.core.importing.kinds import KINDS, Kind
from ballyhoo.core.importing.map_model import Expression, RowTest, Section
from ballyhoo.core.importing.map_reader import read_map, shipped_maps

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "import-maps.md"


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_page_lists_every_field_of_a_kind(page: str, kind: Kind) -> None:
    (row,) = re.findall(rf"^\| {kind.name} \| (.*) \|$", page, flags=re.MULTILINE)
    listed = {name.partition(".")[0] for name in re.findall(r"`([a-z_.A-Z]+)`", row)}
    assert listed == {*kind.fields, *kind.families}


@pytest.mark.parametrize("model", [Expression, Section, RowTest], ids=lambda model: model.__name__)
def test_page_explains_every_key(page: str, model: type[Expression | Section | RowTest]) -> None:
    for name, field in model.model_fields.items():
        assert f"`{field.alias or name}`" in page, name


def test_page_lists_every_shipped_map(page: str) -> None:
    listed = page.partition("## Shipped maps")[2]
    for shipped in shipped_maps():
        assert f"`{shipped.map}`" in listed, shipped.map


def test_map_of_the_page_is_right(page: str) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    assert read_map(example.encode(), "map.yaml").section("events") is not None
