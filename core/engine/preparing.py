"""Prepares a batch: products, offer and copy for each of its messages, stored under its token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ..brief import name_offer
from ..errors import BallyhooError, EnvironmentMissing, PluginError
from ..policy.rules import to_milliseconds
from ..recipe.binding import BoundRecipe
from ..store.ledger.batches import (
    MOST_TRIES,
    Batch,
    finish_batch,
    split_batch,
    take_batch,
)
from ..store.ledger.choices import Choices, note_choices
from ..store.ledger.delays import put_off_batch
from ..store.ledger.leases import LeaseLost
from ..store.patience import DatabaseAway, find_away, write_patiently
from .content import Content, dump_content, hold_refused, load_offer
from .crash_points import reach
from .engine import LOG, Engine
from .making import make_contents, make_fallbacks
from .runs import Run, make_contexts

GENERATED_ROWS = 64
"""Messages of a batch that a model writes for; a batch is what a dead owner's work costs."""

PLAIN_ROWS = 1_000

WAIT_MS = 60_000
"""How long a batch waits for what is not there, or after a plugin raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What came of one batch.

    Attributes:
        batch: Its id.
        states: How many messages are in which state by now; empty when it was put off.
        waits_for: Why it was put off, for a person; None when it was not.
        is_missing: Whether that is because something is not there.
    """

    batch: int
    states: Mapping[str, int]
    waits_for: str | None = None
    is_missing: bool = False


def prepare_next(engine: Engine, run: Run) -> Prepared | None:
    """Take the next batch of a run and prepare it.

    Returns:
        What came of it; None when there is nothing to prepare now.
    """

    def size(variant: str | None) -> int:
        bound = run.campaign.variants[variant]
        return GENERATED_ROWS if "generate" in bound.stages else PLAIN_ROWS

    batch = take_batch(
        engine.store, run.id, engine.owner, now=engine.now, size=size, variants=run.variants
    )
    if batch is None:
        return None
    reach("batch_taken")
    try:
        return _prepare(engine, run, batch)
    except LeaseLost:
        LOG.info("somebody else has the batch", extra={"run": run.id, "batch": batch.id})
        return Prepared(batch=batch.id, states={})
    finally:
        engine.owner.drop_token(batch.token)


def _prepare(engine: Engine, run: Run, batch: Batch) -> Prepared:
    bound = run.campaign.variants[batch.variant]
    is_last_try = batch.attempts > MOST_TRIES
    if is_last_try and len(batch.rows) > 1:
        with engine.store.begin() as connection:
            split_batch(connection, batch)
        return Prepared(batch=batch.id, states={})
    if is_last_try:
        return _store(engine, batch, [_fail(row.id) for row in batch.rows])
    try:
        results = _make_results(engine, run, batch, bound)
        reach("batch_made")
        return _store(engine, batch, results)
    except (LeaseLost, DatabaseAway, DBAPIError):
        raise  # neither is the batch's fault
    except EnvironmentMissing as error:
        return _wait(engine, run, batch, bound, error, is_counted=False)
    except BallyhooError as error:
        away = find_away(error)
        if away is not None:
            raise away from None
        return _wait(engine, run, batch, bound, error, is_counted=True)
    except Exception as error:
        # A plugin's answer has the right type and something wrong in it.
        said = f"what its plugins answered cannot be used: {type(error).__name__}"
        return _wait(engine, run, batch, bound, PluginError(said), is_counted=True)


def _store(engine: Engine, batch: Batch, results: Sequence[Sequence[Any]]) -> Prepared:
    def finish(connection: Connection) -> set[int]:
        moved = set(finish_batch(connection, batch, results))
        contents = [row[4] for row in results if row[0] in moved and row[4]]
        note_choices(connection, batch.id, _count_choices(contents))
        reach("batch_stored")
        return moved

    moved = write_patiently(engine.store, finish)
    reach("batch_committed")
    states: dict[str, int] = {}
    for row in results:
        if row[0] in moved:
            states[row[1]] = states.get(row[1], 0) + 1
    return Prepared(batch=batch.id, states=states)


def _count_choices(contents: Sequence[Mapping[str, Any]]) -> Choices:
    chosen = [one["products"] for one in contents if one.get("products")]
    offers = Counter(name_offer(load_offer(one["offer"])) for one in contents if "offer" in one)
    return Choices(
        recommended=len(chosen),
        fallback=sum(all(one.get("fallback") for one in products) for products in chosen),
        offers=offers,
    )


def _wait(
    engine: Engine,
    run: Run,
    batch: Batch,
    bound: BoundRecipe,
    error: BallyhooError,
    *,
    is_counted: bool,
) -> Prepared:
    """Put a batch off, or turn to the fallback when it was put off for too long."""
    now = engine.now
    give_up = bound.recipe.policy.give_up
    since = batch.failing_since or now
    LOG.warning(error.message, extra={"run": run.id, "batch": batch.id})
    if give_up is not None and now - since >= to_milliseconds(give_up):
        return _store(engine, batch, _give_up(engine, run, bound, batch))
    with engine.store.begin() as connection:
        put_off_batch(
            connection,
            batch,
            now=now,
            due_at=now + WAIT_MS * 2 ** min(batch.attempts - 1, 5),
            said=error.message,
            is_counted=is_counted,
        )
    return Prepared(batch=batch.id, states={}, waits_for=error.message, is_missing=not is_counted)


def _give_up(engine: Engine, run: Run, bound: BoundRecipe, batch: Batch) -> list[tuple[Any, ...]]:
    """Return the fallback for each message; one for which there is none fails."""
    contents = make_fallbacks(
        engine,
        bound,
        make_contexts(engine, run, batch.variant),
        [row.recipient for row in batch.rows],
    )
    results: list[tuple[Any, ...]] = []
    for row in batch.rows:
        content = contents.get(row.recipient)
        if content is None:
            results.append((row.id, "skipped", "no_address", row.due_at, None))  # she was erased
        elif content.copy is None:
            results.append((row.id, "failed", "gave_up", row.due_at, None))
        else:
            results.append((row.id, _next_state(bound), None, row.due_at, dump_content(content)))
    return results


def _fail(message_id: int) -> tuple[Any, ...]:
    return (message_id, "failed", "plugin_failed", None, None)


def _next_state(bound: BoundRecipe) -> str:
    generate = bound.recipe.generate
    return "ready" if generate is None or generate.approval is None else "held"


def _hold(bound: BoundRecipe, content: Content) -> Content | None:
    """Return refused copy that a person is to look at; None where nobody is."""
    generate = bound.recipe.generate
    if generate is None or generate.refused == "skip":
        return None
    return hold_refused(content, bound.stages["generate"].plugin)


def _make_results(
    engine: Engine, run: Run, batch: Batch, bound: BoundRecipe
) -> list[tuple[Any, ...]]:
    contents = make_contents(
        engine,
        bound,
        make_contexts(engine, run, batch.variant),
        [row.recipient for row in batch.rows],
        variant=batch.variant,
    )
    is_written = "generate" in bound.stages
    results: list[tuple[Any, ...]] = []
    for row in batch.rows:
        content = contents.get(row.recipient)
        if content is None:
            results.append((row.id, "skipped", "no_address", row.due_at, None))  # she was erased
            continue
        state, reason = "ready", None
        if is_written and content.copy is None:
            asked = _hold(bound, content)
            if asked is None:
                state, reason = "skipped", "refused_copy"
            else:
                state, content = "held", asked
        elif is_written:
            state = _next_state(bound)
        results.append((row.id, state, reason, row.due_at, dump_content(content)))
    return results
