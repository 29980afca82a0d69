from __future__ import annotations

from collections.abc import Iterator

import pytest

from .desk import Desk, open_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A shop that is asked; tests of a module share it and change nothing in it."""
    with open_desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened
