"""These tests play in the shop of the engine's tests."""

from __future__ import annotations

from ...engine.conftest import shop

__all__ = ["shop"]
