from __future__ import annotations

from ..engine.conftest import shop

__all__ = ["shop"]
