"""A small shop by chance, written into a database, and kept as plain data beside it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.tables import (
    addresses,
    customers,
    events,
    message_events,
    messages,
    product_categories,
    product_prices,
    products,
    profiles,
    runs,
    skus,
    standings,
)

NOW = datetime(2026, 5, 17, 9, 30, 15, 123000, tzinfo=UTC)
DAY = 86_400_000
NOW_MS = int(NOW.timestamp() * 1000)
COUNTRIES = ("DE", "AT", "FR", "Österreich")
TRAITS: tuple[Any, ...] = (
    "gold", "silver", "Gold", "10", 10, 10.5, 0, True, False, None, ["gold", "vip"], ["10", 10], {},
    "ÄRGER", "ärger", "a%b", "a_b", "a\\b",
)  # fmt: skip


@dataclass
class Shop:
    """Rows as dictionaries, by table."""

    people: list[dict[str, Any]] = field(default_factory=list)
    goods: list[dict[str, Any]] = field(default_factory=list)
    happened: list[dict[str, Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)


def make_shop(seed: int = 7, size: int = 60) -> Shop:
    """Make people, products, events and messages."""
    chance = random.Random(seed)
    shop = Shop()
    for number in range(1, 13):
        widest, narrow = chance.choice(("shoes", "socks")), f"trail {number % 3}"
        shop.goods.append(
            {
                "id": number,
                "sku": f"P-{number}",
                "category": [widest, narrow],
                "brand": chance.choice(("Acme", "Bolt", None)),
                "tags": chance.sample(["vegan", "new", "last"], chance.randint(0, 3)),
                "stock": chance.choice((None, 0, 1, 20)),
                "attributes": {"size": chance.choice(TRAITS)} if chance.random() < 0.8 else {},
                "review_count": (count := chance.choice((0, 0, 2, 10))),
                "star_sum": sum(chance.randint(1, 5) for _ in range(count)),
                "created_at": NOW_MS - chance.randint(0, 90) * DAY - chance.choice((-1, 0, 1)),
                "prices": chance.choice(
                    ({}, {"EUR": (1999, None)}, {"EUR": (500, 999), "JPY": (80, 90)},
                     {"JPY": (700, 700)}, {"JPY": (700, 900)})
                ),
            }
        )  # fmt: skip
    for number in range(1, size + 1):
        shop.people.append(_make_person(number, chance))
    for number in range(1, size * 12):
        shop.happened.append(_make_event(number, chance, size))
    for number in range(1, size * 2):
        sent_at = NOW_MS - chance.randint(0, 60) * DAY - chance.choice((-1, 0, 1))
        state = chance.choice(("sent", "sent", "failed", "unknown"))
        shop.sent.append(
            {
                "id": number,
                "run_id": chance.randint(1, 3),
                "recipient": chance.randint(1, size),
                "state": state,
                "sent_at": sent_at if state == "sent" else None,
            }
        )
        for kind in chance.sample(["open", "click", "bounce"], chance.randint(0, 2)):
            at = sent_at + chance.randint(0, 3) * DAY
            shop.answers.append({"message_id": number, "kind": kind, "at": at})
    return shop


def _make_person(number: int, chance: random.Random) -> dict[str, Any]:
    def maybe(value: Any) -> Any:
        return None if chance.random() < 0.25 else value

    def some_time() -> int:
        return NOW_MS - chance.randint(-2, 400) * DAY + chance.choice((-1, 0, 1, 5000))

    person: dict[str, Any] = {
        "id": number,
        "language": maybe(chance.choice(("de", "fr"))),
        "country": maybe(chance.choice(COUNTRIES)),
        "time_zone": maybe("Europe/Berlin"),
        "created_at": maybe(some_time()),
        "traits": {name: chance.choice(TRAITS) for name in ("tier", "Tier") if maybe(1)},
        "email_id": maybe(number),
        "phone_id": maybe(1000 + number),
        "erased_at": NOW_MS if chance.random() < 0.1 else None,
        "consents": {"email": maybe(chance.random() < 0.6), "sms": maybe(chance.random() < 0.5)},
    }
    if chance.random() < 0.75:
        bought = chance.random() < 0.7
        person["profile"] = {
            "orders": chance.randint(1, 5) if bought else 0,
            "pieces": chance.randint(1, 9) if bought else 0,
            "returned_pieces": chance.randint(0, 2),
            "total_spent": chance.choice((0, 1, 1999, 2000, 10_000, -500)) if bought else 0,
            "currency": chance.choice(("EUR", "JPY", "KWD")) if bought else None,
            "first_order_at": some_time() if bought else None,
            "last_order_at": some_time() if bought else None,
            "reorder_days": maybe(30) if bought else None,
            "price_low": maybe(1000) if bought else None,
            "price_high": maybe(2000) if bought else None,
            "favourite_category": maybe("shoes"),
            "favourite_brand": maybe("Acme"),
            "views": chance.randint(0, 4),
            "last_viewed_at": maybe(some_time()),
            "last_seen_at": maybe(some_time()),
        }
    return person


def _make_event(number: int, chance: random.Random, size: int) -> dict[str, Any]:
    kind = chance.choice(
        ("view", "view", "purchase", "purchase", "return", "cart", "open", "click")
    )
    value = chance.choice((None, 100, 1999, 5000)) if kind in ("purchase", "return") else None
    return {
        "id": number,
        "key": f"e{number}",
        "customer_id": chance.choice((None, *range(1, size + 1))),
        "product_id": chance.choice((None, *range(1, 13))),
        "type": kind,
        "at": NOW_MS - chance.randint(0, 60) * DAY + chance.choice((-1, 0, 1)),
        "quantity": 1,
        "value": value,
        "currency": chance.choice(("EUR", "JPY", "KWD")) if value is not None else None,
        "source": "test",
        "properties": chance.choice((None, {"campaign": "spring"}, {"campaign": 3}, {})),
    }


def name_variant(sku: str) -> str:
    """Return the sku of a product's one variant."""
    return f"{sku}-red"


def write_shop(store: Store, shop: Shop) -> None:
    """Write a shop into an empty database."""
    plain = (
        "id", "language", "country", "time_zone", "created_at", "traits", "erased_at", "email_id",
        "phone_id",
    )  # fmt: skip
    with store.begin() as connection:
        homes = [
            {"id": person[field_name], "kind": kind, "hash": f"{kind}{person['id']}"}
            for person in shop.people
            for field_name, kind in (("email_id", "email"), ("phone_id", "phone"))
            if person[field_name] is not None
        ]
        connection.execute(addresses.insert(), homes)
        connection.execute(
            customers.insert(),
            [
                {key: one[key] for key in (*plain, "email_id", "phone_id")}
                | {"key": f"C{one['id']}"}
                for one in shop.people
            ],
        )
        connection.execute(
            profiles.insert(),
            [
                {"customer_id": one["id"], **one["profile"]}
                for one in shop.people
                if "profile" in one
            ],
        )
        connection.execute(
            standings.insert(),
            [
                {"address_id": one[at], "channel": channel, "is_given": given, "since": 0}
                for one in shop.people
                for channel, at in (("email", "email_id"), ("sms", "phone_id"))
                if (given := one["consents"][channel]) is not None and one[at] is not None
            ],
        )
        _write_goods(connection, shop)
        connection.execute(events.insert(), shop.happened)
        named = [{"id": 1, "campaign": "spring"}, {"id": 2, "campaign": "spring"},
                 {"id": 3, "campaign": "autumn"}]  # fmt: skip
        rest = {"state": "finished", "seed": 1, "recipe": "", "recipe_hash": "", "created_at": 0}
        connection.execute(runs.insert(), [{**one, **rest} for one in named])
        rest = {"channel": "email", "created_at": 0}
        connection.execute(
            messages.insert(), [{**one, **rest, "entry": str(one["id"])} for one in shop.sent]
        )
        connection.execute(
            message_events.insert(), [{**one, "source": "test"} for one in shop.answers]
        )


def _write_goods(connection: Any, shop: Shop) -> None:
    other = ("prices",)
    connection.execute(
        products.insert(),
        [
            {key: value for key, value in one.items() if key not in other}
            | {"changed_at": 0, "content": ""}
            for one in shop.goods
        ],
    )
    connection.execute(
        product_categories.insert(),
        [
            {"product_id": one["id"], "position": place, "name": name}
            for one in shop.goods
            for place, name in enumerate(one["category"])
        ],
    )
    connection.execute(
        product_prices.insert(),
        [
            {"product_id": one["id"], "currency": currency, "amount": a, "list_amount": b}
            for one in shop.goods
            for currency, (a, b) in one["prices"].items()
        ],
    )
    connection.execute(
        skus.insert(),
        [
            {"sku": sku, "product_id": one["id"]}
            for one in shop.goods
            for sku in (one["sku"], name_variant(one["sku"]))
        ],
    )
