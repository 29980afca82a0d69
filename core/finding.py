"""One thing that `ballyhoo doctor` looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        what: What it is.
        ok: Whether it is as it should be.
        hint: What was found, or what to do.
    """

    what: str
    ok: bool
    hint: str = ""
