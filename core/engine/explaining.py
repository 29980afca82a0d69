"""Explains what became of somebody in a run: every decision about her, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..briefing import DEFAULT_LANGUAGE, take_hand_written
from ..campaign import Campaign
from ..conditions.inspecting import ExplainedCondition
from ..errors import BallyhooError
from ..policy.objections import REASONS
from ..store.ledger.history import read_history
from ..store.ledger.recipients import read_people
from ..store.ledger.runs import RunRow, read_files, read_run
from ..store.ledger.single import MessageRow, find_message
from ..store.ledger.standing import is_standing
from ..store.segments import find_customer
from .content import Content, load_content
from .engine import Engine
from .judging import draw_left_out, judge_policy, judge_segment
from .keeping import load_kept
from .leaving_out import GLOBAL_HOLDOUT, HOLDOUT, OTHER_EXPERIMENT, read_left_out
from .telling import Decision, tell_content, tell_happened, tell_state
from .telling_draws import tell_variant

_SAID = {
    OTHER_EXPERIMENT: ("she belongs to another experiment of the group", ""),
    GLOBAL_HOLDOUT: (
        "she is held out from all campaigns",
        "she is not held out from all campaigns",
    ),
    HOLDOUT: ("she is held out", "she is not held out"),
}
"""What is said of somebody who is left out for a reason, and of somebody who is not."""

POLICY = (
    "no_address", "only_to", "suppressed", "no_consent", "topic_declined", "on_pause",
    "same_address", "again", "own_frequency", "capped",
)  # fmt: skip
"""Reasons of policy itself; other ones come after it had nothing against her."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What became of somebody in a run.

    Attributes:
        row: The run.
        customer: Our id of her.
        time_zone: Her time zone; None when it is not known.
        message: Her message; None when the run has none for her.
        decisions: Every decision about her, in order.
        conditions: The parts of the segment's condition, by what is known now.
        problem: Why there is less to tell than there could be, for a person; else None.
    """

    row: RunRow
    customer: int
    time_zone: str | None
    message: MessageRow | None
    decisions: tuple[Decision, ...]
    conditions: tuple[ExplainedCondition, ...]
    problem: str | None


def explain_message(engine: Engine, run_id: int, customer: str) -> Explanation:
    """Explain what became of somebody in a run.

    Args:
        engine: The engine.
        run_id: The run.
        customer: The shop's id of her, or our number.

    Raises:
        DataError: There is no such run, or no such customer.
    """
    with engine.store.read() as connection:
        row = read_run(connection, run_id)
    id = find_customer(engine.store, customer)
    with engine.store.read() as connection:
        person = read_people(connection, [id]).get(id)
        message = find_message(connection, run_id, id)
        history = [] if message is None else read_history(connection, message.id)
    language = None if person is None else person.language
    if is_standing(row.details):
        return Explanation(
            row=row,
            customer=id,
            time_zone=None if person is None else person.time_zone,
            message=message,
            decisions=tuple(_tell_mail(row, message, history)),
            conditions=(),
            problem=None,
        )
    campaign, problem = _load(engine, row)
    conditions: tuple[ExplainedCondition, ...] = ()
    decisions = [_tell_planned(row, message)]
    if campaign is not None:
        try:
            is_in, conditions = judge_segment(engine, campaign, id, row.seed, row.created_at)
            decisions.append(_tell_segment(is_in))
        except BallyhooError as error:
            problem = error.message
    if message is not None:
        if campaign is not None:
            decisions += _tell_policy(engine, campaign, row, message)
        decisions += tell_content(
            engine, _find_content(campaign, message), message, language or DEFAULT_LANGUAGE
        )
        decisions += tell_happened(history)
        decisions.append(tell_state(message))
    return Explanation(
        row=row,
        customer=id,
        time_zone=None if person is None else person.time_zone,
        message=message,
        decisions=tuple(decisions),
        conditions=conditions,
        problem=problem,
    )


def _load(engine: Engine, row: RunRow) -> tuple[Campaign | None, str | None]:
    """Return a run's campaign, whatever the versions of its plugins here; or why it is not."""
    with engine.store.read() as connection:
        files = read_files(connection, row.id)
    try:
        campaign, folder = load_kept(row.recipe, files, engine.registry, run_id=row.id)
    except BallyhooError as error:
        return None, error.message
    engine.closing.enter_context(folder)
    return campaign, None


def _find_content(campaign: Campaign | None, message: MessageRow) -> Content:
    """Return the content of a message, the recipe's own text where nothing else was written."""
    content = load_content(message.content)
    if campaign is None or content.copy is not None or message.state == "skipped":
        return content
    bound = campaign.variants.get(message.variant)
    if bound is None or "generate" in bound.stages:
        return content
    return replace(content, copy=take_hand_written(bound))


def _tell_mail(
    row: RunRow, message: MessageRow | None, history: Sequence[Mapping[str, Any]]
) -> Iterator[Decision]:
    """Yield what became of her first mail in the run of an inbox."""
    if message is None:
        said = "no mail came that proved to be hers"
        yield Decision(what="mail", said=said, at=row.created_at)
        return
    yield Decision(what="mail", said="a mail of hers was taken", at=message.created_at)
    yield from tell_happened(history)
    yield tell_state(message)


def _tell_planned(row: RunRow, message: MessageRow | None) -> Decision:
    if message is not None:
        said = "she was in the segment when the run was planned"
        return Decision(what="segment", said=said, at=message.created_at)
    if row.audience is None:
        return Decision(what="segment", said="the run was not planned yet", at=row.created_at)
    said = "she was not in the segment when the run was planned, so there is no message for her"
    return Decision(what="segment", said=said, at=row.created_at)


def _tell_segment(is_in: bool) -> Decision:
    said = "by what is known now she is in it" if is_in else "by what is known now she is not in it"
    return Decision(what="segment", said=said)


def _tell_policy(
    engine: Engine, campaign: Campaign, row: RunRow, message: MessageRow
) -> Iterator[Decision]:
    """Tell what policy and chance decided, in the order in which they are asked."""
    variant = message.variant if message.variant in campaign.variants else None
    if variant is None and None not in campaign.variants:
        variant = next(iter(campaign.variants))
    is_skipped = message.state == "skipped"
    spoke = message.reason if is_skipped and message.reason in POLICY else None
    said = "nothing spoke against it" if spoke is None else f"{spoke}: {REASONS[spoke]}"
    now = []
    if spoke is not None or message.state in ("planned", "held", "ready"):
        against = judge_policy(
            engine, campaign, variant, message.recipient,
            run_id=row.id, message_id=message.id,
        )  # fmt: skip
        now = [f"by what is known now: {one}: {REASONS[one]}" for one in against]
        now = now or ["by what is known now nothing speaks against it"]
    yield Decision(what="policy", said=said, parts=tuple(now))
    if spoke is not None:
        return
    if is_skipped and message.reason == "limit":
        yield Decision(what="limit", said=f"limit: {REASONS['limit']}")
        return
    yield from _tell_left_out(engine, row, message)
    yield from tell_variant(engine, campaign, row, message)


def _tell_left_out(engine: Engine, row: RunRow, message: MessageRow) -> Iterator[Decision]:
    """Tell who was left out by chance, as far as it was asked: what holds first is the reason."""
    for one in read_left_out(row.details):
        draw = draw_left_out(engine, one, message.recipient)
        is_reason = message.reason == one.reason and draw.is_in
        if draw.begins == draw.ends or (one.reason == OTHER_EXPERIMENT and not is_reason):
            continue
        held, not_held = _SAID[one.reason]
        drawn = (
            f"drawn {draw.fraction:.4f}; left out is who is from {draw.begins:g} to {draw.ends:g}"
        )
        yield Decision(what=one.reason, said=held if is_reason else not_held, parts=(drawn,))
        if is_reason and one.reason != HOLDOUT:
            return
