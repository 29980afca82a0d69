"""Says for people why somebody got her message, or did not, and what a run came to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ..audience import find_condition
from ..conditions.inspecting import ExplainedCondition, explain_condition
from ..policy.objections import REASONS
from ..recipe.models import Policy
from ..store.ledger.states import FAILURES
from .outcome import Outcome, RunOutcome, list_outcomes
from .trial import Trial

INDENT = "  "
MOST_PEOPLE = 8


def explain_outcome(trial: Trial, run_id: int, outcome: Outcome) -> str:
    """Return in indented lines what came of somebody's message, and why."""
    return "\n".join(f"{INDENT}{line}" for line in _explain(trial, run_id, outcome))


def explain_run(trial: Trial, outcome: RunOutcome) -> str:
    """Return in indented lines what became of each one in a run."""
    lines = []
    if outcome.waits_for is not None:
        lines.append(f"the run waits for {outcome.waits_for}")
    people = list_outcomes(trial, outcome.row.id)
    for one in people[:MOST_PEOPLE]:
        reason = f": {one.reason}" if one.reason else ""
        lines.append(f"{one.customer} is {one.state}{reason}")
    if len(people) > MOST_PEOPLE:
        lines.append(f"and {len(people) - MOST_PEOPLE} more")
    return "\n".join(f"{INDENT}{line}" for line in lines or ["the segment selected nobody"])


def show_moment(trial: Trial, moment: datetime) -> str:
    """Return a moment as it would stand in the file: with the offset of the test's own."""
    return moment.astimezone(trial.test.at.tzinfo).isoformat()


def _explain(trial: Trial, run_id: int, outcome: Outcome) -> Iterator[str]:
    if outcome.state is None:
        yield from _explain_absence(trial, outcome)
    elif outcome.state == "skipped":
        yield f"{outcome.reason}: {REASONS.get(outcome.reason or '', 'why is not known')}"
        if outcome.reason == "left_segment":
            yield from _explain_absence(trial, outcome)
        if outcome.reason == "refused_copy" and outcome.content is not None:
            for tried in outcome.content.refused:
                said = "; ".join(f"{one['field']}: {one['message']}" for one in tried["objections"])
                yield f"attempt {tried['attempt']} was refused: {said}"
    elif outcome.message is not None:
        yield from _show_message(trial, outcome)
    elif outcome.state == "ready":
        yield from _explain_waiting(trial, run_id, outcome)
    elif outcome.state == "planned":
        yield f"nothing was prepared for her yet{f'; {outcome.error}' if outcome.error else ''}"
    elif outcome.state == "failed":
        yield f"{outcome.reason}: {FAILURES.get(outcome.reason or '', 'why is not known')}"
        if outcome.error is not None:
            yield f"last said: {outcome.error}"
    elif outcome.error is not None:
        yield f"last said: {outcome.error}"


def _explain_absence(trial: Trial, outcome: Outcome) -> Iterator[str]:
    """Say which conditions of the segment do not hold for somebody."""
    binding = next(iter(trial.campaign.variants.values())).stages["segment"]
    condition = find_condition(binding)
    if condition is None:
        yield f"the segment's plugin '{binding.plugin}' did not select her"
        return
    with trial.store.read() as connection:
        parts = explain_condition(connection, condition, trial.clock.now(), outcome.id)
    yield from (_show_part(part) for part in parts if not part.holds)


def _show_part(part: ExplainedCondition) -> str:
    values = [
        f"{name} is {'missing' if value is None else repr(value)}"
        for name, value in part.values.items()
        if not isinstance(value, bool)
    ]
    because = f" ({', '.join(values)})" if values else ""
    return f"it does not hold that {part.condition}{because}"


def _show_message(trial: Trial, outcome: Outcome) -> Iterator[str]:
    assert outcome.message is not None
    at = "" if outcome.sent_at is None else f" {show_moment(trial, outcome.sent_at)}"
    said = [f"{outcome.state}{at}"]
    said += [f"variant {outcome.variant}"] if outcome.variant else []
    said += [f"products {', '.join(outcome.products)}"] if outcome.products else []
    yield ", ".join(said)
    subject = outcome.message.fields.get("subject")
    if subject is not None:
        yield f"subject: {subject}"


def _explain_waiting(trial: Trial, run_id: int, outcome: Outcome) -> Iterator[str]:
    assert outcome.due_at is not None
    yield f"ready since it was prepared, due {show_moment(trial, outcome.due_at)}"
    if outcome.attempts and outcome.error:
        yield f"tried {outcome.attempts} times; last said: {outcome.error}"
    elif outcome.due_at > trial.clock.now():
        yield from _name_hours(trial.campaign.variants[outcome.variant].recipe.policy)


def _name_hours(policy: Policy) -> Iterator[str]:
    for name in ("quiet_hours", "window"):
        times = getattr(policy, name)
        if times is not None:
            yield f"policy.{name} is {times.start:%H:%M}-{times.end:%H:%M} in her time zone"
