"""Slots: the typed placeholders in copy, which are filled with facts from the store."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .errors import DataError
from .quoting import shorten

_DOUBLE = re.compile(r"\{\{[^{}]*\}\}")
_SLOT = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")
_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z0-9_]+)*")

CUSTOMER_SLOTS = ("first_name", "last_name", "full_name")
PRODUCT_SLOTS = (
    "product.name",
    "product.brand",
    "product.category",
    "product.price",
    "product.list_price",
    "price",
    "list_price",
)
OFFER_SLOTS = ("offer.code", "offer.discount", "offer.ends")
MOST_PRODUCTS = 9
"""`{product.2.name}` to `{product.9.name}` speak of the second to the ninth product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One placeholder in a text.

    Attributes:
        name: What is filled in (`product.name`).
        default: What stands there when the recipient has no such fact, or None.
        start: Where it begins in the text.
        end: Where it ends.
    """

    name: str
    start: int
    end: int
    default: str | None = None


def find_slots(text: str) -> Iterator[Slot]:
    """Yield the slots of a text in order; `{name}` or `{name|default}`.

    Raises:
        DataError: A brace that is no slot; `position` in its context says where.
    """
    for found in scan_slots(text):
        if isinstance(found, DataError):
            raise found
        yield found


def scan_slots(text: str) -> Iterator[Slot | DataError]:
    """Yield the slots of a text and the mistakes in it, in order; after a mistake it goes on."""
    at = 0
    while (brace := _BRACE.search(text, at)) is not None:
        position = brace.start()
        double, slot = _DOUBLE.match(text, position), _SLOT.match(text, position)
        if double is not None:
            said = f"'{shorten(double[0])}' has two braces on each side where a slot has one"
            yield DataError(said, position=position)
            at = double.end()
        elif slot is None:
            yield DataError(f"a '{brace[0]}' without its other half", position=position)
            at = brace.end()
        else:
            yield _read_slot(slot)
            at = slot.end()


def _read_slot(found: re.Match[str]) -> Slot | DataError:
    name, bar, default = found[1].partition("|")
    if not _NAME.fullmatch(name.strip()):
        return DataError(f"'{shorten(found[0])}' is not a slot", position=found.start())
    return Slot(
        name=name.strip(),
        default=default if bar else None,
        start=found.start(),
        end=found.end(),
    )


def known_slots(*, products: bool, offer: bool) -> list[str]:
    """Return the slots that a campaign can fill, the numbered ones for further products too."""
    slots = list(CUSTOMER_SLOTS)
    if products:
        slots += PRODUCT_SLOTS
        slots += [
            name.replace("product.", f"product.{number}.")
            for number in range(1, MOST_PRODUCTS + 1)
            for name in PRODUCT_SLOTS
            if name.startswith("product.")
        ]
    if offer:
        slots += OFFER_SLOTS
    return slots


def fill_slots(text: str, facts: Mapping[str, str]) -> str:
    """Fill the slots of a text.

    Args:
        text: Text with slots.
        facts: The value of each slot that has one.

    Raises:
        DataError: A slot has neither a value nor a default, or a brace is no slot.
    """
    parts: list[str] = []
    at = 0
    for slot in find_slots(text):
        value = facts.get(slot.name) or slot.default
        if value is None:
            raise DataError(f"the slot {{{slot.name}}} has no value and no default")
        parts += [text[at : slot.start], value]
        at = slot.end
    return "".join([*parts, text[at:]])


def without_slots(text: str) -> str:
    """Return the text with each slot replaced by its default, or by nothing."""
    return _SLOT.sub(lambda found: found[1].partition("|")[2], text)
