"""Says slowly and obviously for whom a condition holds: the opinion to compare the SQL with."""

from __future__ import annotations

import operator
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any as Data

from ballyhoo.core.conditions.sampling import PRIMES, find_factors
from ballyhoo.core.conditions.tree import (
    All,
    Any,
    Between,
    Call,
    Comparison,
    Condition,
    Constant,
    Field,
    Holding,
    Like,
    Membership,
    Missing,
    Named,
    Not,
    Truth,
)

from .shop import DAY, NOW_MS, Shop, name_variant

DIGITS = {"JPY": 0, "KWD": 3}
SIGNS = {
    "=": operator.eq, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ROLL_UPS = ("orders", "pieces", "returned_pieces", "views")
TIMES = {
    "days_since_first_order": "first_order_at",
    "days_since_last_order": "last_order_at",
    "days_since_last_view": "last_viewed_at",
    "days_since_last_seen": "last_seen_at",
}
MISSING = None


class Moment(int):
    """UTC milliseconds."""


class Free:
    """A value whose type is that of what it is compared with."""

    def __init__(self, value: Data) -> None:
        self.value = value

    def read(self, other: Data) -> Data:
        """Return the value when it is of the other's type."""
        if isinstance(other, bool):
            return self.value if isinstance(self.value, bool) else MISSING
        if isinstance(other, str):
            return self.value if isinstance(self.value, str) else MISSING
        is_number = isinstance(self.value, int | float) and not isinstance(self.value, bool)
        return Fraction(str(self.value)) if is_number else MISSING


class Evaluator:
    """Judges one customer, or one product, at a time."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def holds(self, condition: Condition, one: dict[str, Data]) -> bool:
        """Whether a condition holds."""
        if isinstance(condition, Not):
            return not self.holds(condition.part, one)
        if isinstance(condition, All):
            return all(self.holds(part, one) for part in condition.parts)
        if isinstance(condition, Any):
            return any(self.holds(part, one) for part in condition.parts)
        if isinstance(condition, Named):
            return self.holds(condition.condition, one)
        if isinstance(condition, Comparison):
            left, right = self.value(condition.left, one), self.value(condition.right, one)
            if condition.operator == "!=":
                return not self.compares(left, "=", right)
            return self.compares(left, condition.operator, right)
        if isinstance(condition, Holding):
            value = self.value(condition.field, one)
            held = value.value if isinstance(value, Free) else value
            return isinstance(held, list) and condition.value.value in held
        value = self.value(condition.operand, one)
        if isinstance(condition, Missing):
            bare = value.value if isinstance(value, Free) else value
            return bare is MISSING or (bare == [] and not isinstance(value, Free))
        if isinstance(condition, Truth):
            return self.compares(value, "=", True)
        if isinstance(condition, Membership):
            return any(self.compares(value, "=", each.value) for each in condition.values)
        if isinstance(condition, Between):
            low, high = condition.low.value, condition.high.value
            return self.compares(value, ">=", low) and self.compares(value, "<=", high)
        assert isinstance(condition, Like)
        return self.is_like(value, str(condition.pattern.value))

    def compares(self, left: Data, sign: str, right: Data) -> bool:
        """Whether two values compare; false when one of them is missing."""
        if isinstance(right, Free):
            right = right.read(left)
        if isinstance(left, Free):
            left = left.read(right)
        if left is MISSING or right is MISSING:
            return False
        if isinstance(left, Moment) and isinstance(right, str):
            try:
                day = date.fromisoformat(right)
            except ValueError:
                moment = datetime.fromisoformat(right)
                moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
                right = round(moment.timestamp() * 1000)
            else:
                left, right = left // DAY, (day - date(1970, 1, 1)).days
        if isinstance(left, Decimal):
            left = Fraction(left)
        if isinstance(right, Decimal):
            right = Fraction(right)
        if isinstance(left, str):
            left, right = left.encode(), right.encode()
        return bool(SIGNS[sign](left, right))

    def is_like(self, value: Data, pattern: str) -> bool:
        """Whether a text is like a pattern; only a to z match whatever their case."""
        if isinstance(value, Free):
            value = value.read("")
        if value is MISSING:
            return False
        parts = {"%": ".*", "_": "."}
        written = "".join(parts.get(one, re.escape(_lower(one))) for one in pattern)
        return re.fullmatch(written, _lower(value), re.DOTALL) is not None

    def value(self, operand: Data, one: dict[str, Data]) -> Data:
        """Return the value of a field, a call or a constant."""
        if isinstance(operand, Constant):
            return operand.value
        if isinstance(operand, Call):
            given = {argument.name: argument.value.value for argument in operand.arguments}
            return getattr(self, operand.name)(one, **given)
        assert isinstance(operand, Field)
        return self.product(operand.name, one) if "sku" in one else self.field(operand.name, one)

    def field(self, name: str, person: dict[str, Data]) -> Data:
        """Return a field of a customer."""
        profile = person.get("profile", {})
        prefix, _, key = name.partition(".")
        if prefix == "traits":
            return Free(person["traits"].get(key))
        if prefix == "consents" or name.startswith("consent_"):
            channel = key or name.removeprefix("consent_")
            home = person["email_id" if channel == "email" else "phone_id"]
            return bool(person["consents"].get(channel)) and home is not None
        if name in ("has_email", "has_phone"):
            return person["email_id" if name == "has_email" else "phone_id"] is not None
        if name == "days_since_signup":
            return _days(person["created_at"])
        if name in TIMES:
            return _days(profile.get(TIMES[name]))
        if name in ROLL_UPS:
            return profile.get(name, 0)
        if name in ("total_spent", "price_low", "price_high"):
            amount = profile.get(name, 0 if name == "total_spent" else None)
            return None if amount is None else _whole(amount, profile.get("currency"))
        value = profile[name] if name in profile else person.get(name)
        return Moment(value) if name.endswith("_at") and value is not None else value

    def product(self, name: str, product: dict[str, Data]) -> Data:
        """Return a field of a product."""
        key = name.partition(".")[2]
        prices = product["prices"]
        if key:
            return Free(product["attributes"].get(key))
        if name in ("price", "list_price", "on_sale"):
            if len(prices) != 1:
                return False if name == "on_sale" else MISSING
            [(currency, (now, before))] = prices.items()
            if name == "on_sale":
                return before is not None and now < before
            amount = now if name == "price" else before
            return None if amount is None else _whole(amount, currency)
        if name == "in_stock":
            return product["stock"] != 0
        if name == "rating":
            count = product["review_count"]
            return Fraction(product["star_sum"], count) if count else MISSING
        if name == "reviews":
            return product["review_count"]
        if name == "days_since_added":
            return _days(product["created_at"])
        return Moment(product[name]) if name == "created_at" else product[name]

    def did(self, person: dict[str, Data], type: str, at_least: Data = 1, **which: Data) -> bool:
        """Whether events of a type happened."""
        return sum(1 for _ in self.events(person, {type}, **which)) >= at_least

    def bought(self, person: dict[str, Data], **which: Data) -> bool:
        """Whether she bought."""
        return self.did(person, "purchase", **which)

    def viewed(self, person: dict[str, Data], **which: Data) -> bool:
        """Whether she looked."""
        return self.did(person, "view", **which)

    def spent(self, person: dict[str, Data], **which: Data) -> Data:
        """What she spent."""
        currency = person.get("profile", {}).get("currency")
        paid = 0
        for event in self.events(person, {"purchase", "return"}, **which):
            if event["currency"] == currency and event["value"] is not None:
                paid += event["value"] if event["type"] == "purchase" else -event["value"]
        return _whole(paid, currency)

    def events(
        self,
        person: dict[str, Data],
        types: set[str],
        days: Data = None,
        category: str | None = None,
        product: str | None = None,
        brand: str | None = None,
    ) -> Data:
        """Yield her events."""
        goods = {one["id"]: one for one in self.shop.goods}
        for event in self.shop.happened:
            if event["customer_id"] != person["id"] or event["type"] not in types:
                continue
            good = goods.get(event["product_id"], {"category": [], "sku": None, "brand": None})
            if (
                (days is None or NOW_MS - event["at"] < days * DAY)
                and (category is None or category in good["category"])
                and (product is None or product in (good["sku"], name_variant(str(good["sku"]))))
                and (brand is None or brand == good["brand"])
            ):
                yield event

    def received(
        self, person: dict[str, Data], campaign: str | None = None, days: Data = None,
        at_least: Data = 1,
    ) -> bool:  # fmt: skip
        """Whether messages were sent to her."""
        found = [
            one
            for one in self.messages(person, campaign)
            if one["state"] == "sent" and (days is None or NOW_MS - one["sent_at"] < days * DAY)
        ]
        return len(found) >= at_least

    def opened(self, person: dict[str, Data], **which: Data) -> bool:
        """Whether she opened."""
        return self.answered(person, "open", **which)

    def clicked(self, person: dict[str, Data], **which: Data) -> bool:
        """Whether she clicked."""
        return self.answered(person, "click", **which)

    def answered(
        self, person: dict[str, Data], kind: str, campaign: str | None = None,
        days: Data = None, at_least: Data = 1,
    ) -> bool:  # fmt: skip
        """Whether she answered, to us or to another tool."""
        own = {one["id"] for one in self.messages(person, campaign)}
        moments = [
            one["at"]
            for one in self.shop.answers
            if one["message_id"] in own and one["kind"] == kind
        ]
        for event in self.shop.happened:
            named = (event["properties"] or {}).get("campaign")
            if (
                event["customer_id"] == person["id"]
                and event["type"] == kind
                and (campaign is None or campaign == named)
            ):
                moments.append(event["at"])
        return sum(days is None or NOW_MS - at < days * DAY for at in moments) >= at_least

    def messages(self, person: dict[str, Data], campaign: str | None) -> Data:
        """Return the messages to her."""
        runs = {1: "spring", 2: "spring", 3: "autumn"}
        return [
            one
            for one in self.shop.sent
            if one["recipient"] == person["id"] and campaign in (None, runs[one["run_id"]])
        ]

    def sample(self, person: dict[str, Data], percent: Data, salt: str = "") -> bool:
        """Whether she is in the sample."""
        place = person["id"]
        for prime, (factor, shift) in zip(PRIMES, find_factors(salt), strict=True):
            place = (place * factor + shift) % prime
        return place < int(Decimal(percent) * PRIMES[-1] / 100)


def _lower(text: str) -> str:
    return "".join(one.lower() if one.isascii() else one for one in text)


def _days(at: int | None) -> int | None:
    return None if at is None else (NOW_MS - at) // DAY


def _whole(minor: int, currency: str | None) -> Fraction:
    return Fraction(minor, 10 ** DIGITS.get(currency or "", 2))
