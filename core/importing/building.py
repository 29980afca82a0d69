"""Runs a file through its map and its builder: batches of records, in the order of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .cells import Cells, Origin
from .mapper import Mapper
from .records.batch import Batch, Builder, Making, StoreRow, make_flat_batch, resolve_customers
from .records.customers import build_customers, merge_customers
from .records.events import build_events
from .records.grouping import GatheredSource, Group, group_rows
from .records.orders import build_order
from .records.products import build_product
from .records.suppressions import build_suppressions
from .records.texts import build_articles, build_enquiries, build_reviews
from .source import Source

_FLAT: dict[str, Builder] = {
    "customers": build_customers,
    "events": build_events,
    "reviews": build_reviews,
    "enquiries": build_enquiries,
    "articles": build_articles,
    "suppressions": build_suppressions,
}
_GROUPED: dict[str, tuple[str, Callable[[Group, Making], StoreRow | None]]] = {
    "products": ("sku", build_product),
    "orders": ("key", build_order),
}


class Building:
    """The records of one file.

    Args:
        source: The file.
        mapper: Its map.
        making: What the builders need.

    Attributes:
        rows: How many rows were read so far.
        left_out: How many of them the map leaves out.
    """

    def __init__(self, source: Source, mapper: Mapper, making: Making) -> None:
        self._source = source
        self._mapper = mapper
        self._making = making
        self.rows = 0
        self.left_out = 0

    def batches(self) -> Iterator[Batch]:
        """Yield the records, from the first row of the file."""
        self._mapper.restart()
        self.rows = self.left_out = 0
        kind, grouping = self._mapper.kind.name, self._mapper.grouping
        stream = self._read(grouping)
        if kind in _GROUPED:
            yield from self._build_groups(stream, kind, grouping)
            return
        if kind == "customers" and grouping != "none":
            stream = merge_customers(stream)
        build = _FLAT[kind]
        for cells in stream:
            yield make_flat_batch(cells, build(cells, self._making))

    def _read(self, grouping: str) -> Iterator[Cells]:
        source: Source = self._source
        gathered: GatheredSource | None = None
        if grouping == "anywhere":
            key = _GROUPED.get(self._mapper.kind.name, ("key",))[0]
            source = gathered = GatheredSource(source, self._mapper, key)
        for chunk in source.chunks():
            if gathered is not None and self.rows == 0:
                self.rows = self.left_out = gathered.left_out
            cells = self._mapper.read(chunk)
            self.rows += len(chunk)
            self.left_out += len(cells.chunk) - len(cells)
            yield cells

    def _build_groups(self, stream: Iterator[Cells], kind: str, grouping: str) -> Iterator[Batch]:
        key, build = _GROUPED[kind]
        if kind == "orders":
            stream = self._with_customers(stream)
        for groups in group_rows(stream, key, alone=grouping == "none"):
            rows: list[StoreRow] = []
            kept: list[Group] = []
            batch = Batch(rows, _origins_of(kept))
            for group in groups:
                row = build(group, self._making)
                if row is None:
                    batch.rejects += group.rejects(self._making.place)
                    batch.refused += 1
                else:
                    rows.append(row)
                    kept.append(group)
            yield batch

    def _with_customers(self, stream: Iterator[Cells]) -> Iterator[Cells]:
        for cells in stream:
            cells.columns["customer"] = resolve_customers(cells, self._making, required=True)
            yield cells


def _origins_of(groups: list[Group]) -> Callable[[int], Sequence[Origin]]:
    return lambda index: groups[index].origins
