"""Makes orders of purchases, and takes off what was sent back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A purchase or a return of some pieces of a product.

    Attributes:
        customer_id: Whose.
        type: `purchase` or `return`.
        at: When, in UTC milliseconds.
        product_id: Of which product; None when not known.
        quantity: How many pieces.
        value: Money of all pieces, in minor units; None when it was not told.
        currency: Of the money.
        order: The shop's number of the order; None when it was not told.
    """

    customer_id: int
    type: str
    at: int
    product_id: int | None = None
    quantity: int = 1
    value: int | None = None
    currency: str | None = None
    order: str | None = None


@dataclass(slots=True, kw_only=True)
class Order:
    """What somebody bought at once.

    Attributes:
        customer_id: Who.
        at: When, in UTC milliseconds: at its first purchase.
        values: What was paid and not paid back, in minor units by currency; never below 0.
    """

    customer_id: int
    at: int
    values: dict[str, int] = field(default_factory=dict)
    _lines: list[Deed] = field(default_factory=list, repr=False)

    def add(self, deed: Deed) -> None:
        """Add a purchase."""
        self._lines.append(deed)
        self.at = min(self.at, deed.at)
        if deed.value is not None and deed.currency is not None:
            self.values[deed.currency] = self.values.get(deed.currency, 0) + deed.value

    def find_price(self, product_id: int | None, quantity: int) -> tuple[str, int] | None:
        """Return currency and price of some pieces of a product in it; None when not known."""
        for line in self._lines:
            priced = line.value is not None and line.currency is not None and line.quantity > 0
            if line.product_id == product_id and priced:
                assert line.value is not None
                assert line.currency is not None
                pieces = min(quantity, line.quantity)
                return line.currency, line.value * pieces // line.quantity
        return None

    @property
    def products(self) -> set[int]:
        """The products in it that are known."""
        return {line.product_id for line in self._lines if line.product_id is not None}

    def has(self, product_id: int) -> bool:
        """Whether a product is in it."""
        return any(line.product_id == product_id for line in self._lines)

    def take_off(self, deed: Deed) -> None:
        """Take off what was paid back, and no more than was paid."""
        if deed.value is not None and deed.currency is not None:
            currency, value = deed.currency, deed.value
        else:
            priced = self.find_price(deed.product_id, deed.quantity)
            if priced is None:
                return
            currency, value = priced
        if currency in self.values:
            self.values[currency] = max(0, self.values[currency] - value)


def make_orders(deeds: Iterable[Deed]) -> list[Order]:
    """Return the orders that purchases come to, less what was sent back.

    Purchases with one order number, or without one but with one moment, are one order. What comes
    back with the number of an order is taken off it; else off the latest order before in which the
    product is. What comes back of no order that is there is left out.

    Args:
        deeds: Purchases and returns, in any order.
    """
    found: dict[tuple[int, str], Order] = {}
    of_customer: dict[int, list[Order]] = defaultdict(list)
    returned = []
    for deed in deeds:
        if deed.type != "purchase":
            returned.append(deed)
            continue
        name = (deed.customer_id, f"@{deed.at}" if deed.order is None else f"#{deed.order}")
        order = found.get(name)
        if order is None:
            order = found[name] = Order(customer_id=deed.customer_id, at=deed.at)
            of_customer[deed.customer_id].append(order)
        order.add(deed)
    for deed in returned:
        order = found.get((deed.customer_id, f"#{deed.order}"))
        if order is None and deed.product_id is not None:
            before = [
                one
                for one in of_customer[deed.customer_id]
                if one.at <= deed.at and one.has(deed.product_id)
            ]
            order = max(before, key=lambda one: one.at, default=None)
        if order is not None:
            order.take_off(deed)
    return list(found.values())
