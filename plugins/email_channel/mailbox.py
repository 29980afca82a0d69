"""Reads a mailbox as a recipe writes it: a name for people, and an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ballyhoo import normalise_email

_WITH_NAME = re.compile(r"\s*(?P<name>.*?)\s*<\s*(?P<address>[^<>]*?)\s*>\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox.

    Attributes:
        name: For people; may be empty.
        address: In its one form.
    """

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands after the @."""
        return self.address.rpartition("@")[2]


@lru_cache(maxsize=256)
def read_mailbox(text: str) -> Mailbox:
    """Read `Name <address>`, or an address alone.

    Raises:
        ValueError: It is neither; the reason is for a person.
    """
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("a line break or control character cannot stand here")
    match = _WITH_NAME.fullmatch(text)
    name, address = (match["name"], match["address"]) if match else ("", text)
    if len(name) > 1 and name.startswith('"') and name.endswith('"'):
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    elif any(character in '<>"' for character in name):
        raise ValueError("write it as 'Name <address>'")
    return Mailbox(name, normalise_email(address))
