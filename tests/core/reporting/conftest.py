"""The tests of reports play in the engine's shop."""

from __future__ import annotations

from ..engine.conftest import shop

__all__ = ["shop"]
