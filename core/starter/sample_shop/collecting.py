"""Collects what a workspace with the sample shop has more than a bare one: its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.resources import files

from .people import NUMBER
from .shop import SEED, make_shop
from .writing import write_tables

FOLDER = "shop"
"""The folder of the workspace that has what the shop would export."""

CAMPAIGNS = "ballyhoo.campaigns"
OTHERS = "two-subjects"
"""The recipe that names customers of its own."""

ORDER = ("customers", "products", "orders", "events", "reviews", "articles", "enquiries")
"""The kinds of files, in the order in which they are best imported."""


def collect_files(now: datetime, *, people: int = NUMBER, seed: int = SEED) -> dict[str, str]:
    """Return the texts of the files by name: settings, recipes, and the shop as of a moment.

    Args:
        now: The moment; the shop has a year behind it.
        people: How many customers it has.
        seed: Of chance.
    """
    settings = files(__package__) / "ballyhoo.toml.j2"
    tables = write_tables(make_shop(now, people=people, seed=seed))
    return {
        "ballyhoo.toml": settings.read_text(encoding="utf-8"),
        **{f"campaigns/{name}": text for name, text in _read_recipes()},
        **{f"{FOLDER}/{name}": text for name, text in tables.items()},
    }


def list_imports(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return kind and file of each import, in the order in which they are best done.

    Args:
        names: Files of the workspace; those of the shop are taken.
    """
    found = [name for name in names if name.startswith(f"{FOLDER}/")]
    return [(kind, name) for kind in ORDER for name in found if f"/{kind}." in name]


def _read_recipes() -> Iterator[tuple[str, str]]:
    for path in sorted(files(CAMPAIGNS).iterdir(), key=lambda one: one.name):
        if path.name.endswith(".yaml") and not path.name.startswith(OTHERS):
            yield path.name, path.read_text(encoding="utf-8")
