"""Finds whom a mail is from: one address, or nobody that could be answered."""

from __future__ import annotations

from dataclasses import dataclass

from ballyhoo import normalise_email

from .heads import Head
from .tokens import Token, join_plain, split_field

_TELLING = frozenset(",;:@")
"""Characters that cannot stand in a display name without quotes."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom a mail is from.

    Attributes:
        address: In its one form.
        is_plain: Whether no reader could take another address for it: else nothing is proved.
    """

    address: str
    is_plain: bool

    @property
    def domain(self) -> str:
        """What stands after the @."""
        return self.address.rpartition("@")[2]


def find_sender(head: Head) -> Sender | None:
    """Return the one address that a mail is from; None when there is none, or several.

    Names are not decoded before the address is found: an encoded one may hold a second address.
    """
    values = head.list_values("from")
    if len(values) != 1:
        return None
    tokens = split_field(values[0])
    if tokens is None:
        return None
    angles = [place for place, one in enumerate(tokens) if _is(one, "<") or _is(one, ">")]
    if not angles:
        written, name, rest = tokens, [], []
    elif len(angles) == 2 and _is(tokens[angles[0]], "<") and _is(tokens[angles[1]], ">"):
        written = tokens[angles[0] + 1 : angles[1]]
        name, rest = tokens[: angles[0]], tokens[angles[1] + 1 :]
    else:
        return None
    if join_plain(rest).strip():
        return None
    try:
        address = normalise_email(join_plain(written).strip())
    except ValueError:
        return None
    is_plain = not any(not one.is_quoted and one.text in _TELLING for one in name)
    return Sender(address, is_plain)


def _is(token: Token, mark: str) -> bool:
    return token.text == mark and not token.is_quoted
