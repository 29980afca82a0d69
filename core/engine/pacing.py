"""Paces the claims of a run: its rate, its warm-up ladder, and the rate of each domain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from ..recipe.values import Rate
from ..store.ledger.claims import ClaimedRow, claim_messages
from ..store.ledger.rates import (
    Granted,
    find_burst,
    give_back_slots,
    give_back_warm_up,
    reserve_after,
    take_slots,
    take_warm_up,
)
from ..store.ledger.runs import count_running
from ..store.ledger.sharing import must_yield, note_asked
from ..store.patience import write_patiently
from .drafts import Composed, Left
from .engine import Engine
from .runs import Run

LONGEST_SLEEP_SECONDS = 2.0
"""A wait for the rate that is longer is somebody else's: the channel need not be kept open."""


class Pacer:
    """Claims as many messages of a variant as may leave now.

    Args:
        engine: The engine.
        run: The run.
        variant: The variant's name.

    Attributes:
        next_at: When the rate lets more leave, in UTC milliseconds; None when it stopped nothing.
        began_at: When it claimed for the first time, in UTC milliseconds.
    """

    def __init__(self, engine: Engine, run: Run, variant: str | None) -> None:
        self.engine = engine
        self.run = run
        self.variant = variant
        bound = run.campaign.variants[variant]
        deliver = bound.recipe.deliver
        self.plugin = bound.stages["deliver"].plugin
        self.rate = deliver.rate.total if deliver is not None and deliver.rate else None
        self.domain_rate = deliver.rate.per_domain if deliver is not None and deliver.rate else None
        self.warm_up = deliver.warm_up if deliver is not None else None
        self.next_at: int | None = None
        self.began_at: int | None = None

    def claim(
        self, token: str, most: int, *, takes_suspects: bool = True
    ) -> list[ClaimedRow] | None:
        """Claim messages that are due; None when there are none, or none may leave now.

        Args:
            token: What fences the claim.
            most: How many at most.
            takes_suspects: See `claim_messages`.
        """
        how: dict[str, Any] = {"token": token, "most": most, "takes_suspects": takes_suspects}
        while True:
            now = self.engine.now
            if self.began_at is None:
                self.began_at = now
            rows, granted, next_at = write_patiently(
                self.engine.store, partial(self._claim, now=now, **how)
            )
            if rows:
                self.next_at = None
                return rows
            self.next_at = next_at if not granted else None
            if self.next_at is None or not self._sleep((self.next_at - now) / 1000):
                return None

    def _claim(
        self, connection: Connection, *, token: str, now: int, most: int, takes_suspects: bool
    ) -> tuple[list[ClaimedRow], int, int | None]:
        """Return what is claimed, how much could have been, and when more may be."""
        granted, next_at = self._take(connection, now, most)
        rows: list[ClaimedRow] = []
        if granted:
            rows = claim_messages(
                connection, self.run.id, self.variant, self.engine.owner, token,
                now=now, most=granted, takes_suspects=takes_suspects,
            )  # fmt: skip
        self.give_back(connection, granted - len(rows), taken_at=now)
        return rows, granted, next_at

    def hold_back(self, composed: Sequence[Composed]) -> list[Left]:
        """Return the messages that the rate of their domain lets leave later only."""
        if self.domain_rate is None or not composed:
            return []
        by_domain: dict[str, list[int]] = defaultdict(list)
        for one in composed:
            by_domain[find_domain(one.message.address)].append(one.message.id)
        now = self.engine.now
        left: list[Left] = []
        with self.engine.store.begin() as connection:
            for domain, ids in sorted(by_domain.items()):
                key = f"domain:{self.plugin}:{domain}"
                granted = take_slots(
                    connection, key, self.domain_rate, now=now, wanted=len(ids)
                ).count
                late = ids[granted:]
                if late:
                    moments = reserve_after(
                        connection,
                        f"{key}:later:{self.run.id}",
                        self.domain_rate,
                        now=now,
                        count=len(late),
                    )
                    left += [
                        (id, "ready", None, moment)
                        for id, moment in zip(late, moments, strict=True)
                    ]
            self.give_back(connection, len(left), taken_at=now)
        return left

    @property
    def _key(self) -> str:
        assert self.rate is not None
        return name_rate(self.plugin, self.rate)

    @property
    def _ladder(self) -> str:
        return name_ladder(self.plugin)

    def give_back(self, connection: Connection, count: int, *, taken_at: int | None = None) -> None:
        """Give back what was claimed and did not leave, so that it holds up nobody else.

        Args:
            connection: Within a transaction that writes.
            count: How many messages.
            taken_at: When they were claimed, in UTC milliseconds; when not known, None.
        """
        since = self.began_at if taken_at is None else taken_at
        if count <= 0 or since is None:
            return
        if self.warm_up is not None:
            give_back_warm_up(connection, self._ladder, count, taken_at=since)
        if self.rate is not None:
            give_back_slots(connection, self._key, self.rate, count)

    def _take(self, connection: Connection, now: int, most: int) -> tuple[int, int | None]:
        """Return how many may leave now, and when more may when it is fewer than `most`."""
        next_at: int | None = None
        if self.warm_up is not None:
            granted = take_warm_up(connection, self._ladder, self.warm_up, now=now, wanted=most)
            most, next_at = granted.count, granted.next_at
        if self.rate is not None and most:
            granted = self._share(connection, self.rate, now, most)
            if self.warm_up is not None:
                give_back_warm_up(connection, self._ladder, most - granted.count, taken_at=now)
            most, next_at = granted.count, granted.next_at
        return most, next_at

    def _share(self, connection: Connection, rate: Rate, now: int, most: int) -> Granted:
        """Take the run's share of a rate that others send at as well."""
        rivals = count_running(connection, self.plugin)
        if rivals < 2:
            return take_slots(connection, self._key, rate, now=now, wanted=most)
        interval_ms = max(1, rate.per // timedelta(milliseconds=rate.count))
        taken = take_slots(
            connection, self._key, rate, now=now,
            wanted=min(most, max(1, find_burst(rate) // rivals)),
        )  # fmt: skip
        if taken.count and must_yield(
            connection, self._key, self.run.id, now=now, interval_ms=interval_ms
        ):
            give_back_slots(connection, self._key, rate, taken.count)
            taken = Granted(0, now + interval_ms)
        note_asked(connection, self._key, self.run.id, now=now, is_granted=taken.count > 0)
        return taken

    def _sleep(self, seconds: float) -> bool:
        if self.engine.sleep is None or seconds > LONGEST_SLEEP_SECONDS:
            return False
        self.engine.sleep(max(0.0, seconds))
        return True


def name_rate(plugin: str, rate: Rate) -> str:
    """Return the key of a channel's rate."""
    # Runs of one rate share it; the steps of another one would be lost among its own.
    return f"channel:{plugin}:{rate.count}/{int(rate.per.total_seconds())}s"


def name_ladder(plugin: str) -> str:
    """Return the key of a channel's warm-up ladder."""
    return f"warm_up:{plugin}"


def find_domain(address: str) -> str:
    """Return the domain of an e-mail address; all phone numbers are of one domain."""
    return address.rpartition("@")[2] if "@" in address else ""


def find_warm_up_keys(run: Run) -> list[str]:
    """Return the keys of the warm-up ladders that a run's channels are on."""
    found = {
        name_ladder(bound.stages["deliver"].plugin)
        for bound in run.campaign.variants.values()
        if bound.recipe.deliver is not None and bound.recipe.deliver.warm_up is not None
    }
    return sorted(found)
