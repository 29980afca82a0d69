"""Every move of the ledger in any order: owners that die, freeze and wake, and people who say no.

The world is a model: who holds a grant of a mark may let the message out, once for each grant, at
any time, however frozen, and nobody else may. After each step the ledger is held against it.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import Row, event, insert, select, update

from ballyhoo.core.engine.controlling import cancel_leftovers, cancel_run, pause_run
from ballyhoo.core.engine.deciding import resolve_unknown, retry_failed
from ballyhoo.core.engine.sweeping import settle_state
from ballyhoo.core.errors import BallyhooError
from ballyhoo.core.policy.rules import PolicyRules
from ballyhoo.core.store.engine import Store, open_store
from ballyhoo.core.store.ledger.batches import (
    Batch,
    finish_batch,
    split_batch,
    take_batch,
)
from ballyhoo.core.store.ledger.claims import claim_messages, leave_claims
from ballyhoo.core.store.ledger.delays import put_off_batch
from ballyhoo.core.store.ledger.leases import LeaseLost
from ballyhoo.core.store.ledger.marks import Marking, give_up_claims, settle_messages
from ballyhoo.core.store.ledger.owners import Owner
from ballyhoo.core.store.ledger.receipts import count_receipt
from ballyhoo.core.store.ledger.recovery import recover_leases
from ballyhoo.core.store.ledger.runs import add_run, move_run, read_run, reopen_run
from ballyhoo.core.store.ledger.states import ON_THE_WAY, OPEN_RUNS
from ballyhoo.core.store.tables import addresses, batches, messages, runs, suppressions

PEOPLE = 3
NOW = 1_800_000_000_000
numbers = count(1)


@dataclass
class Worker:
    """A process, with what it believes to hold."""

    owner: Owner
    batches: list[Batch] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


@dataclass
class Claim:
    """The messages that a worker claimed under one token, and which marks it was granted."""

    token: str
    marking: Marking
    held: set[int]
    granted: set[int] = field(default_factory=set)
    out: set[int] = field(default_factory=set)


class Ledger(RuleBasedStateMachine):
    """Two workers, one run, three people."""

    store: Store
    folder: tempfile.TemporaryDirectory[str]
    policy = "hold"

    @classmethod
    def open(cls) -> None:
        cls.folder = tempfile.TemporaryDirectory(prefix="model")
        path = Path(cls.folder.name) / "ballyhoo.db"
        cls.store = open_store(f"sqlite:///{path}", suppression_key="model", create=True)

        @event.listens_for(cls.store.engine, "connect")
        def forget_about_the_disk(connection: Any, _: object) -> None:
            connection.execute("PRAGMA synchronous = OFF")

        cls.store.engine.dispose()

    @initialize(generates=st.booleans())
    def plan(self, generates: bool) -> None:
        if not hasattr(type(self), "store"):
            self.open()
        self.workers = [Worker(Owner(self.store)) for _ in range(2)]
        self.accepted: Counter[int] = Counter()
        self.said_no: set[int] = set()
        self.allowed: Counter[int] = Counter()
        self.campaign = f"model-{next(numbers)}"
        state = "planned" if generates else "ready"
        with self.store.begin() as connection:
            self.run = add_run(
                connection, campaign=self.campaign, seed=1, recipe="", recipe_hash="",
                created_at=NOW, details={"resends": [None] if self.policy == "resend" else []},
            )  # fmt: skip
            move_run(connection, self.run, ["planning"], "running", audience=PEOPLE)
            for _ in range(PEOPLE):
                number = next(numbers)
                values = {
                    "kind": "email",
                    "hash": f"hash-{number}",
                    "address": f"{number}@model.example",
                }
                made = insert(addresses).values(values).returning(addresses.c.id)
                address = connection.execute(made).scalar_one()
                connection.execute(
                    insert(messages).values(
                        run_id=self.run, recipient=number, address_id=address, channel="email",
                        state=state, due_at=NOW, created_at=NOW,
                    )
                )  # fmt: skip
        self.rules = PolicyRules(run_id=self.run, campaign=self.campaign, channel="email")

    # ---- preparing

    @rule(who=st.integers(0, 1), size=st.integers(1, PEOPLE))
    def take_a_batch(self, who: int, size: int) -> None:
        worker = self.workers[who]
        batch = take_batch(self.store, self.run, worker.owner, now=NOW, size=lambda _: size)
        if batch is not None:
            worker.batches.append(batch)

    @precondition(lambda self: any(worker.batches for worker in self.workers))
    @rule(
        data=st.data(),
        end=st.sampled_from(["ready", "ready", "ready", "skipped", "put off", "split"]),
    )
    def end_a_batch(self, data: st.DataObject, end: str) -> None:
        """It stays with the worker, who may try to end it again."""
        worker = data.draw(st.sampled_from([one for one in self.workers if one.batches]))
        batch = data.draw(st.sampled_from(worker.batches))
        reason = "refused_copy" if end == "skipped" else None
        try:
            with self.store.begin() as connection:
                if end == "put off":
                    put_off_batch(
                        connection, batch, now=NOW, due_at=NOW, said="later", is_counted=True
                    )
                elif end == "split":
                    split_batch(connection, batch)
                else:
                    rows = [(row.id, end, reason, NOW, None) for row in batch.rows]
                    finish_batch(connection, batch, rows)
        except LeaseLost:
            pass

    # ---- sending

    @rule(
        who=st.integers(0, 1),
        most=st.integers(1, PEOPLE),
        takes_suspects=st.booleans(),
        how_far=st.sampled_from(["claimed", "marked", "out", "settled"]),
    )
    def send(self, who: int, most: int, takes_suspects: bool, how_far: str) -> None:
        """Claim some messages, and come so far with them."""
        worker = self.workers[who]
        claim = self.claim(worker.owner, most, takes_suspects)
        if claim is None:
            return
        worker.claims.append(claim)
        if how_far != "claimed":
            self.grant(claim, claim.held)
        if how_far in ("out", "settled"):
            self.release(claim, claim.held)
        if how_far == "settled":
            self.answer(claim, claim.held, "sent")

    def claim(self, owner: Owner, most: int, takes_suspects: bool = True) -> Claim | None:
        token = owner.make_token()
        with self.store.begin() as connection:
            rows = claim_messages(
                connection, self.run, None, owner, token,
                now=NOW, most=most, takes_suspects=takes_suspects,
            )  # fmt: skip
        marking = Marking("sqlite", self.rules, owner, token)
        return Claim(token, marking, {row.id for row in rows}) if rows else None

    def choose(self, data: st.DataObject) -> tuple[Claim, set[int]]:
        """Choose some messages of a claim, whether it still holds them or not."""
        claims = [claim for worker in self.workers for claim in worker.claims[-2:]]
        assume(claims)
        claim = data.draw(st.sampled_from(claims))
        one = data.draw(st.none() | st.sampled_from(sorted(claim.held)))
        return claim, set(claim.held) if one is None else {one}

    @rule(data=st.data())
    def mark(self, data: st.DataObject) -> None:
        self.grant(*self.choose(data))

    def grant(self, claim: Claim, ids: set[int]) -> None:
        people = self.read_rows()
        with self.store.begin() as connection:
            granted = claim.marking.mark(connection, [(id, None, "") for id in sorted(ids)], NOW)
        assert granted <= ids
        assert not granted & claim.granted, "a mark was granted twice"
        assert not {people[id].address_id for id in granted} & self.said_no, "she had said no"
        claim.granted |= granted

    @rule(data=st.data())
    def let_out(self, data: st.DataObject) -> None:
        """Do what a mark allows, before the answer is stored."""
        self.release(*self.choose(data))

    def release(self, claim: Claim, ids: set[int]) -> None:
        for id in ids & (claim.granted - claim.out):
            claim.out.add(id)
            self.accepted[id] += 1

    @rule(data=st.data(), outcome=st.sampled_from(["sent", "ready", "failed", "unknown"]))
    def settle(self, data: st.DataObject, outcome: str) -> None:
        claim, ids = self.choose(data)
        self.answer(claim, ids, outcome)

    def answer(self, claim: Claim, ids: set[int], outcome: str) -> None:
        """Store an answer, a true one: of what is out nobody says that it was refused."""
        rows = []
        for id in sorted(ids):
            if outcome in ("sent", "unknown") and id not in claim.granted:
                continue  # the dispatch lets no channel say so
            if outcome == "sent":
                self.release(claim, {id})
            if outcome in ("ready", "failed") and id in claim.out:
                continue
            reason = "refused" if outcome == "failed" else None
            due_at = NOW if outcome == "ready" else None
            rows.append((id, outcome, reason, due_at, None, None, None, int(outcome == "unknown")))
            if outcome in ("ready", "failed"):
                claim.granted.discard(id)  # it is done with it
        if rows:
            with self.store.begin() as connection:
                settle_messages(connection, claim.token, rows)
                if outcome == "ready":
                    reopen_run(connection, self.run)

    @rule(data=st.data(), state=st.sampled_from(["ready", "skipped", "expired"]))
    def leave(self, data: st.DataObject, state: str) -> None:
        claim, ids = self.choose(data)
        reason = "left_segment" if state == "skipped" else None
        with self.store.begin() as connection:
            leave_claims(connection, claim.token, [(id, state, reason, NOW) for id in sorted(ids)])

    @rule(data=st.data())
    def give_up(self, data: st.DataObject) -> None:
        """End a delivery; its thread may be in the middle of letting a message out."""
        worker = data.draw(st.sampled_from(self.workers))
        assume(worker.claims)
        claim = data.draw(st.sampled_from(worker.claims))
        with self.store.begin() as connection:
            give_up_claims(connection, claim.token)
        worker.owner.drop_token(claim.token)

    # ---- death, sleep, and what others make of it

    @rule(who=st.integers(0, 1))
    def die(self, who: int) -> None:
        self.bury(self.workers[who])
        self.workers[who] = Worker(Owner(self.store))

    def bury(self, worker: Worker) -> None:
        """Leave what a killed process leaves: its leases, and a lock that is free."""
        worker.owner.close()

    @rule(who=st.integers(0, 1))
    def sleep_past_all_leases(self, who: int) -> None:
        owner = self.workers[who].owner.id
        with self.store.begin() as connection:
            for table in (messages, batches, runs):
                connection.execute(
                    update(table)
                    .where(table.c.lease_owner == owner, table.c.lease_until.is_not(None))
                    .values(lease_until=1)
                )

    @rule(who=st.integers(0, 1))
    def sweep(self, who: int) -> None:
        recover_leases(self.workers[who].owner, now=NOW)
        cancel_leftovers(self.store)
        settle_state(self.store, self.run, now=NOW)

    # ---- people

    @rule(data=st.data())
    def say_no(self, data: st.DataObject) -> None:
        row = data.draw(st.sampled_from(list(self.read_rows().values())))
        with self.store.begin() as connection:
            found = select(addresses.c.hash).where(addresses.c.id == row.address_id)
            values = {
                "channel": "email", "hash": connection.execute(found).scalar_one(),
                "reason": "unsubscribe", "at": NOW, "source": "model", "key_id": "",
            }  # fmt: skip
            connection.execute(insert(suppressions).prefix_with("OR IGNORE").values(values))
        self.said_no.add(row.address_id)

    @rule(what=st.sampled_from(["pause", "resume", "resume", "cancel"]))
    def command(self, what: str) -> None:
        try:
            if what == "pause":
                pause_run(self.store, self.run)
            elif what == "cancel":
                cancel_run(self.store, self.run, now=NOW)
            else:
                with self.store.begin() as connection:
                    move_run(connection, self.run, ["paused"], "running", reason=None)
        except BallyhooError:
            pass

    @rule(what=st.sampled_from(["retry", "sent", "resend"]))
    def decide(self, what: str) -> None:
        before = self.read_rows()
        try:
            if what == "retry":
                retry_failed(self.store, self.run, now=NOW)
            else:
                resolve_unknown(self.store, self.run, what, now=NOW)  # type: ignore[arg-type]
        except BallyhooError:
            return
        for id, row in before.items():
            if row.state == "unknown":
                self.allowed[id] += what == "resend"
                # She who says that it was sent is believed.
                self.accepted[id] = max(self.accepted[id], int(what == "sent"))

    # ---- what must be true

    def read_rows(self) -> dict[int, Row[Any]]:
        with self.store.read() as connection:
            found = connection.execute(select(messages).where(messages.c.run_id == self.run))
            return {row.id: row for row in found}

    @invariant()
    def the_ledger_is_true(self) -> None:
        if not hasattr(self, "rules"):
            return
        rows = self.read_rows()
        with self.store.read() as connection:
            assert count_receipt(connection, self.run).adds_up
            state = read_run(connection, self.run).state
        if state == "finished":
            assert not [row for row in rows.values() if row.state in ON_THE_WAY]
        for id, row in rows.items():
            out = self.accepted[id]
            held = row.state in ("claimed", "sending")
            if self.policy == "hold":
                assert out <= 1 + self.allowed[id], f"accepted {out} times"
            assert row.state != "sent" or out
            if out and row.state not in ("sent", "unknown", "sending"):
                # Somebody sends it again, and knows that it may be out already.
                assert row.unknowns or row.state in ("ready", "claimed"), f"out, and {row.state}"
                assert row.state in ("ready", "claimed"), f"out, and {row.state}"
                assert self.allowed[id] or self.policy == "resend", f"out, and {row.state}"
            assert held == (row.lease_owner is not None) == (row.lease_until is not None)
            assert not held or row.lease_token is not None
            assert row.lease_token is None or held or row.state == "unknown"
            assert row.attempts >= 0
            assert (row.state in ("sending", "sent", "unknown")) <= (row.sent_at is not None)

    def teardown(self) -> None:
        """Let everybody die, and one worker bring the run to its end."""
        if not hasattr(self, "rules"):
            return
        for worker in self.workers:
            self.bury(worker)
        with self.store.begin() as connection:
            move_run(connection, self.run, ["paused"], "running", reason=None)
        with Owner(self.store) as owner:
            for _ in range(100):
                recover_leases(owner, now=NOW)
                cancel_leftovers(self.store)
                if settle_state(self.store, self.run, now=NOW) is None:
                    break
                self.work(owner)
        rows = self.read_rows()
        assert not [row.state for row in rows.values() if row.state in ON_THE_WAY]
        with self.store.read() as connection:
            assert read_run(connection, self.run).state not in OPEN_RUNS
        self.the_ledger_is_true()

    def work(self, owner: Owner) -> None:
        batch = take_batch(self.store, self.run, owner, now=NOW, size=lambda _: PEOPLE)
        if batch is not None:
            with self.store.begin() as connection:
                rows = [(row.id, "ready", None, NOW, None) for row in batch.rows]
                finish_batch(connection, batch, rows)
        claim = self.claim(owner, PEOPLE)
        if claim is not None:
            self.grant(claim, claim.held)
            self.answer(claim, claim.held, "sent")


class ResendingLedger(Ledger):
    """The same, where what is unknown is sent again."""

    policy = "resend"


def run_machine(machine: type[Ledger], examples: int) -> None:
    from hypothesis.stateful import run_state_machine_as_test

    machine.open()
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples, stateful_step_count=50, deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip
    finally:
        machine.store.close()
        machine.folder.cleanup()


def test_moves_in_any_order_keep_every_promise() -> None:
    run_machine(Ledger, 15)


def test_moves_in_any_order_where_unknown_ones_are_sent_again() -> None:
    run_machine(ResendingLedger, 15)


@pytest.mark.long
@pytest.mark.parametrize("machine", [Ledger, ResendingLedger])
def test_many_moves_in_any_order_keep_every_promise(machine: type[Ledger]) -> None:
    run_machine(machine, 1_000)
