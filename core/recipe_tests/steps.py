"""Reads the steps of a test, and what each expects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..recipe.document import Node
from ..recipe.findings import Findings
from ..recipe.validation import validate_node
from ..recipe.wording import refuse_kind
from .models import CustomerExpectation, NoKeys, RunExpectation, RunStep, StepBlock
from .names import Known, check_expectation, check_names, mend
from .rows import build_rows
from .suite import Expected, PersonAct, Step, list_answers

ROWS = {
    "customer": "customers", "product": "products", "order": "orders", "event": "events",
    "suppression": "suppressions",
}  # fmt: skip
"""The steps that tell a row, and the kind of import that it is."""

ACTS: tuple[PersonAct, ...] = ("approve", "retry", "pause", "resume", "cancel")
WORDS = ("run", *ACTS)
"""The steps that may be a word alone."""


def read_steps(
    test: Node, at: datetime, currency: str, known: Known, findings: Findings
) -> list[Step]:
    """Return the steps of a test; `expect` alone is a run and what comes of it.

    Args:
        test: The test.
        at: When it begins.
        currency: Of money that does not say one.
        known: Which names there are; those that steps bring are added.
        findings: Where mistakes go.
    """
    short = test.mapping.get("expect")
    if short is not None:
        run = Step(line=test.place.line, what=RunStep())
        expected = _read_expected(short, known, findings)
        return [run, Step(line=test.key_places["expect"].line, what=expected)]
    listed = test.mapping.get("steps")
    nodes = listed.value if listed is not None and isinstance(listed.value, list) else []
    steps = [_read_step(node, at, currency, known, findings) for node in nodes]
    return [step for step in steps if step is not None]


def _read_step(
    node: Node, at: datetime, currency: str, known: Known, findings: Findings
) -> Step | None:
    block = validate_node(StepBlock, node, findings, data=_expand(node.plain()), partly=True)
    if block is None or len(block.model_fields_set) != 1:
        return None
    [name] = block.model_fields_set
    value = getattr(block, name)
    below = mend(node, StepBlock).mapping.get(name, node)
    line = node.place.line
    if name == "run":
        run = validate_node(RunStep, below, findings, data=value)
        return None if run is None else Step(line=line, what=run)
    for act in ACTS:
        if name == act:
            said = validate_node(NoKeys, below, findings, data=value)
            return None if said is None else Step(line=line, what=act)
    if name == "resolve":
        return Step(line=line, what="resolve sent" if value == "sent" else "resolve resend")
    if name in ROWS:
        kind = ROWS[name]
        build_rows(kind, [below], now=at, currency=currency, findings=findings)
        known.add(kind, [below])
        known.check_references(kind, [below], findings)
        return Step(line=line, what=None, kind=kind, row=below)
    if name == "expect":
        return Step(line=line, what=_read_expected(below, known, findings))
    if name == "answers":
        check_names(below, known.everybody, findings)
        return Step(line=line, what=list_answers(value))
    return Step(line=line, what=value)


def _expand(step: Any) -> Any:
    """Return `run` alone, or with nothing after its colon, as a run without any keys."""
    if isinstance(step, str):
        return {step: {}}
    if isinstance(step, dict):
        return {key: {} if key in WORDS and one is None else one for key, one in step.items()}
    return step


def _read_expected(node: Node, known: Known, findings: Findings) -> Sequence[Expected]:
    if not isinstance(node.value, dict | list):
        findings.add(node.place, refuse_kind("a list", node), node.path)
        return ()
    found = []
    for one in node.value if isinstance(node.value, list) else [node]:
        is_customer = any(key.startswith("customer") for key in one.mapping)
        model: type[Any] = CustomerExpectation if is_customer else RunExpectation
        what = validate_node(model, one, findings, partly=True)
        if what is not None:
            check_expectation(what, mend(one, model), known, findings)
            found.append(Expected(line=one.place.line, what=what))
    return found
