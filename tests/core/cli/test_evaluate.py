from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run
from .shop import open_shop

PLUGIN = """\
from collections import Counter
from typing import Literal

from ballyhoo import Options, Reason, Recommendation, hookimpl


class FavouriteOptions(Options):
    task: Literal["discover", "replenish"] = "discover"
    top: int = 3
    worst: bool = True

    @classmethod
    def search_space(cls):
        return {"worst": [True, False]}


@hookimpl
def recommend(context, options: FavouriteOptions, customers):
    told = context.store.interactions(types=["purchase"])
    context.progress(1, 1)
    counts = Counter(told.product_ids.tolist())
    ranked = [product for product, _ in counts.most_common()]
    chosen = ranked[::-1] if options.worst else ranked
    one = lambda product: Recommendation(
        product_id=product, score=1.0, reason=Reason(kind="popular"), is_fallback=True
    )
    return [[one(product) for product in chosen[: options.top]] for _ in customers]
"""
RECIPE = """\
campaign: favourites
segment: {where: country = 'DE'}
recommend: {plugin: favourite}
deliver: {plugin: post, fields: {subject: "Hello {first_name|you}", body: Come and look.}}
experiment:
  variants:
    worst: {recommend: {worst: true}}
    best: {recommend: {worst: false}}
    none: {recommend: null}
"""


@pytest.fixture
def shop(run: Run) -> Run:
    """Fifty people, each of whom buys best sellers of the first ten, and now and then a rarity."""
    names = [f"p{number}" for number in range(50)]
    open_shop(run, names)
    Path("plugins/favourite.py").write_text(PLUGIN)
    Path("favourites.yaml").write_text(RECIPE)
    skus = [f"s{number}" for number in range(30)]
    Path("products.csv").write_text("\n".join(["sku,title", *(f"{one},{one}" for one in skus)]))
    rows = ["type,at,customer,sku"]
    for number, name in enumerate(names):
        for month in range(1, 7):
            bought = [(number + month) % 10, (number + 3 * month) % 10]
            bought += [10 + number % 20] if month == 1 + number % 6 else []
            rows += [
                f"purchase,2026-0{month}-{1 + number % 28:02}T10:00Z,{name},s{b}" for b in bought
            ]
    Path("events.csv").write_text("\n".join(rows))
    for kind in ("products", "events"):
        assert run("import", kind, f"{kind}.csv").code == 0
    return run


def read(answer: Any) -> Any:
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def test_json_has_the_keys_that_programs_rely_on(shop: Run) -> None:
    found = read(shop("evaluate", "favourites.yaml", "--json"))
    for part in (found, found["baseline"]):
        for task in ("discover", "replenish"):
            assert {"ndcg@10", "hit@10", "coverage"} <= set(part[task])
            assert {"recall@10", "map@10", "novelty", "intervals"} <= set(part[task])
            low, high = part[task]["intervals"]["ndcg@10"]
            assert 0 <= low <= part[task]["ndcg@10"] <= high <= 1
    assert found["baseline"]["discover"]["name"] == "popularity"
    assert found["baseline"]["replenish"]["name"] == "own_history"
    assert found["discover"]["fallback"] == 1
    assert len(found["windows"]) == 3
    assert found["verdict"]["replenish"]["is"] == "worse"
    assert "search" not in found


def test_table_and_words_are_for_a_person(shop: Run) -> None:
    answer = shop("evaluate", "favourites.yaml", "--windows", "2", "--days", "20")
    lines = answer.out.splitlines()
    assert lines[0].startswith("favourites: favourite in 2 windows, 2026-05-")
    assert "discover (" in answer.out
    assert any(line.startswith("  own_history ") for line in lines)
    assert "100.0% of the customers got only what was chosen without knowing them" in answer.out
    assert "To replenish (whatever she buys, the same again included): favourite does not" in (
        answer.out
    )


def test_what_is_kept_stands_in_reports_of_the_campaign(shop: Run) -> None:
    shop("evaluate", "favourites.yaml", "--keep")
    shop("run", "favourites.yaml", "--yes")
    products = json.loads(shop("report", "1", "--json").out)["products"]
    assert len(products["offline"]) == 2
    assert all(said.startswith("Evaluated on 20") for said in products["offline"])


def test_another_variant_has_other_numbers(shop: Run) -> None:
    worst = read(shop("evaluate", "favourites.yaml", "--json"))
    best = read(shop("evaluate", "favourites.yaml", "--variant", "best", "--json"))
    assert best["discover"]["ndcg@10"] > worst["discover"]["ndcg@10"]
    assert read(shop("evaluate", "favourites.yaml", "--variant", "best", "--json")) == best


def test_search_says_what_to_write_into_the_recipe(shop: Run) -> None:
    answer = shop("evaluate", "favourites.yaml", "--search", "--windows", "4")
    assert "On the last window, too, this is better (+0." in answer.out
    assert answer.out.endswith("recommend:\n  worst: false\n")
    found = read(shop("evaluate", "favourites.yaml", "--search", "--windows", "4", "--json"))
    assert found["search"]["confirmed"]
    assert found["search"]["changes"] == {"worst": False}
    assert [one["changes"] for one in found["search"]["trials"]] == [{}, {"worst": False}]


def test_search_that_finds_nothing_says_so(shop: Run) -> None:
    answer = shop("evaluate", "favourites.yaml", "--variant", "best", "--search", "--windows", "4")
    assert answer.out.endswith("Nothing is better than the recipe as it is.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["r.yaml"], "Error: r.yaml recommends nothing\n"),
        (["favourites.yaml", "--variant", "none"], "Error: favourites.yaml recommends nothing\n"),
        (["favourites.yaml", "--variant", "nope"], "has no variant 'nope'\n  it has worst, best, "),
    ],
)
def test_what_cannot_be_evaluated_is_said(shop: Run, arguments: list[str], said: str) -> None:
    answer = shop("evaluate", *arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert said in answer.err


def test_shop_without_purchases_says_what_to_import(run: Run) -> None:
    open_shop(run, ["ada"])
    Path("plugins/favourite.py").write_text(PLUGIN)
    Path("favourites.yaml").write_text(RECIPE)
    answer = run("evaluate", "favourites.yaml")
    assert answer.code == 2
    assert "too few purchases to evaluate with" in answer.err
    assert "import orders or purchases of more than a month" in answer.err
