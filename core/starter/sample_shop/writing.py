"""Writes the sample shop as the files that a shop would export, for `ballyhoo import`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from .assortment import SampleProduct
from .knowledge import list_enquiries, write_articles
from .orders import SampleOrder
from .shop import SEED, SampleShop

TRACKING = "https://parcels.example.com/track/"
SHOP = "https://fernpfad.example.com"
CURRENCY = "EUR"
NEW_DAYS = 30


def write_tables(shop: SampleShop) -> dict[str, str]:
    """Return the files of a shop as it is known when its year ends: text by name."""
    moment = shop.ends_at
    return {
        "customers.csv": _write_csv(
            {"id": one.key, **one.told} for one in shop.people if one.joined_at < moment
        ),
        "products.jsonl": _write_lines(describe_product(one) for one in shop.products),
        "orders.jsonl": _write_lines(
            describe_order(one, moment) for one in _sort(shop.orders) if one.placed_at < moment
        ),
        "events.csv": write_looks(shop, None, moment),
        "reviews.csv": _write_csv(
            {
                "id": one.key, "sku": one.product.sku, "customer": one.person.key,
                "stars": one.stars, "text": one.text, "language": one.language,
                "at": show_moment(one.at),
            }
            for one in sorted(shop.reviews, key=lambda review: review.at)
            if one.at < moment
        ),
        "articles.yaml": write_articles(),
        "enquiries.csv": _write_csv(list_enquiries(shop, SEED)),
    }  # fmt: skip


def write_looks(shop: SampleShop, since: datetime | None, until: datetime) -> str:
    """Return the events file: views and carts of a time."""
    looks = sorted(
        (one for one in shop.looks if one.at < until and (since is None or one.at >= since)),
        key=lambda look: look.at,
    )
    return _write_csv(
        {
            "type": one.kind, "at": show_moment(one.at), "customer": one.person.key,
            "sku": one.product.sku,
        }
        for one in looks
    )  # fmt: skip


def write_changed_orders(shop: SampleShop, since: datetime, until: datetime) -> str:
    """Return the orders file of a time: what was placed in it, or went on, as it is at its end."""
    return _write_lines(
        describe_order(one, until) for one in _sort(shop.orders) if one.changed_within(since, until)
    )


def describe_product(product: SampleProduct) -> dict[str, Any]:
    """Return a product as the file of products has it."""
    tags = ["new"] if product.days_old <= NEW_DAYS else []
    tags += ["gift"] if product.kind in ("chocolate", "games", "candles", "jewellery") else []
    told: dict[str, Any] = {
        "sku": product.sku,
        "title": product.titles,
        "description": product.descriptions,
        "category": product.path,
        "brand": product.brand,
        "tags": tags,
        "price": show_money(product.cents),
        "list_price": None if product.list_cents is None else show_money(product.list_cents),
        "currency": CURRENCY,
        "stock": product.stock,
        "url": f"{SHOP}/products/{product.sku.lower()}",
        "attributes": dict(product.facts),
    }
    return {name: value for name, value in told.items() if value is not None}


def describe_order(order: SampleOrder, moment: datetime) -> dict[str, Any]:
    """Return an order as the file of orders has it, at a moment."""
    state = order.find_state(moment)
    has_left = state in ("shipped", "delivered", "returned")
    told: dict[str, Any] = {
        "key": order.key,
        "customer": order.person.key,
        "state": state,
        "placed_at": show_moment(order.placed_at),
        "shipped_at": show_moment(order.shipped_at) if has_left else None,
        "cancelled_at": _show(order.cancelled_at if state == "cancelled" else None),
        "returned_at": _show(order.returned_at if state == "returned" else None),
        "tracking_url": f"{TRACKING}{order.key}" if has_left else None,
        "currency": CURRENCY,
        "total": show_money(order.total_cents),
        "discount": show_money(order.discount_cents) if order.discount_cents else None,
        "shipping": show_money(order.shipping_cents),
        "code": order.code or None,
        "lines": [
            {
                "sku": product.sku,
                "title": product.titles["en"],
                "quantity": pieces,
                "price": show_money(product.cents),
            }
            for product, pieces in order.lines
        ],
    }
    return {name: value for name, value in told.items() if value is not None}


def show_money(cents: int) -> str:
    """Return an amount as a file has it."""
    return f"{cents // 100}.{cents % 100:02}"


def show_moment(moment: datetime) -> str:
    """Return a moment as a file has it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def write_files(files: Mapping[str, str], folder: Path) -> None:
    """Write files into a folder, which is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def _show(moment: datetime | None) -> str | None:
    return None if moment is None else show_moment(moment)


def _sort(orders: Sequence[SampleOrder]) -> list[SampleOrder]:
    return sorted(orders, key=lambda order: (order.placed_at, order.key))


def _write_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    text = StringIO()
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)
    return text.getvalue()
