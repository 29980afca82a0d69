from __future__ import annotations

import subprocess
import sys

import pytest

from ballyhoo import tables
from ballyhoo.core.store import tables as everything
from ballyhoo.core.store.public import PUBLIC


def test_every_public_table_is_one_of_the_store() -> None:
    assert dir(tables) == list(PUBLIC)
    for name in PUBLIC:
        assert getattr(tables, name) is getattr(everything, name)


@pytest.mark.parametrize("name", ["audit", "suppressions", "__wrapped__"])
def test_a_table_that_plugins_have_no_business_with_is_not_there(name: str) -> None:
    assert not hasattr(tables, name)


def test_all_public_names_together_load_no_database_library() -> None:
    script = """
import sys
from ballyhoo import *
assert "sqlalchemy" not in sys.modules
tables.events
assert "sqlalchemy" in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)
