"""Looks at a file's references without writing: what --strict asks before the first row goes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from ..store.rows import (
    Counts,
    EnquiryRow,
    EventRow,
    OrderRow,
    Rejection,
    ReviewRow,
)
from .cells import Cells
from .mapper import Mapper
from .records.batch import StoreRow
from .source import Source

UNMATCHED_SHARE = 0.05
"""From this share of order lines without a product on, the import says so first."""

_CUSTOMER_AT = {
    kind: row._fields.index("customer_key")
    for kind, row in (
        ("orders", OrderRow), ("events", EventRow), ("reviews", ReviewRow),
        ("enquiries", EnquiryRow),
    )
}  # fmt: skip
_SKU_AT = {"events": EventRow._fields.index("sku"), "reviews": ReviewRow._fields.index("sku")}


class References(Protocol):
    """What is asked about references."""

    def unknown_customers(self, keys: Sequence[str]) -> set[str]:
        """Return the keys that no customer has."""
        ...

    def unknown_products(self, skus: Sequence[str]) -> set[str]:
        """Return the skus that no product or variant has."""
        ...


class CheckingWriter:
    """Takes rows as a writer does, looks whether their references are known, and stores nothing.

    Args:
        kind: What is imported.
        references: Where they are looked up.
    """

    def __init__(self, kind: str, references: References) -> None:
        self._customer_at = _CUSTOMER_AT.get(kind)
        self._sku_at = _SKU_AT.get(kind)
        self._references = references

    def write(self, rows: list[StoreRow]) -> Counts:
        """Return what would be rejected; the other counts stay 0."""
        counts = Counts()
        for at, field, find, said in (
            (self._customer_at, "customer_key", self._references.unknown_customers, "customer"),
            (self._sku_at, "sku", self._references.unknown_products, "product"),
        ):
            if at is None:
                continue
            wanted = list({row[at] for row in rows if row[at] is not None})
            unknown = find(wanted) if wanted else set()
            if unknown:
                counts.rejected += [
                    Rejection(index, field, f"no {said} has this key")
                    for index, row in enumerate(rows)
                    if row[at] in unknown
                ]
        counts.rejected = list({one.row: one for one in counts.rejected}.values())
        return counts


def count_unmatched(source: Source, mapper: Mapper, references: References) -> tuple[int, int]:
    """Return how many lines of orders a file has, and how many of them match no product."""
    lines = unmatched = 0
    known: dict[str, bool] = {}
    names: list[str] = [name for name in ("sku", "title") if name in mapper.columns]
    for chunk in source.chunks():
        cells = mapper.read(chunk, only=names)
        skus: list[Any] = _lines_of(cells, names)
        lines += len(skus)
        unmatched += skus.count(None)
        wanted = [sku for sku in set(skus) if sku is not None and sku not in known]
        if wanted:
            if len(known) > 200_000:
                known.clear()
            unknown = references.unknown_products(wanted)
            known.update((sku, sku not in unknown) for sku in wanted)
        unmatched += sum(not known.get(sku, True) for sku in skus if sku is not None)
    mapper.restart()
    return lines, unmatched


def _lines_of(cells: Cells, names: list[str]) -> list[Any]:
    if names == ["sku"]:
        return [sku for sku in cells.get("sku") if sku is not None]
    pairs = zip(cells.get("sku"), cells.get("title"), strict=True)
    return [sku for sku, title in pairs if sku is not None or title is not None]
