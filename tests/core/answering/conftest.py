"""The tests of answering play in the engine's shop, with a plugin that answers as it is told."""

from __future__ import annotations

import pytest

from ..engine.conftest import shop
from ..engine.shop import Shop
from .clerk import Clerk

__all__ = ["shop"]


@pytest.fixture
def clerk(shop: Shop) -> Clerk:
    """A plugin that answers enquiries."""
    made = Clerk()
    shop.add_plugin("clerk", made)
    return made
