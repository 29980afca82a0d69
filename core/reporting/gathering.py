"""Gathers the report of a run from the store: sums and samples, never a row for each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection

from ..costs import Costs
from ..store.deliveries import count_harm, read_some_contents
from ..store.engine import Store
from ..store.ledger.answers import count_answers
from ..store.ledger.choices import count_choices
from ..store.ledger.runs import RunRow, read_run
from ..store.ledger.states import MESSAGE_STATES
from ..store.people import PeopleRow
from .comparing import compare_variants
from .copies import sum_up_copies
from .effect import BY_TRAITS
from .heading import Receipt
from .looking import look_at_run
from .parts import CopyResult, Satisfaction
from .report import Report
from .sending import make_funnel, sum_up_delivery, sum_up_money
from .shelf import sum_up_products
from .weighing import weigh_variants
from .words import say_report, warn

SAMPLED = 10_000
"""Of more messages than these, only about so many are looked into for texts and products."""


def gather_report(
    store: Store,
    run_id: int,
    *,
    now: int,
    costs: Costs | None = None,
    offline: Sequence[str] = (),
) -> Report:
    """Return what a run brought so far, in one picture of the database.

    Args:
        store: An open store.
        run_id: The run.
        now: The moment, in UTC milliseconds.
        costs: What messages cost; nothing is known of it when None.
        offline: What an evaluation of the run's recommender said, in words.

    Raises:
        DataError: There is no such run.
    """
    with store.read() as connection:
        return _gather(connection, read_run(connection, run_id), now, costs or Costs(), offline)


def _gather(
    connection: Connection, run: RunRow, now: int, costs: Costs, offline: Sequence[str]
) -> Report:
    seen = look_at_run(connection, run, now=now, by_domain=True)
    evidence, trial, heading, people = seen.evidence, seen.trial, seen.heading, seen.people
    outcome = evidence.outcome
    receipt = _count_receipt(run, people)
    sample = seen.sample
    lift = seen.find_lift(now)
    everything = outcome.all
    by_traits = trial.allocate == BY_TRAITS
    comparison = compare_variants(
        weigh_variants(connection, run.id, evidence) if by_traits else evidence,
        trial,
        is_final=heading.is_final,
        is_off=sample is not None and sample.is_off,
        seed=run.seed % 2**32,
    )
    contents = list(read_some_contents(connection, run.id, most=SAMPLED, seed=run.seed))
    prepared = sum(one.people for one in people if one.is_assigned and not one.is_held_out)
    copies = sum_up_copies(connection, run.id, trial, contents)
    products = sum_up_products(
        connection,
        count_choices(connection, run.id),
        contents,
        outcome.buyers,
        one_of=max(1.0, prepared / len(contents)) if prepared > SAMPLED and contents else 1.0,
        offline=tuple(offline),
    )
    money = sum_up_money(
        everything,
        costs,
        tokens=_add_up([(one, one.tokens) for one in copies]),
        seconds=_add_up([(one, one.seconds) for one in copies]),
    )
    return Report(
        heading=heading,
        receipt=receipt,
        funnel=make_funnel(outcome.rule, everything, messages=everything.people),
        lift=lift,
        sample=sample,
        comparison=comparison,
        money=money,
        delivery=sum_up_delivery(people, {**seen.domains, **count_harm(connection, run.id)}),
        products=products,
        copies=copies,
        satisfaction=tuple(
            Satisfaction(answer=one.answer, of=one.of, label=one.label, count=one.count)
            for one in count_answers(connection, run.id)
        ),
        words=say_report(heading, lift, comparison, sample, money),
        warnings=tuple(warn(heading, sample, receipt.adds_up)),
    )


def _count_receipt(run: RunRow, people: Sequence[PeopleRow]) -> Receipt:
    states: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {"skipped": Counter(), "failed": Counter()}
    for one in people:
        states[one.state] += one.people
        if one.state in reasons:
            reasons[one.state][one.reason or "unknown"] += one.people
    return Receipt(
        audience=run.audience,
        states={state: states[state] for state in MESSAGE_STATES if states[state]},
        skipped=dict(reasons["skipped"].most_common()),
        failed=dict(reasons["failed"].most_common()),
        adds_up=None if run.audience is None else states.total() == run.audience,
    )


def _add_up(told: Sequence[tuple[CopyResult, float | None]]) -> float | None:
    """Return how much all texts took together; None when nobody told of any."""
    known = [(one.texts or 0) * each for one, each in told if each is not None]
    return sum(known) if known else None
