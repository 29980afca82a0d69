"""Real files, imported as a new user would; what comes out is counted independently."""

from __future__ import annotations

import csv
import json
import os
from collections import defaultdict
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.shared_data

SOME_ROWS = 60_000
"""Of half a million, where not everything is asked for."""


@pytest.fixture
def copied(shared_data: Path, tmp_path: Path) -> Any:
    """Link a real file into a folder of the test's own, where rejects may be written."""

    def link(name: str) -> Path:
        path = tmp_path / Path(name).name
        path.symlink_to(shared_data / name)
        return path

    return link


def to_pence(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value(rounding=ROUND_HALF_EVEN))


def test_online_retail_gives_what_the_file_holds(
    importing: Any, shared_data: Path, tmp_path: Path, counted: Any
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "orders.parquet"
    table = parquet.read_table(shared_data / "online-retail/online_retail.parquet")
    table = table.slice(0, None if os.environ.get("FULL_TESTS") else SOME_ROWS)
    parquet.write_table(table, path)
    rows = table.to_pylist()
    customers = {row["Customer ID"] for row in rows if row["Customer ID"] is not None}
    priced = [row for row in rows if row["Price"] > 0]
    codes = {row["StockCode"].strip() for row in priced}
    products = {
        code for code in codes if any(code[at : at + 4].isdigit() for at in range(len(code) - 3))
    }
    orders = {row["Invoice"] for row in priced}
    bought = [row for row in priced if not row["Invoice"].startswith("C")]
    returned = [row for row in priced if row["Invoice"].startswith("C")]
    spent: dict[float, int] = defaultdict(int)
    for row in priced:
        value = to_pence(Decimal(repr(row["Price"])) * abs(row["Quantity"]))
        spent[row["Customer ID"]] += -value if row["Invoice"].startswith("C") else value

    assert counted(importing("customers", path)) == (len(customers), len(customers), 0, 0, 0)
    assert counted(importing("products", path)) == (len(products), len(products), 0, 0, 0)
    report = importing("orders", path)
    assert counted(report) == (len(orders), len(orders), 0, 0, 0)
    assert (report.rows, report.left_out) == (len(rows), len(rows) - len(priced))
    assert report.unmatched_lines == sum(row["StockCode"].strip() not in products for row in priced)
    assert dict(importing.query("SELECT type, count(*) FROM events GROUP BY type")) == {
        "purchase": len(bought),
        "return": len(returned),
    }
    assert dict(importing.query("SELECT type, sum(quantity) FROM events GROUP BY type")) == {
        "purchase": sum(row["Quantity"] for row in bought),
        "return": sum(abs(row["Quantity"]) for row in returned),
    }
    shop = importing.query(
        "SELECT c.key, sum(CASE e.type WHEN 'return' THEN -e.value ELSE e.value END) "
        "FROM events e JOIN customers c ON c.id = e.customer_id GROUP BY c.key"
    )
    assert {float(key): value for key, value in shop} == {
        key: value for key, value in spent.items() if key is not None
    }
    assert counted(importing("orders", path)) == (len(orders), 0, 0, len(orders), 0)


@pytest.mark.parametrize("name", ["apparel.csv", "home-and-garden.csv"])
def test_shopify_samples(importing: Any, copied: Any, counted: Any, name: str) -> None:
    path = copied(f"shopify/{name}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lowest: dict[str, int] = {}
    for row in rows:
        if row["Variant Price"]:
            price = to_pence(Decimal(row["Variant Price"]))
            lowest[row["Handle"]] = min(price, lowest.get(row["Handle"], price))
    report = importing("products", path)
    assert counted(report) == (len(lowest), len(lowest), 0, 0, 0)
    assert report.rows == len(rows)
    assert (
        dict(
            importing.query(
                "SELECT p.sku, r.amount FROM products p "
                "JOIN product_prices r ON r.product_id = p.id"
            )
        )
        == lowest
    )
    stock = sum(int(row["Variant Inventory Qty"] or 0) for row in rows)
    assert importing.query("SELECT sum(stock) FROM products") == [(stock,)]


def test_dummyjson_products_and_their_reviews(importing: Any, copied: Any, counted: Any) -> None:
    path = copied("dummyjson/products.json")
    products = json.loads(path.read_text())
    reviews = [review for product in products for review in product["reviews"]]
    assert counted(importing("products", path)) == (len(products), len(products), 0, 0, 0)
    assert counted(importing("reviews", path)) == (len(reviews), len(reviews), 0, 0, 0)
    assert importing.query("SELECT sum(stars) FROM reviews") == [
        (sum(review["rating"] for review in reviews),)
    ]
    assert importing.query("SELECT sum(stock) FROM products") == [
        (sum(product["stock"] for product in products),)
    ]


def test_dummyjson_carts_by_a_map_of_ones_own(
    importing: Any, copied: Any, counted: Any, tmp_path: Path
) -> None:
    path = copied("dummyjson/carts.json")
    own = tmp_path / "carts.yaml"
    own.write_text(
        "map: carts\norders:\n  each: products\n  fields:\n    key: id\n"
        "    placed_at: {value: '2026-01-01'}\n    currency: {value: USD}\n"
        "    total: discountedTotal\n    sku: products.id\n    title: products.title\n"
        "    quantity: products.quantity\n    amount: products.discountedTotal\n"
    )
    importing("products", copied("dummyjson/products.json"))
    carts = json.loads(path.read_text())
    report = importing("orders", path, map_name=str(own))
    assert counted(report) == (len(carts), len(carts), 0, 0, 0)
    assert report.unmatched_lines == 0
    pieces = sum(line["quantity"] for cart in carts for line in cart["products"])
    assert importing.query("SELECT sum(quantity) FROM order_lines") == [(pieces,)]
