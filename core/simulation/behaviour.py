"""What people of a simulation do: buy of their own, and click, buy or leave by a message."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Literal

from .audience import DAY_MS, Audience, draw_baskets
from .truth import Truth

if TYPE_CHECKING:
    import numpy as np

CLICK_MS = 6 * 3_600_000
"""How long after a message a click comes, on average."""

SOONEST_MS = 5_000
"""Nobody reads faster; sooner clicks are taken for a machine's."""

Kind = Literal["purchase", "click", "unsubscribe"]


@dataclass(frozen=True, slots=True, order=True)
class Deed:
    """Something that a person does.

    Attributes:
        at: When, in UTC milliseconds.
        number: In which order it was drawn.
        kind: What.
        person: Her number.
        message_id: By which message; 0 for a purchase.
        value: What it is worth, in minor units.
    """

    at: int
    number: int
    kind: Kind
    person: int
    message_id: int = 0
    value: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """A message that reached somebody: its id, her number, her variant, and when."""

    message_id: int
    person: int
    variant: str | None
    at: int


@dataclass(kw_only=True)
class Behaviour:
    """Draws what people do, and gives it when its time has come.

    Attributes:
        truth: What is true.
        audience: The people.
        starts_at: The first moment, in UTC milliseconds.
        window_ms: The window within which the share `truth.buy` buys.
        generator: Of chance.
    """

    truth: Truth
    audience: Audience
    starts_at: int
    window_ms: int
    generator: np.random.Generator
    _coming: list[Deed] = field(default_factory=list)
    _dulled: dict[int, tuple[int, float]] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=count)

    def begin(self, days: int) -> None:
        """Draw what everybody buys of her own within so many days."""
        import numpy as np

        rates = float(self.truth.buy) * DAY_MS / self.window_ms * self.audience.keenness
        for day in range(days):
            counts = self.generator.poisson(rates * self.find_factor(day))
            people = np.repeat(np.arange(len(counts)), counts)
            begins = self.starts_at + day * DAY_MS
            moments = begins + self.generator.integers(0, DAY_MS, len(people))
            self._buy(people.tolist(), moments.tolist())

    def find_factor(self, day: int) -> float:
        """Return by which factor people buy on a day, counted from 0."""
        days = self.truth.days
        return days[day % len(days)]

    def find_day(self, at: int) -> int:
        """Return the day of a moment, counted from 0."""
        return (at - self.starts_at) // DAY_MS

    def react(self, got: Sequence[Got]) -> None:
        """Draw what people do because of messages."""
        for one in got:
            is_new = bool(self.audience.is_new[one.person])
            effect = self.truth.find_effect(one.variant, is_new=is_new)
            if effect.buy < 1:
                self._dulled[one.person] = (one.at, effect.buy)
            if self._happens(float(self.truth.click) * effect.click):
                self._add("click", one, self._draw_wait(CLICK_MS))
            if self._happens(float(self.truth.unsubscribe) * effect.unsubscribe):
                self._add("unsubscribe", one, self._draw_wait(DAY_MS))
            extra = float(self.truth.buy) * max(0.0, effect.buy - 1)
            mean = (
                extra * self.audience.keenness[one.person] * self.find_factor(self.find_day(one.at))
            )
            orders = int(self.generator.poisson(mean)) if mean else 0
            waits = [
                self._draw_wait(self.truth.delay.total_seconds() * 1000) for _ in range(orders)
            ]
            for wait in waits:
                self._add("click", one, max(SOONEST_MS, int(wait * self.generator.random())))
            self._buy([one.person] * orders, [one.at + wait for wait in waits])

    def take_until(self, moment: int) -> list[Deed]:
        """Return what was done up to a moment, in its order, and forget it."""
        done = []
        while self._coming and self._coming[0].at <= moment:
            deed = heapq.heappop(self._coming)
            if not self._is_given_up(deed):
                done.append(deed)
        return done

    def _buy(self, people: Sequence[int], moments: Sequence[int]) -> None:
        values = draw_baskets(self.truth, len(people), self.generator)
        for person, at, value in zip(people, moments, values, strict=True):
            heapq.heappush(
                self._coming, Deed(at, next(self._numbers), "purchase", person, 0, value)
            )

    def _add(self, kind: Kind, got: Got, wait: int) -> None:
        deed = Deed(got.at + wait, next(self._numbers), kind, got.person, got.message_id)
        heapq.heappush(self._coming, deed)

    def _happens(self, share: float) -> bool:
        return share > 0 and float(self.generator.random()) < share

    def _draw_wait(self, mean_ms: float) -> int:
        return SOONEST_MS + int(self.generator.exponential(mean_ms))

    def _is_given_up(self, deed: Deed) -> bool:
        """Whether a message has talked her out of it."""
        since, factor = self._dulled.get(deed.person, (deed.at, 1.0))
        return deed.kind == "purchase" and deed.at > since and not self._happens(factor)
