"""A customer as plugins see her: what choosing and writing need, and no identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TraitValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A person who may be written to.

    Name, address and the shop's own id are not here: they enter a message through slots only.

    Attributes:
        id: Ballyhoo's own integer id.
        language: BCP 47 tag (`de`, `pt-BR`), or None when not known.
        country: ISO 3166-1 alpha-2 code, or None.
        time_zone: IANA name (`Europe/Berlin`), or None.
        traits: The shop's free traits and the rolled-up columns (`orders`,
            `days_since_last_order`) under one name each; a missing key means not known.
    """

    id: int
    language: str | None = None
    country: str | None = None
    time_zone: str | None = None
    traits: Mapping[str, TraitValue] = field(default_factory=dict)
