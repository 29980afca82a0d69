"""Reads objects that a program tells: by the same maps, checks and builders as a file's rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .building import Building
from .importer import DEFAULT_CURRENCY
from .kinds import KINDS
from .lookups import StoreLookups
from .map_reader import guess_map, map_by_names
from .mapper import Mapper
from .object_source import ObjectSource
from .records.batch import Making, StoreRow

if TYPE_CHECKING:
    from ..store.engine import Store


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with an object.

    Attributes:
        item: Its number among those told, from 0.
        field: What the object calls the field; None when it is the object as a whole.
        reason: What is wrong, without identity.
    """

    item: int
    field: str | None
    reason: str


@dataclass(slots=True, kw_only=True)
class Objects:
    """Objects that were read.

    Attributes:
        kind: What they are.
        rows: Records for the store's writer.
        items: For each record the numbers of the objects that it comes from.
        refusals: What is wrong with the others.
        refused: How many records are refused.
        map: The shipped map that they fit, or "".
        column_of: What the objects call a field that the store refuses.
    """

    kind: str
    rows: list[StoreRow] = field(default_factory=list)
    items: list[tuple[int, ...]] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    refused: int = 0
    map: str = ""
    column_of: Callable[[str], str] = str


def read_objects(
    store: Store, kind: str, values: Sequence[Any], *, currency: str | None = None
) -> Objects:
    """Read objects, and say of each that is wrong what is.

    Args:
        store: For customers who are named by their address.
        kind: A key of `KINDS`.
        values: The objects, as JSON is read.
        currency: Of money that does not say one.

    Raises:
        DataError: They have more names than anybody's objects have.
    """
    source = ObjectSource(values)
    guessed = guess_map(KINDS[kind], source.header)
    section = guessed.section(kind) if guessed is not None else None
    if section is None:
        section = map_by_names(KINDS[kind], source.header, source.nested, is_partial=True)
    mapper = Mapper(KINDS[kind], section, source)
    making = Making(mapper, StoreLookups(store), currency or DEFAULT_CURRENCY, place="item")
    read = Objects(kind=kind, column_of=mapper.column_of_rejected)
    read.map = "" if guessed is None else guessed.map
    wrong: dict[int, Refusal] = {}
    for batch in Building(source, mapper, making).batches():
        for index, row in enumerate(batch.rows):
            read.rows.append(row)
            numbers = [origin.line for origin in batch.origins(index)]
            read.items.append(tuple(dict.fromkeys(numbers)))
        read.refused += batch.refused
        for reject in batch.rejects:
            item = reject.origin.line
            known = wrong.get(item)
            # The rows of one object are refused together: what is wrong stands in one of them.
            if known is None or (known.field is None and reject.column):
                wrong[item] = Refusal(item, reject.column or None, reject.reason)
    read.refusals = [wrong[item] for item in sorted(wrong)]
    return read
