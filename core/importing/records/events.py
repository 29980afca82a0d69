"""Builds events, for speed column by column."""

from __future__ import annotations

from ...store.rows import dump_json
from ..cells import Cells
from .batch import Making, StoreRow, collect_family, resolve_customers, to_minor_units


def build_events(cells: Cells, making: Making) -> list[StoreRow]:
    """Return events; money without a currency has the assumed one."""
    values = cells.get("value")
    currencies = making.fill_currency(cells, "value")
    quantities = [1 if quantity is None else quantity for quantity in cells.get("quantity")]
    if min(quantities, default=1) < 0:
        for index, quantity in enumerate(quantities):
            if quantity < 0:
                cells.refuse(index, making.mapper.column_of("quantity"), "is negative")
    properties = [
        None if facts is None else dump_json(facts) for facts in collect_family(cells, "properties")
    ]
    return list(
        zip(
            cells.get("id"),
            cells.get("type"),
            cells.get("at"),
            resolve_customers(cells, making, required=True),
            cells.get("sku"),
            quantities,
            to_minor_units(values, currencies),
            currencies,
            cells.get("order"),
            properties,
            strict=True,
        )
    )
