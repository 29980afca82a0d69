"""The sample shop: the same for a seed and a day, and with all that a shop has."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from ballyhoo.core.starter.sample_shop.shop import make_shop
from ballyhoo.core.starter.sample_shop.writing import write_tables

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def tables() -> dict[str, str]:
    return write_tables(make_shop(NOON, people=400))


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def read_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_the_same_day_and_seed_make_the_same_shop() -> None:
    once, again = (write_tables(make_shop(NOON, people=60)) for _ in range(2))
    assert once == again
    assert write_tables(make_shop(NOON, people=60, seed=5)) != once


def test_a_shop_that_goes_on_has_the_same_past() -> None:
    shop = make_shop(NOON, people=60)
    longer = make_shop(NOON, people=60, goes_on=timedelta(days=14))
    assert write_tables(longer) == write_tables(shop)
    assert len(longer.orders) > len(shop.orders)


def test_it_has_what_a_shop_has(tables: dict[str, str]) -> None:
    people, products = read_csv(tables["customers.csv"]), read_lines(tables["products.jsonl"])
    assert {"en", "de", "zh", "fr"} <= {one["language"][:2] for one in people}
    addresses = [one["email"] for one in people if one["email"]]
    assert len(set(addresses)) == len(addresses)
    assert all(re.fullmatch(r"[a-z.0-9]+@example\.(com|org|net)", one) for one in addresses)
    assert len({one["sku"] for one in products}) == len(products) == 300
    assert len({one["title"]["de"] for one in products}) == 300
    orders = read_lines(tables["orders.jsonl"])
    assert {"delivered", "shipped", "returned", "cancelled"} <= {one["state"] for one in orders}
    placed = sorted(one["placed_at"] for one in orders)
    assert (placed[0][:10], placed[-1][:10]) == ("2025-06-01", "2026-06-01")
    assert placed[-1] < "2026-06-01T12:00:00Z"


def test_its_knowledge_base_answers_what_is_asked(tables: dict[str, str]) -> None:
    articles = YAML(typ="safe").load(tables["articles.yaml"])
    by_language = Counter(one["language"] for one in articles)
    assert len(articles) >= 40
    assert by_language["en"] >= 25
    assert min(by_language["de"], by_language["zh"]) >= 8
    enquiries = read_csv(tables["enquiries.csv"])
    assert len(enquiries) == 100
    assert {one["intent"] for one in enquiries} <= {one["intent"] for one in articles}


def test_the_demo_model_knows_every_kind_of_product(
    tables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3] / "tools"))
    from demo_grammar.kind import load_kinds

    known = {word for kind in load_kinds() for word in kind.words["en"]}
    sold = {one["category"].split(" > ")[-1] for one in read_lines(tables["products.jsonl"])}
    assert sold <= known
