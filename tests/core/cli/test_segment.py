from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.cli import segment
from ballyhoo.core.store.engine import open_store

from ..conditions.shop import make_shop, write_shop

Run = Callable[..., Any]
RECIPE = """\
campaign: spring
segment:
  where: country = 'DE' AND (orders >= 2 OR traits.tier = 'gold') AND NOT consent_sms
deliver: {plugin: outbox, fields: {subject: Hello, body: Come and look.}}
"""


@pytest.fixture
def shop(run: Run) -> Path:
    """A workspace whose database holds sixty people."""
    Path("ballyhoo.toml").write_text("")
    with open_store("sqlite:///ballyhoo.db", create=True) as store:
        write_shop(store, make_shop())
    Path("r.yaml").write_text(RECIPE)
    return Path()


def test_the_audience_is_counted_and_each_condition_narrows_it(run: Run, shop: Path) -> None:
    answer = run("segment", "r.yaml", "--json")
    assert answer.code == 0
    shown = json.loads(answer.out)
    people = [one for one in make_shop().people if one["erased_at"] is None]
    german = [one for one in people if one["country"] == "DE"]
    assert shown["everybody"] == len(people)
    steps = shown["funnel"]
    assert [step["condition"] for step in steps] == [
        "country = 'DE'",
        "orders >= 2 OR traits.tier = 'gold'",
        "NOT consent_sms",
    ]
    assert steps[0] == {"condition": "country = 'DE'", "alone": len(german), "left": len(german)}
    assert len(people) >= steps[0]["left"] >= steps[1]["left"] >= steps[2]["left"] > 0
    assert steps[2]["left"] == shown["audience"]
    ids = {one["id"] for one in german}
    assert all(one["id"] in ids and one["key"] == f"C{one['id']}" for one in shown["sample"])


def test_long_work_says_how_far_it_is_beside_the_answer(
    run: Run, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("segment", "r.yaml").err == ""
    monkeypatch.setattr(segment, "SECONDS_BETWEEN_LINES", 0)
    answer = run("segment", "r.yaml", "--json")
    assert json.loads(answer.out)["campaign"] == "spring"
    assert answer.err.splitlines() == [
        "the audience is found; its conditions are counted one by one",
        "1 of 3 conditions counted",
        "2 of 3 conditions counted",
        "3 of 3 conditions counted",
    ]


def test_explain_says_which_conditions_hold_for_somebody(run: Run, shop: Path) -> None:
    french = next(
        one["id"]
        for one in make_shop().people
        if one["country"] == "FR" and one["erased_at"] is None
    )
    answer = run("segment", "r.yaml", "--explain", f"C{french}")
    assert answer.code == 0
    assert f"Customer {french} is not in the audience." in answer.out
    assert "no  country = 'DE'  (country is 'FR')" in answer.out
    by_number = json.loads(run("segment", "r.yaml", "--explain", str(french), "--json").out)
    assert by_number["explained"]["is_in"] is False
    assert by_number["explained"]["conditions"][0]["values"] == {"country": "FR"}


def test_a_list_has_a_size_and_a_sample_but_no_funnel(run: Run, shop: Path) -> None:
    people = [one["id"] for one in make_shop().people if one["erased_at"] is None]
    Path("r.yaml").write_text(
        "campaign: few\n"
        f"segment: {{plugin: list_segment, customers: [C{people[0]}, C{people[1]}, X]}}\n"
        "deliver: {plugin: outbox, fields: {subject: Hello, body: Come and look.}}\n"
    )
    shown = json.loads(run("segment", "r.yaml", "--json").out)
    assert shown["audience"] == 2
    assert shown["funnel"] == []
    assert [one["id"] for one in shown["sample"]] == people[:2]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ("return None", "it answered nothing, not ids or a selectable"),
        ("return 3", "it answered a int, not ids or a selectable"),
        ("yield 'anna@customers.example'", "it yielded a str, not an integer id"),
        ("yield 1; raise KeyError('anna')", "the plugin 'mine' raised KeyError in its hook"),
        ("return select(tables.customers)", "it answered a selectable of"),
        ("return select(func.lost(tables.customers.c.id))", "the database cannot run the segment"),
        ("return select(literal_column('lost'))", "the database cannot run the segment"),
    ],
)
def test_a_plugin_that_breaks_the_contract_is_named(
    run: Run, shop: Path, answers: str, said: str
) -> None:
    Path("ballyhoo.toml").write_text("[plugins]\nfiles = ['mine.py']\n")
    Path("mine.py").write_text(
        "from ballyhoo import hookimpl, tables\n@hookimpl\ndef segment(context):\n"
        f"    from sqlalchemy import func, literal_column, select\n    {answers}\n"
    )
    Path("r.yaml").write_text(
        "campaign: few\nsegment: {plugin: mine}\n"
        "deliver: {plugin: outbox, fields: {subject: Hello, body: Come and look.}}\n"
    )
    answer = run("segment", "r.yaml")
    assert answer.code == 2
    assert said in answer.err
    assert "anna" not in answer.err


def test_an_unknown_customer_is_said_without_repeating_the_name(run: Run, shop: Path) -> None:
    answer = run("segment", "r.yaml", "--explain", "anna@example.com")
    assert answer.code == 2
    assert "there is no such customer" in answer.err
    assert "anna" not in answer.err


def test_a_wrong_recipe_is_exit_code_2_with_every_mistake(run: Run, shop: Path) -> None:
    Path("r.yaml").write_text(RECIPE.replace("country", "contry").replace("orders", "ordres"))
    answer = run("segment", "r.yaml")
    assert answer.code == 2
    assert "r.yaml:3:10: segment.where: unknown field 'contry'; did you mean 'country'?" in (
        answer.err
    )
    assert "did you mean 'orders'?" in answer.err
