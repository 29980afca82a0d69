"""Turns the rows of a test into rows of the store, by the same readers as an import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..importing.building import Building
from ..importing.json_reader import JsonChunk
from ..importing.kinds import KINDS, LINE_FIELDS, Field, Kind
from ..importing.map_model import Expression, Section
from ..importing.mapper import Mapper
from ..importing.records.batch import Making, StoreRow
from ..importing.source import NOTHING_NESTED
from ..recipe.document import Node, Place
from ..recipe.findings import Findings
from ..recipe.variants import merge_nodes
from ..recipe.wording import MAPPING, refuse_kind, unknown_key
from .moments import read_moment

KEY_OF = {"customers": "key", "products": "sku", "orders": "key"}
"""The field by which a row is known again."""

WITHOUT_DATE = {"orders": "placed_at", "events": "at", "suppressions": "at"}
"""The moment of a row that gives none is that of the test."""

LINES = "lines"
NEEDED = {
    "customers": "key", "products": "sku", "orders": "customer", "events": "type",
    "suppressions": "address",
}  # fmt: skip
LEFT_OUT = ("customer_email",)
"""Fields of an import that a test has no use for: it knows its customers by their keys."""


@dataclass(slots=True, kw_only=True)
class _FlatRow:
    """One row as an import has it: values by field, and where each stands."""

    node: Node
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)


class _GivenSource:
    """Rows as a file that is imported; the line of a row is its number."""

    size = done = 0
    notes: list[str] = []  # noqa: RUF012
    raw_header = ("row",)
    nested = NOTHING_NESTED

    def __init__(self, name: str, rows: Sequence[_FlatRow]) -> None:
        self.name = name
        self.rows = rows
        self.header = tuple(dict.fromkeys(name for row in rows for name in row.values))

    def chunks(self) -> Iterator[JsonChunk]:
        """Yield the rows."""
        values = [row.values for row in self.rows]
        yield JsonChunk(values, list(range(len(values))), {})


class _NobodyKnown:
    """Customers are named by their keys here, never by their addresses."""

    def customer_keys(self, emails: Sequence[str]) -> list[str | None]:
        """Return None for each address."""
        return [None] * len(emails)


def build_rows(
    kind: str,
    nodes: Sequence[Node],
    *,
    now: datetime,
    currency: str,
    findings: Findings,
    is_news: bool = False,
) -> list[StoreRow]:
    """Return the rows of the store that are given.

    Args:
        kind: A kind of import.
        nodes: What stands in the file, one mapping for each row.
        now: The test's moment.
        currency: Of money that does not say one.
        findings: Where mistakes go.
        is_news: Whether it happens now: then a yes to a channel is said now, while one that is
            merely known is older than whatever has a date.
    """
    described = KINDS[kind]
    flat = [row for node in nodes for row in _flatten(described, node, now, findings)]
    if not flat:
        return []
    for row in flat if is_news and kind == "customers" else ():
        for said in [name for name in row.values if name.endswith("_consent")]:
            row.values.setdefault(f"{said}_at", now.isoformat())
    source = _GivenSource(findings.file, flat)
    section = Section(fields={name: Expression(column=name) for name in source.header})
    mapper = Mapper(described, section, source)
    making = Making(mapper, _NobodyKnown(), currency)
    rows: list[StoreRow] = []
    for batch in Building(source, mapper, making).batches():
        rows += batch.rows
        for reject in batch.rejects:
            row = flat[reject.origin.line]
            if reject.column:  # the other lines of an order have no mistake of their own
                place = row.places.get(reject.column, row.node.place)
                findings.add(place, reject.reason, (*row.node.path, reject.column))
    return rows


def list_references(kind: str, nodes: Sequence[Node]) -> Iterator[tuple[str, str, Node]]:
    """Yield each customer and sku that rows name: field, name, and where it stands."""
    for node in nodes:
        parts = [node]
        lines = node.mapping.get(LINES)
        if lines is not None and isinstance(lines.value, list):
            parts += lines.value
        for part in parts:
            for key, below in part.mapping.items():
                found = _find_field(KINDS[kind], key)
                is_name = found is not None and found.name in ("customer", "sku")
                if found is not None and is_name and isinstance(below.value, str | int):
                    yield found.name, str(below.value), below


def read_key(kind: str, node: Node) -> str | None:
    """Return what a row is known by; None when it is known by nothing."""
    for key, below in node.mapping.items():
        found = _find_field(KINDS[kind], key) if kind in KEY_OF else None
        if found is not None and found.name == KEY_OF[kind] and below.value is not None:
            return str(below.value)
    return None


def _flatten(kind: Kind, node: Node, now: datetime, findings: Findings) -> list[_FlatRow]:
    """Return a row with the names of an import; an order as one for each of its lines."""
    if not isinstance(node.value, dict):
        findings.add(node.place, refuse_kind(MAPPING, node), node.path)
        return []
    known = [name for name in [*kind.fields, *kind.families] if name not in LEFT_OUT]
    if kind.name == "orders":
        known.append(LINES)
    row = _FlatRow(node=node)
    for key, below in node.mapping.items():
        if key != LINES or kind.name != "orders":
            _read_value(kind, row, node, key, below, known, now, findings)
    needed = NEEDED[kind.name]
    if row.values.get(needed) is None:
        findings.add(node.place, f"'{needed}' is missing", node.path)
        return []
    if kind.name in WITHOUT_DATE:
        row.values.setdefault(WITHOUT_DATE[kind.name], now.isoformat())
    if kind.name == "orders":
        row.values.setdefault("key", f"order-{node.place.line}-{node.place.column}")
        return _flatten_lines(kind, row, now, findings)
    return [row]


def _flatten_lines(kind: Kind, row: _FlatRow, now: datetime, findings: Findings) -> list[_FlatRow]:
    lines = row.node.mapping.get(LINES)
    if lines is None:
        if not any(name in row.values for name in LINE_FIELDS):
            # Somebody bought something, whatever it is.
            row.values |= {"quantity": 1, "amount": row.values.get("total")}
        return [row]
    if not isinstance(lines.value, list) or not lines.value:
        findings.add(lines.place, refuse_kind("a list", lines), lines.path)
        return []
    found = []
    for node in lines.value:
        if not isinstance(node.value, dict):
            findings.add(node.place, refuse_kind(MAPPING, node), node.path)
            continue
        line = _FlatRow(node=node, values=dict(row.values), places=dict(row.places))
        for key, below in node.mapping.items():
            _read_value(kind, line, node, key, below, LINE_FIELDS, now, findings)
        found.append(line)
    return found


def _read_value(
    kind: Kind,
    row: _FlatRow,
    node: Node,
    key: str,
    below: Node,
    known: Sequence[str],
    now: datetime,
    findings: Findings,
) -> None:
    found = _find_field(kind, key)
    if found is None or found.name.partition(".")[0] not in known:
        findings.add(node.key_places[key], unknown_key(key, known), node.path)
        return
    if isinstance(below.value, dict) and found.name in kind.families:
        # `title: {de: Schuh}` is what an import has in the column `title.de`.
        for name, one in below.value.items():
            row.values[f"{found.name}.{name}"] = one.plain()
            row.places[f"{found.name}.{name}"] = one.place
        return
    value = below.plain()
    if found.type == "time":
        try:
            value = None if value is None else read_moment(value, now).isoformat()
        except ValueError as error:
            findings.add(below.place, str(error), below.path)
            return
    row.values[found.name] = value
    row.places[found.name] = below.place


def _find_field(kind: Kind, key: str) -> Field | None:
    """Return the field that a key means: by its name, another name of it, or one of a family."""
    found = kind.find(key)
    if found is not None:
        return found
    return next((one for one in kind.fields.values() if key in one.aliases), None)


def merge_rows(kind: str, shared: Sequence[Node], own: Sequence[Node]) -> list[Node]:
    """Return shared rows and a test's own; one with the same key changes the shared one."""
    rows = list(shared)
    places = {read_key(kind, row): at for at, row in enumerate(rows)}
    for node in own:
        key = read_key(kind, node)
        if key is not None and key in places:
            rows[places[key]] = merge_nodes(rows[places[key]], node)
        else:
            rows.append(node)
    return rows
