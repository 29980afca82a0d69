"""Same recipe, same data, same seed: the same briefs, on every database; and no identity in one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from ballyhoo import Brief
from ballyhoo.core.store.engine import open_store
from ballyhoo.core.store.rows import ProductRow, dump_json
from ballyhoo.core.store.writers import open_writer

from ...databases import make_database
from ..conftest import KEY
from .shop import Shop, make_recipe

SECRETS = ("Ada", "Lovelace", "customers.example", "+4477", "cust-1815")
GENERATE = {
    "traits": ["orders", "favourite_category", "badge", "days_since_last_order"],
    "offer": [{"code": "GOLD", "where": "traits.badge = 'gold'"}, {"code": "ALL"}],
}


def fill(shop: Shop) -> None:
    for number in range(12):
        shop.add(
            f"cust-{1815 + number}",
            email=f"ada{number}@customers.example",
            phone=f"+4477009000{number:02}",
            first_name="Ada" if number % 3 else None,
            last_name="Lovelace",
            language=("de", "en-GB", None)[number % 3],
            traits=dump_json({"badge": "gold" if number % 2 else "tin", "zeal": 1, "age": 36}),
        )
    rows = [
        ProductRow(
            f"sku-{number}",
            category=("outdoor", "shoes"),
            stock=number,
            attributes=dump_json({"zip": "no", "colour": "moss", "fit": str(number)}),
            texts=(("pt", f"Sapato {number}", None), ("de", f"Schuh {number}", "Gut."),
                   ("en", f"Shoe {number}", "Good.")),
            prices=(("USD", 120, None), ("EUR", 100 + number, 200)),
        )
        for number in range(1, 8)
    ]  # fmt: skip
    with open_writer(shop.store, "products", now=shop.clock.now()) as writer:
        writer.write(rows)
    shop.order("cust-1816", "sku-2")
    view_of = list(range(1, 8))
    shop.recommender.choose = lambda customer: view_of[customer.id % 7 :][:3]


def write_briefs(shop: Shop, seed: int = 3, **how: Any) -> list[Brief]:
    generate = {"attempts": 1, **GENERATE}
    run = shop.plan(make_recipe(recommend={"plugin": "shelf"}, generate=generate), seed=seed, **how)
    shop.scribe.batches.clear()
    shop.prepare(run)
    return shop.scribe.briefs


@pytest.fixture
def shops(
    tmp_path: Path, sqlite_template: Path, postgresql_template: str, postgresql_server: str
) -> Iterator[list[Shop]]:
    """The same shop on both databases."""
    (tmp_path / "lite.db").write_bytes(sqlite_template.read_bytes())
    with ExitStack() as stack:
        other = stack.enter_context(make_database(postgresql_server, postgresql_template))
        made = []
        for url in (f"sqlite:///{tmp_path / 'lite.db'}", other):
            store = stack.enter_context(open_store(url, suppression_key=KEY))
            folder = tmp_path / store.dialect
            folder.mkdir()
            shop = Shop(store, folder)
            shop.engine = stack.enter_context(shop.open_engine())
            fill(shop)
            made.append(shop)
        yield made


def test_both_databases_give_the_same_briefs_to_the_letter(shops: list[Shop]) -> None:
    """Also in the order of what has none: a prompt is made of it, and its hash is kept."""
    lite, postgresql = (write_briefs(shop) for shop in shops)
    assert len(lite) == 12
    assert lite == postgresql
    assert [repr(brief) for brief in lite] == [repr(brief) for brief in postgresql]


def test_the_same_seed_gives_the_same_briefs(shop: Shop) -> None:
    fill(shop)
    first, second = write_briefs(shop), write_briefs(shop)
    assert first == second
    assert [repr(brief) for brief in first] == [repr(brief) for brief in second]


def test_another_seed_gives_others(shop: Shop) -> None:
    fill(shop)
    first, second = write_briefs(shop, seed=3), write_briefs(shop, seed=4)
    assert all(a.seed != b.seed for a, b in zip(first, second, strict=True))


def test_a_brief_is_the_same_in_whichever_batch_it_is(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(shop)
    whole = write_briefs(shop)
    monkeypatch.setattr("ballyhoo.core.engine.preparing.GENERATED_ROWS", 5)
    parts = write_briefs(shop)
    assert len(shop.scribe.batches) == 3
    assert parts == whole


def test_a_brief_holds_no_identity(shop: Shop) -> None:
    fill(shop)
    briefs = write_briefs(shop)
    for brief in briefs:
        assert not [secret for secret in SECRETS if secret in repr(brief)]
        assert set(brief.traits) <= set(GENERATE["traits"])
    assert any("first_name" in brief.slots for brief in briefs)
    assert not all("first_name" in brief.slots for brief in briefs)


def test_a_brief_has_the_offer_whose_condition_holds(shop: Shop) -> None:
    fill(shop)
    codes = {
        (brief.traits["badge"], brief.offer.code) for brief in write_briefs(shop) if brief.offer
    }
    assert codes == {("gold", "GOLD"), ("tin", "ALL")}


def test_seeds_of_people_are_apart(shop: Shop) -> None:
    fill(shop)
    briefs = write_briefs(shop)
    assert len({brief.seed for brief in briefs}) == len(briefs)
