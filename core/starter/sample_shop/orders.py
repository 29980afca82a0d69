"""What becomes of a purchase in the sample shop: it is sent, arrives, comes back, is reviewed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .assortment import SampleProduct, read_yaml_file
from .people import Person
from .visits import Purchase

FREE_SHIPPING_CENTS = 6_000
SHIPPING_CENTS = 490
WELCOME_CODE = "WELCOME10"
WELCOME_SHARE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleOrder:
    """An order, with all that will become of it.

    Attributes:
        key: The shop's number of it.
        person: Who ordered.
        lines: Products with the number of pieces.
        discount_cents: What a code took off.
        code: The code, or empty.
        placed_at: When it was placed.
        shipped_at: When it left.
        delivered_at: When it arrived.
        cancelled_at: When it was cancelled, before it left; None when it was not.
        returned_at: When all of it came back; None when it did not.
    """

    key: str
    person: Person
    lines: tuple[tuple[SampleProduct, int], ...]
    discount_cents: int
    code: str
    placed_at: datetime
    shipped_at: datetime
    delivered_at: datetime
    cancelled_at: datetime | None
    returned_at: datetime | None

    @property
    def shipping_cents(self) -> int:
        """What sending costs."""
        return 0 if self.goods_cents >= FREE_SHIPPING_CENTS else SHIPPING_CENTS

    @property
    def goods_cents(self) -> int:
        """What the products cost together."""
        return sum(product.cents * pieces for product, pieces in self.lines)

    @property
    def total_cents(self) -> int:
        """What is paid."""
        return self.goods_cents - self.discount_cents + self.shipping_cents

    def find_state(self, moment: datetime) -> str:
        """Return the state that it has at a moment."""
        if self.cancelled_at is not None and self.cancelled_at <= moment:
            return "cancelled"
        if self.returned_at is not None and self.returned_at <= moment:
            return "returned"
        if self.cancelled_at is None and self.shipped_at <= moment:
            return "delivered" if self.delivered_at <= moment else "shipped"
        return "paid" if moment - self.placed_at > timedelta(minutes=30) else "open"

    def changed_within(self, since: datetime, until: datetime) -> bool:
        """Say whether it was placed, or its state changed, within a time."""
        moments = (
            self.placed_at, self.shipped_at, self.delivered_at, self.cancelled_at, self.returned_at,
        )  # fmt: skip
        return any(one is not None and since <= one < until for one in moments)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleReview:
    """What a customer says of a product that she bought."""

    key: str
    person: Person
    product: SampleProduct
    stars: int
    text: str
    language: str
    at: datetime


def make_order(purchase: Purchase, number: int, seed: int) -> SampleOrder:
    """Return the order of a purchase.

    Args:
        purchase: What was bought.
        number: The how manieth it is of this customer, from 1.
        seed: Of chance.
    """
    person = purchase.person
    random = Random(f"{seed} order {person.key} {number}")
    shipped = purchase.at + timedelta(hours=random.uniform(5, 60))
    delivered = shipped + timedelta(hours=random.uniform(24, 130))
    has_code = number == 1 and random.random() < 0.35
    goods = sum(product.cents * pieces for product, pieces in purchase.lines)
    is_cancelled, is_returned = random.random() < 0.02, random.random() < 0.06
    return SampleOrder(
        key=f"F{person.key.removeprefix('C-')}{number:02}",
        person=person,
        lines=purchase.lines,
        discount_cents=goods * WELCOME_SHARE // 100 if has_code else 0,
        code=WELCOME_CODE if has_code else "",
        placed_at=purchase.at,
        shipped_at=shipped,
        delivered_at=delivered,
        cancelled_at=purchase.at + timedelta(hours=random.uniform(1, 5)) if is_cancelled else None,
        returned_at=delivered + timedelta(days=random.uniform(4, 16))
        if is_returned and not is_cancelled
        else None,
    )


def write_reviews(orders: Sequence[SampleOrder], seed: int) -> Iterator[SampleReview]:
    """Yield what customers say of what they got; most say nothing."""
    said = read_yaml_file("reviews.yaml")
    for order in orders:
        random = Random(f"{seed} reviews {order.key}")
        if order.cancelled_at is not None:
            continue
        language = order.person.language if order.person.language in said else "en"
        for number, (product, _) in enumerate(order.lines, start=1):
            if random.random() > 0.16:
                continue
            liking = random.gauss(product.quality, 0.2) - (0.5 if order.returned_at else 0)
            stars = min(5, max(1, round(1 + 4.6 * liking)))
            mood = "few" if stars < 3 else "some" if stars == 3 else "many"
            yield SampleReview(
                key=f"{order.key}-{number}",
                person=order.person,
                product=product,
                stars=stars,
                text=random.choice(said[language][mood]),
                language=language,
                at=order.delivered_at + timedelta(days=random.uniform(2, 25)),
            )
