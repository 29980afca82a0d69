"""The tests of the mailroom play in the shop of the engine's tests, on both databases."""

from __future__ import annotations

from ..engine.conftest import shop

__all__ = ["shop"]
