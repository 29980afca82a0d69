"""Plays a campaign: the run does its work, people do what they do, and the shop tells it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from ..engine.embedded import run_here
from ..engine.starting import start_run
from ..recipe_tests.driving import pass_time
from ..recipe_tests.trial import Trial
from ..store.ledger.links import ShownProducts
from ..store.ledger.runs import list_open_runs
from ..store.reading import from_moment, to_moment
from ..store.rows import EventRow
from ..store.tables import customers, messages
from ..store.writers import open_writer
from ..stored_inbox import StoreInbox
from ..web.recorder import Seen, store_seen
from .audience import Audience, draw_audience, tell_audience
from .behaviour import Behaviour, Deed, Got
from .truth import Truth

if TYPE_CHECKING:
    import numpy as np

STEP = timedelta(hours=6)
"""How often the shop tells what happened, and the run looks what is due."""

SOURCE = "simulation"


class Play:
    """One simulated campaign.

    Args:
        trial: Its world.
        truth: What is true.
        people: How many.
        days: For how long.
        window_ms: The campaign's window.
        generator: Of chance.
    """

    def __init__(
        self,
        trial: Trial,
        truth: Truth,
        *,
        people: int,
        days: int,
        window_ms: int,
        generator: np.random.Generator,
    ) -> None:
        self.trial = trial
        self.truth = truth
        self.days = days
        self.audience: Audience = draw_audience(truth, people, generator)
        self.starts_at = to_moment(trial.clock.now())
        self.behaviour = Behaviour(
            truth=truth,
            audience=self.audience,
            starts_at=self.starts_at,
            window_ms=window_ms,
            generator=generator,
        )
        tell_audience(trial.store, self.audience, truth, trial.clock.now(), generator)
        with trial.store.read() as connection:
            found = connection.execute(select(customers.c.id, customers.c.key))
            numbers = {key: number for number, key in enumerate(self.audience.keys)}
            self._numbers = {row.id: numbers[row.key] for row in found}
        self._seen: set[int] = set()
        self._products = ShownProducts()

    def play(self, look: Callable[[int], None] | None = None) -> int:
        """Play it to its end; return the id of the run.

        Args:
            look: Called with the id of the run at the end of each day but the last.
        """
        trial = self.trial
        self.behaviour.begin(self.days)
        start = start_run(trial.engine, trial.campaign, trial.engine.folder, seed=trial.test.seed)
        trial.runs.append(start.run_id)
        trial.ends[start.run_id] = run_here(trial.engine, start.run_id)
        until = from_moment(self.starts_at) + timedelta(days=self.days)
        may_send = True
        while trial.clock.now() < until:
            is_open = self._is_open(start.run_id)
            pass_time(trial, min(until, trial.clock.now() + STEP))
            if may_send:
                self.behaviour.react(self._find_got(start.run_id))
            may_send = is_open
            done = self.behaviour.take_until(to_moment(trial.clock.now()))
            self._tell(done)
            if done and is_open:
                # Feedback may be what a wave waits for.
                trial.ends[start.run_id] = run_here(trial.engine, start.run_id)
            passed = trial.clock.now() - from_moment(self.starts_at)
            if look is not None and not passed % timedelta(days=1) and trial.clock.now() < until:
                look(start.run_id)
        return start.run_id

    def _is_open(self, run_id: int) -> bool:
        with self.trial.store.read() as connection:
            return any(
                row.id == run_id and row.state in ("running", "waiting")
                for row in list_open_runs(connection)
            )

    def _find_got(self, run_id: int) -> list[Got]:
        """Return the messages that left since this was asked before."""
        found = (
            select(messages.c.id, messages.c.recipient, messages.c.variant, messages.c.sent_at)
            .where(messages.c.run_id == run_id, messages.c.state == "sent")
            .order_by(messages.c.id)
        )
        with self.trial.store.read() as connection:
            rows = [row for row in connection.execute(found) if row.id not in self._seen]
        self._seen |= {row.id for row in rows}
        return [
            Got(
                message_id=row.id,
                person=self._numbers[row.recipient],
                variant=row.variant,
                at=row.sent_at,
            )
            for row in rows
        ]

    def _tell(self, done: Sequence[Deed]) -> None:
        """Tell the store what people did, by the ways by which it is told of it."""
        bought = [one for one in done if one.kind == "purchase"]
        clicked = [one for one in done if one.kind == "click"]
        if bought:
            with open_writer(self.trial.store, "events", now=self.trial.clock.now()) as writer:
                writer.write(
                    [
                        EventRow(
                            f"order-{one.number}", "purchase", one.at,
                            self.audience.keys[one.person], value=one.value,
                            currency=self.truth.currency, order_key=f"order-{one.number}",
                        )
                        for one in bought
                    ]
                )  # fmt: skip
        if clicked:
            seen = [Seen(kind="click", message_id=one.message_id, at=one.at) for one in clicked]
            keys = [f"{SOURCE}:{one.number}" for one in clicked]
            with self.trial.store.begin() as connection:
                store_seen(connection, seen, keys, self._products)
        left = [one for one in done if one.kind == "unsubscribe"]
        if left:
            inbox = StoreInbox(self.trial.store, source=SOURCE, clock=self.trial.clock)
            for one in left:
                inbox.withdraw_consent(one.message_id)
            inbox.close()
