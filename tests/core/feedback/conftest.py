"""The tests of feedback play in the engine's shop, with a plugin that keeps what it is told."""

from __future__ import annotations

import pytest

from ..engine.conftest import shop
from ..engine.shop import Shop
from .diary import Diary

__all__ = ["shop"]


@pytest.fixture
def diary(shop: Shop) -> Diary:
    """A plugin that is told what happens."""
    made = Diary()
    shop.add_plugin("diary", made)
    return made
