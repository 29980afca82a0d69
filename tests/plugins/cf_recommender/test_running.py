"""Runs of a recipe with recommendations, from files to messages, on both databases."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.cli import main
from ballyhoo.testing import SAMPLE_NOW

from ...databases import make_database
from .shop import Shop, is_cold, make_shop

RECIPE = """\
campaign: discoveries
segment: {where: consent_email}
recommend:
  top: 4
  filters: {not_bought_days: 400, where: "attributes.hidden IS NULL"}
  promote: {where: "attributes.margin = 'high'"}
  explore: 0.25
  max_per_category: 2
deliver:
  plugin: outbox
  template: letter.txt.j2
  fields: {subject: "{product.name|New}", body: Come and look.}
"""
LETTER = """\
to: {{ address }}
{% for title in products %}* {{ title }}
{% endfor %}
"""
HIDDEN = 5

Command = Callable[..., str]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(customers=80)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path / 'shop.db'}"
        return
    server = request.getfixturevalue("postgresql_server")
    with make_database(server, request.getfixturevalue("postgresql_template")) as url:
        yield url


@pytest.fixture
def ballyhoo(
    shop: Shop,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Run a command in a workspace that has the shop's data."""
    (tmp_path / "workspace").mkdir()
    monkeypatch.chdir(tmp_path / "workspace")
    monkeypatch.setenv("BALLYHOO_DATABASE_URL", database_url)

    def call(*arguments: str) -> str:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        said = capsys.readouterr()
        assert stop.value.code in (0, None), said.out + said.err
        return said.out

    call("init", ".")
    write_files(shop)
    for kind in ("customers", "products", "orders"):
        call("import", kind, f"{kind}.csv")
    Path("templates").mkdir(exist_ok=True)
    Path("templates/letter.txt.j2").write_text(LETTER)
    Path("recipe.yaml").write_text(RECIPE)
    return call


def write_files(shop: Shop) -> None:
    """Write the shop as files to be imported, its last order of an hour ago."""
    later = datetime.now(UTC) - SAMPLE_NOW
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for customer in shop.customers:
        rows["customers"].append(
            {"id": f"C-{customer.id}", "email": f"c{customer.id}@mail.example",
             "country": customer.country, "consent_email": "yes", "consent_at": "2026-01-15"}
        )  # fmt: skip
    for product in shop.products:
        rows["products"].append(
            {"sku": product.sku, "title": f"{product.titles['en']} <{product.sku}>",
             "category": " > ".join(product.category), "stock": product.stock,
             "margin": product.attributes.get("margin", ""),
             "hidden": "yes" if product.id == HIDDEN else "", "price": 10, "currency": "EUR"}
        )  # fmt: skip
    for event in shop.before:
        order = f"{event.customer_id}-{event.at:%Y%m%d}"
        rows["orders"].append(
            {"order_id": order, "customer_id": f"C-{event.customer_id}",
             "placed_at": (event.at + later).isoformat(), "sku": f"P-{event.product_id}",
             "quantity": 1, "price": 10, "currency": "EUR"}
        )  # fmt: skip
    for kind, listed in rows.items():
        with Path(f"{kind}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(listed[0]))
            writer.writeheader()
            writer.writerows(listed)


def read_letters() -> dict[int, list[int]]:
    """Return the products of each letter in the outbox, by the number of its customer."""
    letters = {}
    for path in Path("outbox").rglob("*.txt"):
        text = path.read_text(encoding="utf-8")
        address = re.search(r"to: c(\d+)@", text)
        assert address is not None
        letters[int(address[1])] = [int(one) for one in re.findall(r"<P-(\d+)>", text)]
    return letters


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_everybody_gets_her_own_products_and_none_that_the_recipe_forbids(
    ballyhoo: Command, shop: Shop
) -> None:
    plan = json.loads(ballyhoo("plan", "recipe.yaml", "--json"))
    assert plan["messages"] == len(shop.customers)
    receipt = json.loads(ballyhoo("run", "recipe.yaml", "--yes", "--json"))
    assert receipt["states"] == {"sent": len(shop.customers)}
    assert receipt["adds_up"]
    letters = read_letters()
    assert set(letters) == {one.id for one in shop.customers}
    for customer, products in letters.items():
        assert len(products) == len(set(products)) == 4
        assert HIDDEN not in products
        assert not set(products) & shop.bought(customer)
        assert any(one % 11 == 0 for one in products)
        assert any(is_cold(one) for one in products)  # a quarter of four places is for new ones
        assert max(sum(one % 7 == other % 7 for other in products) for one in products) <= 2
    known = [tuple(row) for one, row in letters.items() if one % 10]
    assert len(set(known)) > len(known) / 2
    assert receipt["fallback"] == sum(1 for one in letters if one % 10 == 0)
    told = ballyhoo("explain", "1", "C-1")
    assert "4 chosen for her" in told
    assert re.search(r"<P-\d+>, (because she bought|is like) ", told)


def test_the_same_run_again_gives_everybody_the_same_products(ballyhoo: Command) -> None:
    ballyhoo("run", "recipe.yaml", "--yes", "--seed", "7")
    first = read_letters()
    recipe = Path("recipe.yaml").read_text().replace("discoveries", "once-more")
    Path("again.yaml").write_text(recipe.replace("letter.txt.j2", "again.txt.j2"))
    Path("templates/again.txt.j2").write_text(LETTER.replace("to: ", "Again to: "))
    ballyhoo("run", "again.yaml", "--yes", "--seed", "7")
    assert read_letters() == first
    folders = {path.parent for path in Path(".ballyhoo/artifacts").rglob("learned.json")}
    assert len(folders) == 1  # what was learned for one recipe serves the other


def test_an_artifact_that_was_damaged_is_made_anew(ballyhoo: Command) -> None:
    ballyhoo("train", "recipe.yaml")
    [facts] = Path(".ballyhoo/artifacts").rglob("learned.json")
    facts.chmod(0o644)
    facts.write_text(facts.read_text().replace('"format": ', '"format": 99'))
    receipt = json.loads(ballyhoo("run", "recipe.yaml", "--yes", "--json"))
    assert set(receipt["states"]) == {"sent"}


def test_an_erased_customer_is_not_in_what_is_learned_next(ballyhoo: Command) -> None:
    ballyhoo("customer", "erase", "C-1", "--yes")
    receipt = json.loads(ballyhoo("run", "recipe.yaml", "--yes", "--json"))
    assert receipt["adds_up"]
    assert 1 not in read_letters()
