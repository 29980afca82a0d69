"""Builds suppressions: addresses that must not be written to."""

from __future__ import annotations

from ...address import normalise_email, normalise_phone
from ..cells import Cells
from .batch import Making, StoreRow


def build_suppressions(cells: Cells, making: Making) -> list[StoreRow]:
    """Return suppressions; without a word about it for e-mail, made by hand."""
    rows: list[StoreRow] = []
    columns = (cells.get("channel"), cells.get("address"), cells.get("reason"), cells.get("at"))
    for index, (channel, address, reason, at) in enumerate(zip(*columns, strict=True)):
        channel = channel or "email"
        if address is not None:
            try:
                normalise = normalise_email if channel == "email" else normalise_phone
                address = normalise(address)
            except ValueError as error:
                cells.refuse(index, making.mapper.column_of("address"), str(error))
        rows.append((channel, address, reason or "manual", at))
    return rows
