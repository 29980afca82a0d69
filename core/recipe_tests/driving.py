"""Does what a test's steps say: runs the recipe, lets time pass, tells what happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from ..engine.controlling import cancel_run, pause_run, resume_run
from ..engine.deciding import approve_held, resolve_unknown, retry_failed
from ..engine.embedded import run_here
from ..engine.runs import ask_channel
from ..engine.starting import start_run
from ..engine.wave_opening import has_feedback
from ..errors import DataError
from ..recipe.document import Node
from ..recipe.findings import Findings
from ..store.ledger.receipts import has_messages
from ..store.ledger.runs import list_open_runs
from ..store.reading import from_moment, to_moment
from ..store.tables import batches, customers, messages, runs
from .capture import name_answers
from .models import GivenMessage, RunStep
from .people import read_ids, tell_rows
from .rows import build_rows
from .suite import Answers, PersonAct
from .trial import Trial


def tell_given(trial: Trial) -> None:
    """Tell what the test says is known before its first run."""
    for kind, nodes in trial.test.given.items():
        tell(trial, kind, nodes, is_news=False)
    _tell_messages(trial, trial.test.messages)
    answer(trial, trial.test.answers)


def tell(trial: Trial, kind: str, nodes: Sequence[Node], *, is_news: bool = True) -> None:
    """Tell rows, at the test's moment; what is no news was known before."""
    findings = Findings("")
    now = trial.clock.now()
    rows = build_rows(
        kind, nodes, now=now, currency=trial.currency, findings=findings, is_news=is_news
    )
    assert not findings, findings.sorted()  # the reader looked at them
    # A no without a date is one of just before, so that a step can say yes again.
    told_at = now if is_news else now - timedelta(milliseconds=1)
    tell_rows(trial.store, kind, rows, now=told_at, drawing=trial.drawing)


def answer(trial: Trial, answers: Answers) -> None:
    """Let the channel answer so from now on."""
    trial.capture.answers.update(name_answers(answers, read_ids(trial.store)))


def do_runs(trial: Trial, step: RunStep) -> None:
    """Start new runs of the recipe, as `ballyhoo run --new` does, and work on each."""
    for number in range(step.times):
        if number and step.every is not None:
            pass_time(trial, trial.clock.now() + step.every)
        seed = trial.test.seed if step.seed is None else step.seed
        start = start_run(
            trial.engine,
            trial.campaign,
            trial.engine.folder,
            limit=step.limit,
            seed=seed,
            allows_demo_model=True,
        )
        trial.runs.append(start.run_id)
        _work(trial, start.run_id)


def pass_time(trial: Trial, until: datetime) -> None:
    """Let time pass; what comes due meanwhile is done at its moment, as by a worker."""
    stuck: set[tuple[int, int]] = set()
    while True:
        turn = min((one for one in _list_turns(trial) if one not in stuck), default=None)
        if turn is None or turn[0] > to_moment(until):
            break
        trial.clock.set(max(trial.clock.now(), from_moment(turn[0])))
        _work(trial, turn[1])
        if turn in _list_turns(trial):
            stuck.add(turn)  # it waits for something that time does not bring
    trial.clock.set(max(trial.clock.now(), until))


def act(trial: Trial, what: PersonAct) -> None:
    """Do to the latest run what a person does, and then what is due.

    Raises:
        DataError: There is no run, or nothing in it that this could be done to.
        BallyhooError: The run is through, or is so already.
    """
    if not trial.runs:
        raise DataError("there was no run before this that it could be done to")
    store, run_id, now = trial.store, trial.runs[-1], trial.engine.now
    if what == "pause":
        pause_run(store, run_id, reason="the test says so")
    elif what == "resume":
        resume_run(store, trial.engine.registry, run_id)
    elif what == "cancel":
        cancel_run(store, run_id, now=now)
    elif what == "approve":
        approve_held(store, run_id, now=now)
    elif what == "retry":
        retry_failed(store, run_id, now=now)
    else:
        resolve_unknown(store, run_id, "sent" if what == "resolve sent" else "resend", now=now)
    if what not in ("pause", "cancel"):
        _work(trial, run_id)


def _work(trial: Trial, run_id: int) -> None:
    """Work on a run until nothing of it is due; its rate is waited for on the test's clock."""
    while True:
        end = trial.ends[run_id] = run_here(trial.engine, run_id)
        next_at = None if end.next_due_at is None else from_moment(end.next_due_at)
        if next_at is None or next_at <= trial.clock.now() or not _is_held_by_rate(trial, run_id):
            return
        trial.clock.set(next_at)


def _is_held_by_rate(trial: Trial, run_id: int) -> bool:
    """Whether messages are due, and only the rate keeps them; a warm-up ladder takes days."""
    if any(
        bound.recipe.deliver is not None and bound.recipe.deliver.warm_up is not None
        for bound in trial.campaign.variants.values()
    ):
        return False
    with trial.store.read() as connection:
        found = select(func.count()).where(
            messages.c.run_id == run_id,
            messages.c.state == "ready",
            messages.c.due_at <= trial.engine.now,
        )
        return connection.execute(found).scalar_one() > 0


def _list_turns(trial: Trial) -> list[tuple[int, int]]:
    """Return each moment at which a run has something to do, and that run."""
    found: list[tuple[int, int]] = []
    with trial.store.read() as connection:
        for row in list_open_runs(connection):
            if row.state not in ("planning", "running", "waiting"):
                continue
            if has_feedback(trial.engine, row):
                found.append((trial.engine.now, row.id))
            end = trial.ends.get(row.id)
            if end is not None and end.next_due_at is not None:
                found.append((end.next_due_at, row.id))
            if has_messages(connection, row.id, "planned"):
                put_off = select(func.min(batches.c.due_at)).where(
                    batches.c.run_id == row.id, batches.c.state == "open"
                )
                at = connection.execute(put_off).scalar()
                found += [] if at is None else [(at, row.id)]
    return found


def _tell_messages(trial: Trial, told: Sequence[tuple[GivenMessage, datetime]]) -> None:
    """Write messages of before into the ledger, each in a run of its own that is through."""
    bound = next(iter(trial.campaign.variants.values()))
    channel = ask_channel(trial.engine, bound)
    address = customers.c.email_id if channel.address_field == "email" else customers.c.phone_id
    with trial.store.begin() as connection:
        for block, at in told:
            moment = to_moment(at)
            [row] = connection.execute(
                select(customers.c.id, address.label("address")).where(
                    customers.c.key == block.customer
                )
            )
            run: dict[str, Any] = {
                "campaign": block.campaign, "state": "finished", "seed": 0, "recipe": "",
                "recipe_hash": "", "audience": 1, "created_at": moment, "finished_at": moment,
            }  # fmt: skip
            run_id = connection.execute(insert(runs).values(**run).returning(runs.c.id)).scalar()
            connection.execute(
                insert(messages).values(
                    run_id=run_id,
                    recipient=row.id,
                    address_id=row.address,
                    channel=channel.name,
                    state="sent",
                    created_at=moment,
                    sent_at=moment,
                )
            )
