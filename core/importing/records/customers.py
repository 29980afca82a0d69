"""Builds customers, with their consents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...address import normalise_phone
from ...store.rows import ConsentRow, dump_json
from ..cells import Cells, Origin
from ..source import Chunk
from .batch import Making, StoreRow, collect_family
from .grouping import group_rows

CHANNELS = ("email", "sms", "tracking")


def build_customers(cells: Cells, making: Making) -> list[StoreRow]:
    """Return customers; one without a key has that of its address, or the address itself."""
    emails = cells.get("email")
    traits = [
        None if facts is None else dump_json(facts) for facts in collect_family(cells, "traits")
    ]
    return list(
        zip(
            _find_keys(cells, making, emails),
            emails,
            _normalise_phones(cells, making),
            cells.get("first_name"),
            cells.get("last_name"),
            cells.get("language"),
            cells.get("country"),
            cells.get("time_zone"),
            cells.get("created_at"),
            traits,
            _collect_consents(cells),
            strict=True,
        )
    )


def merge_customers(stream: Iterator[Cells]) -> Iterator[Cells]:
    """Make one row of those of one key; what a later row says counts. Bad rows stay alone."""
    for groups in group_rows(_without_bad(stream), "key"):
        if not groups:
            continue
        names = groups[0].names
        merged = Cells(_MergedChunk([group.origins[-1] for group in groups]), None)
        for name in names:
            merged.columns[name] = [group.last(name) for group in groups]
        for index, group in enumerate(groups):
            for _, column, reason in group.bad:
                merged.refuse(index, column, reason)
        yield merged


def _without_bad(stream: Iterator[Cells]) -> Iterator[Cells]:
    """Take the key from bad rows, so that they are merged with nothing."""
    for cells in stream:
        for index in cells.bad:
            if "key" in cells.columns:
                cells.columns["key"][index] = None
        yield cells


class _MergedChunk(Chunk):
    """Rows that were put together; each is shown as its last one was."""

    def __init__(self, origins: list[Origin]) -> None:
        self._origins = origins
        self.lines = [origin.line for origin in origins]
        self.damaged: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._origins)

    def column(self, name: str) -> list[Any]:
        return [None] * len(self._origins)

    def row(self, index: int) -> Any:
        return self._origins[index].row


def _find_keys(cells: Cells, making: Making, emails: list[Any]) -> list[str | None]:
    keys = cells.columns.get("key")
    if keys is not None and None not in keys:
        return keys
    keys = cells.get("key")
    wanted = list({email for key, email in zip(keys, emails, strict=True) if email and not key})
    found = dict(zip(wanted, making.lookups.customer_keys(wanted), strict=True)) if wanted else {}
    resolved: list[str | None] = []
    for index, (key, email) in enumerate(zip(keys, emails, strict=True)):
        if key is None and email is None:
            column = making.mapper.column_of("key" if "key" in cells.columns else "email")
            cells.refuse(index, column, "is missing; a customer needs a key or an e-mail address")
        resolved.append(key or (email and (found[email] or email)))
    return resolved


def _normalise_phones(cells: Cells, making: Making) -> list[str | None]:
    phones = cells.columns.get("phone")
    if phones is None:
        return [None] * len(cells)
    countries = cells.get("country")
    for index, phone in enumerate(phones):
        if phone is None:
            continue
        try:
            phones[index] = normalise_phone(phone.lstrip("'"), countries[index])
        except ValueError as error:
            cells.refuse(index, making.mapper.column_of("phone"), str(error))
    return phones


def _collect_consents(cells: Cells) -> list[tuple[ConsentRow, ...] | None]:
    said = [channel for channel in CHANNELS if f"{channel}_consent" in cells.columns]
    if not said:
        return [None] * len(cells)
    per_channel = []
    for channel in said:
        columns = (
            cells.get(f"{channel}_consent"),
            cells.get(f"{channel}_consent_at"),
            cells.get(f"{channel}_consent_place"),
        )
        per_channel.append(
            [
                None if given is None else (channel, given, at, place)
                for given, at, place in zip(*columns, strict=True)
            ]
        )
    if len(said) == 1:
        return [None if one is None else (one,) for one in per_channel[0]]  # type: ignore[misc]
    return [tuple(filter(None, several)) or None for several in zip(*per_channel, strict=True)]
