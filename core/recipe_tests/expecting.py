"""Holds what came against what was expected, and says in words what is otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..store.ledger.states import MESSAGE_STATES
from .comparing import compare_text
from .explaining import explain_outcome, explain_run, show_moment
from .models import CustomerExpectation, RunExpectation
from .outcome import (
    Outcome,
    RunOutcome,
    count_messages,
    read_outcome,
    read_run_outcome,
    read_text,
)
from .trial import Trial


def check_expectation(trial: Trial, what: CustomerExpectation | RunExpectation) -> list[str]:
    """Return what is otherwise than expected, one text for each; none when all is right."""
    number = what.run or len(trial.runs)
    if not trial.runs:
        return ["there was no run before this; add a step `run`"]
    if number > len(trial.runs):
        return [f"there was no run {number}; there were {len(trial.runs)}"]
    run_id = trial.runs[number - 1]
    if isinstance(what, RunExpectation):
        return _check_run(trial, what, read_run_outcome(trial, run_id))
    named = what.customer if isinstance(what.customer, list) else [what.customer]
    found: list[str] = []
    for customer in named:
        outcome = read_outcome(trial, run_id, customer)
        wrong = _check_customer(trial, what, outcome)
        if what.messages is not None:
            count = count_messages(trial, customer)
            if count != what.messages:
                wrong.append(f"should have got {_count(what.messages)}, but got {_count(count)}")
        if wrong:
            wrong[-1] += f"\n{explain_outcome(trial, run_id, outcome)}"
        found += [f"{customer} {one}" for one in wrong]
    return found


def _check_customer(trial: Trial, what: CustomerExpectation, outcome: Outcome) -> list[str]:
    if what.in_segment is False and outcome.state is not None:
        return ["should not be in the segment, but is"]
    if outcome.state is None:
        only_that = what.in_segment is False or what.model_fields_set <= {"customer", "messages"}
        return [] if only_that else ["should be in the segment, but is not"]
    found = _check_state(what, outcome)
    if found:
        return found
    for name in ("variant", "due_at", "sent_at"):
        wanted = getattr(what, name)
        if wanted is not None and wanted != getattr(outcome, name):
            came = _show(trial, getattr(outcome, name))
            found.append(f"should have {name}: {_show(trial, wanted)}, but has {came}")
    if what.products is not None and tuple(what.products) != outcome.products:
        wanted, came = (", ".join(some) or "none" for some in (what.products, outcome.products))
        found.append(f"should have the products {wanted}, but has {came}")
    if what.offer is not None:
        offer = outcome.content.offer if outcome.content is not None else None
        code = offer.code if offer is not None else None
        if code != what.offer:
            found.append(f"should have the offer {what.offer}, but has {code or 'none'}")
    return found + _check_message(what, outcome)


def _check_state(what: CustomerExpectation, outcome: Outcome) -> list[str]:
    came = outcome.state if outcome.reason is None else f"{outcome.state}: {outcome.reason}"
    for state, wanted in (("skipped", what.skipped), ("failed", what.failed)):
        if wanted is not None and (outcome.state, outcome.reason) != (state, wanted):
            return [f"should be {state}: {wanted}, but is {came}"]
    if what.state is not None and outcome.state != what.state:
        return [f"should be {what.state}, but is {came}"]
    if what.held is not None and (outcome.state == "held") != what.held:
        return [f"should {'' if what.held else 'not '}be held, but is {came}"]
    if what.message is not None and outcome.message is None:
        return [f"should have got a message, but is {came}"]
    return []


def _check_message(what: CustomerExpectation, outcome: Outcome) -> list[str]:
    message = outcome.message
    if what.message is None or message is None:
        return []
    others: dict[str, Callable[[], str]] = {
        "to": lambda: message.address,
        "content": lambda: read_text(message),
    }
    found: list[str] = []
    for name, expected in what.message.items():
        came = others[name]() if name in others else message.fields.get(name)
        found += [f"got another message: {one}" for one in compare_text(name, expected, came)]
    return found


def _check_run(trial: Trial, what: RunExpectation, outcome: RunOutcome) -> list[str]:
    receipt = outcome.receipt
    came: dict[str, Any] = {
        "state": outcome.row.state,
        "audience": receipt.audience,
        "variants": receipt.variants,
        "next_due_at": outcome.next_due_at,
        **{state: receipt.states.get(state, 0) for state in MESSAGE_STATES},
    }
    found: list[str] = []
    for name in [one for one in came if one in what.model_fields_set]:
        wanted, has = getattr(what, name), came[name]
        if isinstance(wanted, dict) and name == "skipped":
            has = receipt.skipped
        elif isinstance(wanted, dict) and name == "failed":
            has = receipt.failed
        if isinstance(wanted, dict):
            wanted = {key: count for key, count in wanted.items() if count}
        if wanted != has:
            shown = _show(trial, wanted), _show(trial, has)
            found.append("the run should have {}: {}, but has {}".format(name, *shown))
    if found:
        found[-1] += f"\n{explain_run(trial, outcome)}"
    return found


def _show(trial: Trial, value: Any) -> str:
    if isinstance(value, datetime):
        return show_moment(trial, value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {count}" for name, count in value.items()) or "none"
    return "none" if value is None else str(value)


def _count(number: int) -> str:
    return "1 message" if number == 1 else f"{number} messages"
