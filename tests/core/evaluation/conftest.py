"""The tests of evaluation play in the engine's small shop."""

from __future__ import annotations

from ..engine.conftest import shop

__all__ = ["shop"]
