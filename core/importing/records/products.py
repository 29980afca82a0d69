"""Builds products with their texts, prices and variants, one or many rows for each."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ...money import to_minor
from ...store.rows import dump_json
from .batch import Making, StoreRow
from .grouping import Group

DEFAULT_LANGUAGE = "en"

Prices = tuple[tuple[str, int, int | None], ...]


def build_product(group: Group, making: Making) -> StoreRow | None:
    """Return a product, or None when the group is bad.

    Rows that follow each other: the first that says something counts. Rows from anywhere in a
    file are its history: the last counts.
    """
    pick = group.last if making.mapper.section.group == "anywhere" else group.first
    currency = pick("currency")
    variants, own_prices, own_stock = _build_variants(group, making, currency)
    prices = _build_prices(group, making, pick, currency)
    stock = pick("stock")
    if group.bad:
        return None
    prices = prices or _lowest_prices(variants) or own_prices
    counted = [variant[2] for variant in variants if variant[2] is not None]
    if stock is None:
        stock = sum(counted) if counted else own_stock
    return (
        pick("sku"),
        pick("category") or (),
        pick("brand"),
        pick("tags") or (),
        None if stock is None else max(0, stock),
        pick("url"),
        pick("image_url"),
        _build_attributes(group, pick),
        _build_texts(group, pick),
        prices,
        variants,
    )


def _build_texts(group: Group, pick: Any) -> tuple[tuple[str, str, str | None], ...]:
    language = pick("language") or DEFAULT_LANGUAGE
    titles, descriptions = {language: pick("title")}, {language: pick("description")}
    for name in group.names:
        family, _, own = name.partition(".")
        said = pick(name) if own and family in ("title", "description") else None
        if said is not None:  # an empty `title.en` says nothing against `title`
            (titles if family == "title" else descriptions)[own] = said
    return tuple(
        (tag, title, descriptions.get(tag)) for tag, title in titles.items() if title is not None
    )


def _build_attributes(group: Group, pick: Any) -> str | None:
    facts = dict(pick("attributes") or {})
    for name in group.names:
        family, _, own = name.partition(".")
        value = pick(name) if own and family == "attributes" else None
        if value is not None:
            facts[own] = value
    return dump_json(facts) if facts else None


def _build_prices(group: Group, making: Making, pick: Any, currency: str | None) -> Prices:
    prices: dict[str, tuple[Decimal, Decimal | None]] = {}
    for name in group.names:
        family, _, own = name.partition(".")
        if family != "price":
            continue
        amount = pick(name)
        if amount is None:
            continue
        if amount < 0:
            _refuse(group, making, name, "is negative")
            continue
        try:
            code = making.find_currency(own.upper() or currency, amount)
        except ValueError as error:
            group.bad.append((0, making.mapper.column_of(name), str(error)))
            continue
        prices[code] = (amount, pick(f"list_price.{own}" if own else "list_price"))
    return tuple(_price_row(code, *amounts) for code, amounts in sorted(prices.items()))


def _build_variants(
    group: Group, making: Making, currency: str | None
) -> tuple[tuple[Any, ...], Prices, int | None]:
    """Return the variants, and the price and stock of a row that names none: the product's."""
    names = group.names
    if "variant_sku" not in names and "variant_title" not in names:
        return (), (), None
    variants: dict[str, Any] = {}
    own_prices: Prices = ()
    own_stock: int | None = None
    facts_at = [
        (name.partition(".")[2], at) for name, at in names.items()
        if name.startswith("variant_attributes.")
    ]  # fmt: skip
    for row in group.rows:
        sku, title, price, list_price, stock = (
            row[names[name]] if name in names else None
            for name in (
                "variant_sku", "variant_title", "variant_price", "variant_list_price",
                "variant_stock",
            )
        )  # fmt: skip
        if price is not None and price < 0:
            _refuse(group, making, "variant_price", "is negative")
            continue
        prices: Prices = ()
        if price is not None:
            try:
                code = making.find_currency(currency, price)
            except ValueError as error:
                group.bad.append((0, making.mapper.column_of("variant_price"), str(error)))
                continue
            prices = (_price_row(code, price, list_price),)
        if sku is None and title is None:
            own_prices = own_prices or prices
            own_stock = stock if own_stock is None else own_stock
            continue
        key = sku or f"{group.first('sku')}:{title}"
        facts = {name: row[at] for name, at in facts_at if row[at] is not None}
        variants[key] = (
            key,
            title,
            None if stock is None else max(0, stock),
            dump_json(facts) if facts else None,
            prices,
        )
    return tuple(variants.values()), own_prices, own_stock


def _lowest_prices(variants: tuple[Any, ...]) -> Prices:
    lowest: dict[str, tuple[str, int, int | None]] = {}
    for variant in variants:
        for price in variant[4]:
            if price[0] not in lowest or price[1] < lowest[price[0]][1]:
                lowest[price[0]] = price
    return tuple(lowest.values())


def _price_row(
    currency: str, amount: Decimal, list_amount: Decimal | None
) -> tuple[str, int, int | None]:
    before = None if list_amount is None or list_amount <= amount else list_amount
    list_minor = None if before is None else to_minor(before, currency)
    return currency, to_minor(amount, currency), list_minor


def _refuse(group: Group, making: Making, name: str, reason: str) -> None:
    at = group.names[name]
    index = next(
        index for index, row in enumerate(group.rows) if row[at] is not None and row[at] < 0
    )
    group.bad.append((index, making.mapper.column_of(name), reason))
