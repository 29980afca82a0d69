"""Looks at a run once: its people, what came back, and whether more may come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ..attribution.outcomes import Cell, RunOutcome, count_of_arms
from ..attribution.windows import OpenedWave, read_waves
from ..store.ledger.own_shares import read_own_shares
from ..store.ledger.runs import RunRow
from ..store.ledger.states import ON_THE_WAY
from ..store.outcomes import ArmRow
from ..store.people import PeopleRow, count_people, find_latest_purchases, read_past
from .effect import BY_TRAITS, Lift, SampleCheck
from .evidence import Evidence, Past, weigh_evidence
from .heading import Heading
from .lifting import find_lift
from .trial import Trial, check_sample, read_trial

ENDED = ("finished", "cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is to be seen of a run.

    Attributes:
        run: The run.
        heading: What its numbers rest on.
        trial: What its recipe says of the experiment.
        people: Who is in it.
        domains: How many messages to each domain are in each state; empty when nobody asked.
        evidence: What was seen of each arm of each wave.
        sample: Whether people are where they were drawn; None when there is but one arm.
        begins_at: From when on somebody's orders count; None when nobody is planned.
    """

    run: RunRow
    heading: Heading
    trial: Trial
    people: tuple[PeopleRow, ...]
    domains: Mapping[tuple[str, str], int]
    evidence: Evidence
    sample: SampleCheck | None
    begins_at: int | None

    def find_lift(self, now: int) -> Lift | None:
        """Return what the run changed; see `lifting.find_lift`."""
        if self.begins_at is None:
            return None
        return find_lift(
            self.evidence,
            is_final=self.heading.is_final,
            now=now,
            ends_at=self.heading.window_ends_at,
            begins_at=self.begins_at,
        )


def look_at_run(
    connection: Connection,
    run: RunRow,
    *,
    now: int,
    currency: str | None = None,
    by_domain: bool = False,
) -> Look:
    """Look at a run, within one transaction that reads.

    Args:
        connection: The transaction.
        run: The run.
        now: The moment, in UTC milliseconds.
        currency: Of what is compared; that in which the shop sells of late when None.
        by_domain: Whether messages are counted by domain.
    """
    waves = read_waves(run.details)
    opened = {one.wave: one.opened_at for one in waves if one.opened_at is not None}
    latest, known_until = find_latest_purchases(connection)
    currency = currency or latest
    counted = count_people(
        connection, run.id, opened=opened, currency=currency, by_domain=by_domain
    )
    people = counted.rows
    outcome = count_of_arms(connection, run, _join_arms(people))
    assigned = [
        one for one in people if one.is_assigned and one.wave in {wave.wave for wave in waves}
    ]
    begins = [opened.get(one.wave, one.first_at) for one in assigned]
    ends_at = _find_end(run, waves, people, max(begins, default=None), outcome)
    rule, trial = outcome.rule, read_trial(run.recipe, run.details)
    own = read_own_shares(connection, run.id) if trial.allocate == BY_TRAITS else None
    return Look(
        run=run,
        heading=Heading(
            run=run.id,
            campaign=run.campaign,
            state=run.state,
            reason=run.reason,
            started_at=run.created_at,
            finished_at=run.finished_at,
            at=now,
            rule=rule.describe(),
            window=rule.shown_window,
            window_ends_at=ends_at,
            known_until=known_until,
            is_final=ends_at is not None and now > ends_at,
            currency=currency,
            counts_clicks=rule.counts_clicks,
            counts_opens=rule.counts_opens,
        ),
        trial=trial,
        people=people,
        domains=counted.domains,
        evidence=_weigh(connection, run.id, outcome, assigned, opened, currency),
        sample=check_sample(outcome, trial, own),
        begins_at=min(begins, default=None),
    )


def _find_end(
    run: RunRow,
    waves: Sequence[OpenedWave],
    people: Sequence[PeopleRow],
    begins_at: int | None,
    outcome: RunOutcome,
) -> int | None:
    """Return when nobody's orders count any more; None while somebody's wave waits."""
    opened = {one.wave for one in waves}
    waits = any(one.wave not in opened and one.state in ON_THE_WAY for one in people)
    if begins_at is None or run.state == "planning" or (waits and run.state not in ENDED):
        return None
    return begins_at + outcome.rule.window_ms


def _join_arms(people: Sequence[PeopleRow]) -> list[ArmRow]:
    """Return the arms of a run, as attribution counts them."""
    joined: dict[tuple[int, str | None, bool], list[PeopleRow]] = defaultdict(list)
    for one in people:
        if one.is_assigned:
            joined[one.wave, one.variant, one.is_held_out].append(one)
    return [
        ArmRow(
            wave=wave,
            variant=variant,
            is_held_out=is_held_out,
            people=sum(one.people for one in rows),
            sent=sum(one.people for one in rows if one.state == "sent"),
            first_at=min(one.first_at for one in rows),
            last_at=max(one.last_at for one in rows),
        )
        for (wave, variant, is_held_out), rows in joined.items()
    ]


def _weigh(
    connection: Connection,
    run_id: int,
    outcome: RunOutcome,
    people: Sequence[PeopleRow],
    opened: Mapping[int, int],
    currency: str | None,
) -> Evidence:
    totals: dict[Cell, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in people:
        variant = None if one.is_held_out else one.variant
        sums = totals[Cell(wave=one.wave, variant=variant, is_held_out=one.is_held_out)]
        sums[0] += one.past
        sums[1] += one.past_squares
    past_of: dict[int, float] = {}
    if currency is not None:
        buyers = [one.customer_id for one in outcome.buyers]
        past_of = dict(read_past(connection, run_id, buyers, opened=opened, currency=currency))
    past = {cell: Past(total=sums[0], squares=sums[1]) for cell, sums in totals.items()}
    return weigh_evidence(outcome, currency=currency, past=past, past_of=past_of)
