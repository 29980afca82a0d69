"""What a builder gives: rows for the store, and records that are refused already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ...money import to_minor
from ..cells import Cells, Origin, Reject
from ..mapper import Mapper
from ..numbers import Money, find_currency

StoreRow = tuple[Any, ...]


@dataclass(slots=True)
class Batch:
    """Some records.

    Attributes:
        rows: Those that are right, for the store's writer.
        origins: The rows of the file that one of them comes from, by its index.
        rejects: The rows of the file that are refused, each with its reason.
        refused: How many records those are.
    """

    rows: list[StoreRow]
    origins: Callable[[int], Sequence[Origin]]
    rejects: list[Reject] = field(default_factory=list)
    refused: int = 0


class Lookups(Protocol):
    """What a builder asks the store."""

    def customer_keys(self, emails: Sequence[str]) -> list[str | None]:
        """Return the shop's key of the customer with each address; None where there is none."""
        ...


@dataclass(slots=True)
class Making:
    """What all builders need.

    Attributes:
        mapper: For the names that columns have in the file.
        lookups: For customers named by their address.
        currency: Of money whose currency the file does not say.
        assumed: Whether that currency was needed.
        place: What a row's number counts.
    """

    mapper: Mapper
    lookups: Lookups
    currency: str
    assumed: bool = False
    place: str = "line"

    def fill_currency(self, cells: Cells, name: str) -> list[str | None]:
        """Return the currency of each value of a field; see `find_currency`."""
        filled: list[str | None] = []
        for index, (value, said) in enumerate(
            zip(cells.get(name), cells.get("currency"), strict=True)
        ):
            currency = None
            if value is not None:
                currency = said
                if said is None or isinstance(value, Money):
                    try:
                        currency = self.find_currency(said, value)
                    except ValueError as error:
                        cells.refuse(index, self.mapper.column_of(name), str(error))
            filled.append(currency)
        return filled

    def find_currency(self, said: str | None, *amounts: Any) -> str:
        """Return the currency that a row says, else its amounts; the assumed one where none does.

        Raises:
            ValueError: They say different ones.
        """
        found = {one for one in (said, *map(find_currency, amounts)) if one is not None}
        if len(found) > 1:
            raise ValueError(f"is in {' and '.join(sorted(found))}")
        if not found:
            self.assumed = True
        return found.pop() if found else self.currency


Builder = Callable[[Cells, Making], list[StoreRow]]
"""Builds one row for each row of the cells, and refuses the bad ones in the cells."""


def make_flat_batch(cells: Cells, rows: list[StoreRow]) -> Batch:
    """Return the rows without those that the cells refuse."""
    bad = cells.bad
    if not bad:
        return Batch(rows, lambda index: (cells.origin(index),))
    good = [index for index in range(len(rows)) if index not in bad]
    rejects = [Reject(cells.origin(index), *bad[index]) for index in sorted(bad)]
    return Batch(
        [rows[index] for index in good],
        lambda index: (cells.origin(good[index]),),
        rejects,
        len(rejects),
    )


def to_minor_units(values: list[Any], currencies: list[Any]) -> list[int | None]:
    """Return money as minor units; None stays."""
    known: dict[tuple[Any, Any], int] = {}
    minor: list[int | None] = []
    for pair in zip(values, currencies, strict=True):
        if pair[0] is None:
            minor.append(None)
            continue
        amount = known.get(pair)
        if amount is None:
            amount = known[pair] = to_minor(*pair)
        minor.append(amount)
    return minor


def resolve_customers(cells: Cells, making: Making, *, required: bool) -> list[str | None]:
    """Return the customer of each row by its key, or found by its address.

    Args:
        cells: The rows; one whose address is unknown is refused when that is `required`.
        making: Where customers are looked up.
        required: Whether an address must be known; else the row is taken without a customer.
    """
    keys: list[str | None] = cells.get("customer")
    if "customer_email" not in cells.columns:
        return keys
    emails = cells.get("customer_email")
    wanted = list({email for key, email in zip(keys, emails, strict=True) if email and not key})
    found = dict(zip(wanted, making.lookups.customer_keys(wanted), strict=True)) if wanted else {}
    resolved = []
    for index, (key, email) in enumerate(zip(keys, emails, strict=True)):
        if key is None and email is not None:
            key = found[email]
            if key is None and required:
                column = making.mapper.column_of("customer_email")
                cells.refuse(index, column, "no customer has this address; import customers first")
        resolved.append(key)
    return resolved


def collect_family(cells: Cells, family: str) -> list[dict[str, Any] | None]:
    """Return for each row what stands in `family.NAME` and in `family`, None when nothing."""
    prefix = f"{family}."
    named = {
        name.removeprefix(prefix): column
        for name, column in cells.columns.items()
        if name.startswith(prefix)
    }
    whole = cells.columns.get(family)
    if not named:
        return [None] * len(cells) if whole is None else [value or None for value in whole]
    names = list(named)
    collected: list[dict[str, Any] | None] = []
    for index, values in enumerate(zip(*named.values(), strict=True)):
        facts = {
            name: value for name, value in zip(names, values, strict=True) if value is not None
        }
        if whole is not None and whole[index]:
            facts = whole[index] | facts
        collected.append(facts or None)
    return collected
