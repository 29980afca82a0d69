"""What the plugin loads, and when: nothing for `--help`, and little where products are chosen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .shop import make_shop, recommend

CHOOSING = """
import pickle, sys
from pathlib import Path
from ballyhoo.plugins.cf_recommender import recommender
from ballyhoo.plugins.cf_recommender.options import CfOptions
from ballyhoo.testing import FakeArtifacts, make_context, sample_customers
context = make_context("cf_recommender", artifacts=FakeArtifacts(Path(sys.argv[1])))
recommender.recommend(context, CfOptions(), sample_customers(2))
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
HELPING = """
import sys
from ballyhoo.core.cli import make_cli
from ballyhoo.core.plugin_loading import load_plugins
from pathlib import Path
assert load_plugins(folder=Path(".")).find("cf_recommender") is not None
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def list_loaded(code: str, *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_listing_plugins_loads_no_library_of_numbers() -> None:
    assert not {"numpy", "scipy", "sklearn", "surprise", "torch"} & list_loaded(HELPING)


def test_a_worker_that_chooses_products_needs_no_library_that_learns(tmp_path: Path) -> None:
    shop = make_shop(customers=20)
    _, context = recommend(shop.store, tmp_path, shop.customers[:1])
    loaded = list_loaded(CHOOSING, str(context.artifacts.read().parent))
    assert "numpy" in loaded
    assert not {"sklearn", "surprise", "torch", "pandas"} & loaded
