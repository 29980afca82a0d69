"""The migrations of the store, run by `ballyhoo db upgrade`."""

from __future__ import annotations

HEAD = "0016"
"""The revision that this version of Ballyhoo works with."""
