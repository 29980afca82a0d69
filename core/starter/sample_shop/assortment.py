"""What the sample shop sells: products of known kinds, put together from `assortment.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product as combine
from random import Random
from typing import Any

NUMBER = 300
LANGUAGES = ("en", "de", "zh")
SERIES = (
    "Alder", "Arve", "Birka", "Brise", "Dune", "Elm", "Ferro", "Fjell", "Gale", "Halde", "Iris",
    "Juno", "Kolm", "Lark", "Linde", "Marsh", "Moos", "Nebel", "Noor", "Otter", "Pine", "Quelle",
    "Rill", "Ronda", "Sander", "Skerry", "Tide", "Tundra", "Ulme", "Velo", "Wren", "Zirbe",
)  # fmt: skip
NEW_SHARE = 0.08
"""Of all products; they came in within the last weeks before the shop is looked at."""

REDUCED_SHARE = 0.14


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SampleProduct:
    """A product of the sample shop.

    Attributes:
        sku: Its id.
        kind: The kind of `assortment.yaml`.
        world: What one likes who likes it.
        path: Its category.
        brand: Who makes it.
        titles: By language.
        descriptions: By language.
        facts: Its attributes, in English.
        cents: Its price.
        list_cents: What it cost before; None when it is not reduced.
        stock: Pieces left.
        lasts: Days until one needs it again; 0 when it lasts.
        months: In which it sells best.
        charm: How much people like it, 1 being the average.
        quality: What reviews say of it, from 0 to 1.
        days_old: Days that it is in the shop when the shop is looked at.
    """

    sku: str
    kind: str
    world: str
    path: str
    brand: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    facts: Mapping[str, str]
    cents: int
    list_cents: int | None
    stock: int
    lasts: int
    months: frozenset[int]
    charm: float
    quality: float
    days_old: int


@cache
def read_yaml_file(name: str) -> Mapping[str, Any]:
    """Return a file of this folder."""
    from ruamel.yaml import YAML

    found: Mapping[str, Any] = YAML(typ="safe").load(
        (files(__package__) / name).read_text(encoding="utf-8")
    )
    return found


def make_products(seed: int) -> tuple[SampleProduct, ...]:
    """Make the products; the same seed makes the same."""
    random = Random(f"{seed} products")
    series = random.sample(SERIES, len(SERIES))
    planned = list(_list_planned(random))
    made = [
        _make_product(random, number, kind, series[place % len(series)], item, facts)
        for number, (place, kind, item, facts) in enumerate(planned)
    ]
    return tuple(made[:NUMBER])


def _list_planned(random: Random) -> Iterator[tuple[int, str, Sequence[str], dict[str, str]]]:
    """Yield for each product: the place of its series, its kind, item and facts."""
    place = 0
    for number, (kind, block) in enumerate(read_yaml_file("assortment.yaml").items()):
        for at, line in enumerate(block["items"]):
            item = [part.strip() for part in line.split("|")]
            vary = _read_own(item[5]) if len(item) > 5 else block["vary"]
            names = list(vary)
            possible = list(combine(*vary.values()))
            wanted = 4 if number < 3 and at == 0 else 3
            for values in random.sample(possible, wanted):
                facts = dict(zip(names, values, strict=True))
                if "extra" in block and random.random() < 0.6:
                    facts["extra"] = random.choice(block["extra"])
                yield place, kind, item, facts
                place += 1


def _read_own(text: str) -> dict[str, list[str]]:
    """Read `material=felt,cotton; colour=grey`."""
    parts = [part.strip().split("=") for part in text.split(";")]
    return {name: values.split(",") for name, values in parts}


def _make_product(
    random: Random, number: int, kind: str, series: str, item: Sequence[str],
    facts: Mapping[str, str],
) -> SampleProduct:  # fmt: skip
    block = read_yaml_file("assortment.yaml")[kind]
    low, high = block["price"]
    cents = round((low + (high - low) * random.random() ** 1.6) * 10) * 10 - 10
    is_reduced = random.random() < REDUCED_SHARE
    is_new = not is_reduced and random.random() < NEW_SHARE
    return SampleProduct(
        sku=f"{kind.upper()[:4]}-{number + 101}",
        kind=kind,
        world=block["world"],
        path=block["path"],
        brand=random.choice(block["brands"]),
        titles={
            "en": f"{series} {item[0]}",
            "de": f"{item[1]} {series}",
            "zh": f"{series} {item[2]}",
        },
        descriptions=_write_descriptions(item, facts),
        facts=facts,
        cents=cents,
        list_cents=round(cents * random.choice((1.15, 1.25, 1.4)) / 10) * 10
        if is_reduced
        else None,
        stock=random.choice((0, 3, 8, 15, 25, 40, 60, 90, 140, 200)),
        lasts=block.get("lasts", 0),
        months=frozenset(block.get("best", ())),
        charm=random.paretovariate(1.8),
        quality=min(0.97, max(0.2, random.gauss(0.72, 0.14))),
        days_old=random.randint(4, 28) if is_new else random.randint(120, 900),
    )


def _write_descriptions(item: Sequence[str], facts: Mapping[str, str]) -> dict[str, str]:
    english = ", ".join(f"{_NAMES[name][0]}: {value}" for name, value in facts.items())
    german = ", ".join(
        f"{_NAMES[name][1]}: {translate(value, 'de')}" for name, value in facts.items()
    )
    chinese = "，".join(
        f"{_NAMES[name][2]}：{translate(value, 'zh')}" for name, value in facts.items()
    )
    return {
        "en": f"{item[3]} {english}.",
        "de": f"{item[4]} {german}.",
        "zh": f"{item[2]}，{chinese}。",
    }


_NAMES = {
    "material": ("Material", "Material", "材质"),
    "colour": ("Colour", "Farbe", "颜色"),
    "pattern": ("Pattern", "Muster", "图案"),
    "origin": ("Origin", "Herkunft", "产地"),
    "taste": ("Taste", "Geschmack", "口味"),
    "scent": ("Scent", "Duft", "香味"),
    "extra": ("With", "Mit", "配有"),
}


def translate(value: str, language: str) -> str:
    """Return what a fact is called in German or Chinese."""
    return str(read_yaml_file("words.yaml")[value][LANGUAGES.index(language) - 1])
