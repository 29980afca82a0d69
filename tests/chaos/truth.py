"""What must be true whatever happened: the ledger is held against the witness, row by row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ledger.history import read_history
from ballyhoo.core.store.ledger.receipts import count_receipt
from ballyhoo.core.store.ledger.states import ON_THE_WAY
from ballyhoo.core.store.tables import batches, messages, runs
from ballyhoo.testing import read_witness

from .shop import Shop

LEASE = ("lease_owner", "lease_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What came of the runs of a shop.

    Attributes:
        messages: How many people the runs have a row for.
        states: How many of them are in which state.
        accepted: How many messages the witness saw, each counted as often as it came.
        duplicates: How many came once too often.
        lost: How many are counted as sent, and were seen by nobody.
        unknown: How many nobody knows about.
        unknown_out: How many of these are out.
    """

    messages: int
    states: Counter[str]
    accepted: int
    duplicates: int
    lost: int
    unknown: int
    unknown_out: int


def find_truth(shop: Shop, store: Store, *, may_repeat: bool = False) -> Truth:
    """Hold the ledger against the witness, after all runs ended.

    Args:
        shop: The shop.
        store: Its store.
        may_repeat: Whether the recipe says `on_unknown: resend`: then somebody of whom nobody knew
            may have it twice.

    Raises:
        AssertionError: A promise is broken; it says which, and all that happened to the message.
    """
    seen = read_witness(shop.witness)
    with store.read() as connection:
        rows = connection.execute(select(messages)).all()
        for run in connection.execute(select(runs)).all():
            _check_run(connection, run)
        problems = [problem for row in rows for problem in _judge(row, seen, may_repeat)]
        told = [f"{said}: {_tell(connection, row)}" for row, said in problems[:5]]
    keys = {f"{row.run_id}-{row.recipient}": row for row in rows}
    assert len(keys) == len(rows), "somebody has two messages in a run"
    strangers = sorted(seen.keys() - keys.keys())
    assert not strangers, f"accepted, and not in the ledger: {strangers[:5]}"
    assert not problems, f"{len(problems)} broken promises, such as\n" + "\n".join(told)
    return Truth(
        messages=len(rows),
        states=Counter(row.state for row in rows),
        accepted=seen.total(),
        duplicates=sum(count - 1 for count in seen.values()),
        lost=sum(row.state == "sent" and not seen[key] for key, row in keys.items()),
        unknown=sum(row.state == "unknown" for row in rows),
        unknown_out=sum(row.state == "unknown" and seen[key] > 0 for key, row in keys.items()),
    )


def _check_run(connection: Connection, run: Any) -> None:
    assert run.state in ("finished", "cancelled"), f"run {run.id} is {run.state}: {run.reason}"
    assert run.lease_token is None, f"run {run.id} still has a planner"
    receipt = count_receipt(connection, run.id)
    assert receipt.adds_up or (run.state == "cancelled" and run.audience is None), (
        f"run {run.id}: {receipt.states} does not sum up to {receipt.audience}"
    )
    leased = select(func.count()).where(
        batches.c.run_id == run.id, batches.c.lease_token.is_not(None)
    )
    assert connection.execute(leased).scalar_one() == 0, f"run {run.id}: a batch is still held"


def _judge(row: Any, seen: Counter[str], may_repeat: bool) -> list[tuple[Any, str]]:
    """Return what is wrong with one message."""
    count = seen[f"{row.run_id}-{row.recipient}"]
    checks = {
        f"{row.state} at the end": row.state in ON_THE_WAY,
        f"accepted {count} times": count > 1 and not may_repeat,
        "sent, and never accepted": row.state == "sent" and count == 0,
        f"accepted, and {row.state}": count > 0 and row.state not in ("sent", "unknown"),
        f"{row.state} with a lease": any(getattr(row, name) is not None for name in LEASE),
        f"{row.state} with a token": row.lease_token is not None and row.state != "unknown",
        f"{row.state} and no moment of its mark": (
            row.state in ("sent", "unknown") and row.sent_at is None
        ),
        f"{row.state} with the moment of a mark": (
            row.state not in ("sent", "unknown") and row.sent_at is not None
        ),
        f"{row.state} for no reason": row.state in ("skipped", "failed") and row.reason is None,
        "attempts below nought": row.attempts < 0,
    }
    return [(row, said) for said, is_wrong in checks.items() if is_wrong]


def _tell(connection: Connection, row: Any) -> str:
    facts = {name: value for name, value in row._mapping.items() if value is not None}
    happened = read_history(connection, row.id)
    return f"{facts}, history {happened}"
