"""Who buys in the sample shop: invented people, each with tastes that nobody is told."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from .assortment import SampleProduct, read_yaml_file

NUMBER = 2_000
FIRST_KEY = 1001
DOMAINS = ("example.com", "example.org", "example.net")
ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "'": "", " ": ""})
WORLD_SHARES = (0.62, 0.26)
"""How much of what she likes is in the world that she likes best, and in the second one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer of the sample shop.

    Attributes:
        key: The shop's id of her.
        told: What the shop knows: the columns of the file, empty where it knows nothing.
        joined_at: When she became a customer.
        zone: Her time zone.
        language: Hers, without a country.
        likes: How much she likes each kind; adds up to 1.
        purse: From 0 (the cheapest) to 1 (the dearest): what she likes to pay.
        thrift: How much a reduced price draws her.
        brands: The brands that she prefers.
        facts: The materials, colours and tastes that she prefers.
        visits: How often she comes a year.
        keen: The chance that what she looks at goes into the cart.
    """

    key: str
    told: Mapping[str, str]
    joined_at: datetime
    zone: str
    language: str
    likes: Mapping[str, float]
    purse: float
    thrift: float
    brands: frozenset[str]
    facts: frozenset[str]
    visits: float
    keen: float


def make_people(
    seed: int, products: Sequence[SampleProduct], begins: datetime, *, number: int = NUMBER
) -> list[Person]:
    """Make the customers of the year that begins at a moment.

    Args:
        seed: The same makes the same.
        products: What they can like.
        begins: When the year begins.
        number: How many.
    """
    taken: dict[str, int] = {}
    worlds: dict[str, list[str]] = {}
    for one in products:
        worlds.setdefault(one.world, [])
        if one.kind not in worlds[one.world]:
            worlds[one.world].append(one.kind)
    return [
        _make_person(Random(f"{seed} person {at}"), at, products, worlds, begins, taken)
        for at in range(number)
    ]


def _make_person(
    random: Random, at: int, products: Sequence[SampleProduct], worlds: Mapping[str, list[str]],
    begins: datetime, taken: dict[str, int],
) -> Person:  # fmt: skip
    known = read_yaml_file("people.yaml")
    countries = [name for name in known if len(name) == 2]
    [country] = random.choices(countries, [known[name]["share"] for name in countries])
    block = known[country]
    [language] = random.choices(list(block["languages"]), list(block["languages"].values()))
    zone = random.choice(block["zones"])
    first, last = random.choice(block["first"]), random.choice(block["last"])
    is_new = random.random() < 0.25
    days = random.uniform(0, 365) if is_new else -random.uniform(1, 1_100)
    joined = begins + timedelta(days=days)
    likes, main = _draw_likes(random, worlds)
    visits = min(70.0, random.lognormvariate(2.62, 0.65))
    told = {
        "first_name": first if random.random() < 0.95 else "",
        "last_name": last,
        "email": _make_address(first, last, taken, random) if random.random() < 0.985 else "",
        "language": language,
        "country": country,
        "time_zone": zone,
        "created_at": joined.strftime("%Y-%m-%dT%H:%M:%SZ"),
        **_draw_consents(random, joined),
        "tier": "gold" if visits > 24 else "silver" if visits > 13 else "",
        "came_by": random.choice(("search", "friend", "market", "advert", "")),
        "pet": random.choice(("dog", "cat")) if main == "pets" and random.random() < 0.8 else "",
    }
    return Person(
        key=f"C-{FIRST_KEY + at}",
        told=told,
        joined_at=joined,
        zone=zone,
        language=language.partition("-")[0],
        likes=likes,
        purse=random.random(),
        thrift=random.random(),
        brands=frozenset(random.sample(sorted({one.brand for one in products}), 2)),
        facts=frozenset(random.sample(sorted(read_yaml_file("words.yaml")), 14)),
        visits=visits,
        keen=min(0.6, random.lognormvariate(-1.75, 0.4)),
    )


def _draw_likes(random: Random, worlds: Mapping[str, list[str]]) -> tuple[dict[str, float], str]:
    """Return how much she likes each kind, and the world that she likes best."""
    first, second = random.sample(sorted(worlds), 2)
    rest = 1 - sum(WORLD_SHARES)
    likes = {}
    for world, kinds in worlds.items():
        share = rest / (len(worlds) - 2)
        share = WORLD_SHARES[0] if world == first else WORLD_SHARES[1] if world == second else share
        weights = [random.random() ** 3 + 0.02 for _ in kinds]
        for kind, weight in zip(kinds, weights, strict=True):
            likes[kind] = share * weight / sum(weights)
    return likes, first


def _make_address(first: str, last: str, taken: dict[str, int], random: Random) -> str:
    name = f"{_romanise(first)}.{_romanise(last)}"
    taken[name] = taken.get(name, 0) + 1
    number = "" if taken[name] == 1 else str(taken[name])
    return f"{name}{number}@{random.choice(DOMAINS)}"


def _romanise(name: str) -> str:
    pinyin: Mapping[str, Any] = read_yaml_file("people.yaml")["pinyin"]
    plain = str(pinyin.get(name, name)).lower().translate(ASCII)
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()


def _draw_consents(random: Random, joined: datetime) -> dict[str, str]:
    said = random.choices(("yes", "no", ""), (84, 8, 8))[0]
    tracked = random.choices(("yes", "no", ""), (66, 14, 20))[0]
    at = joined.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "consent_email": said,
        "consent_email_at": at if said else "",
        "consent_email_place": "checkout" if said else "",
        "consent_tracking": tracked,
        "consent_tracking_at": at if tracked else "",
    }
