"""Validates a part of the document against a model, each error at its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..conditions.options import CONDITION_ERROR
from .document import Node, Place
from .findings import Findings
from .keys import repair_keys
from .model_keys import find_keys
from .wording import is_about_kind, word_error, word_kinds

if TYPE_CHECKING:
    from ..conditions.tokens import ConditionError

M = TypeVar("M", bound=BaseModel)
Steps = tuple[str | int, ...]

_UNKNOWN = ("extra_forbidden", "unexpected_keyword_argument")
_MISSING = ("missing", "missing_argument", "missing_keyword_only_argument")
_MOST_ROUNDS = 100


class ValidatorFailed(Exception):
    """A validator of a model did not refuse a value, but failed; `kind` is the error's name."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Error:
    """One error of pydantic, in terms of the document.

    Attributes:
        kind: Its type, as pydantic calls it.
        facts: The entry of `ValidationError.errors()`.
        found: What it is about; for a missing or unknown key, the mapping that should hold it.
        place: Where that stands.
        steps: The keys that lead from the validated node to `found`.
        key: The missing or unknown key, else "".
        union: How many of the steps lead to the union that this is a branch of, or None.
        branch: That branch, as pydantic calls it.
    """

    kind: str
    facts: dict[str, Any]
    found: Node
    place: Place
    steps: Steps
    key: str
    union: int | None
    branch: str


def validate_node(
    model: type[M],
    node: Node,
    findings: Findings,
    *,
    data: Any = None,
    context: dict[str, Any] | None = None,
    partly: bool = False,
) -> M | None:
    """Validate the node against the model.

    Args:
        model: A pydantic model that forbids unknown keys.
        node: What the recipe says there.
        findings: Where mistakes go.
        data: What to validate when it is not the node as it stands, as plain data; mistakes in it
            are at the places that the node has.
        context: What validators may look at (folders).
        partly: Whether to leave out what is wrong, so that the rest can still be looked at
            together.

    Returns:
        The model's instance; None when there was a mistake (with `partly`: when leaving it out
        does not help).

    Raises:
        ValidatorFailed: A validator of the model raised something that says nothing of the value.
    """
    if data is not None:
        node = _make_node(data, node)
    mended, errors = _mend_keys(model, node, findings, context)
    for error in _join_unions(errors):
        _report(error, findings)
    if not partly and (errors or mended is not node):
        return None
    for _ in range(_MOST_ROUNDS):
        if not errors:
            return _validate(model, mended, context)
        if any(not error.steps for error in errors):
            return None
        mended = _leave_out(mended, errors)
        mended, errors = _mend_keys(model, mended, Findings(findings.file), context)
    return None


def _make_node(data: Any, near: Node) -> Node:
    """Return plain data as a node, each part at the place of what stands there in another."""
    if isinstance(data, dict):
        values = {key: _make_node(one, near.child(key) or near) for key, one in data.items()}
        places = {key: near.key_places.get(key, near.place) for key in data}
        return replace(near, value=values, key_places=places)
    if isinstance(data, list | tuple):
        items = [_make_node(one, near.child(index) or near) for index, one in enumerate(data)]
        return replace(near, value=items)
    return near if near.value == data else replace(near, value=data, raw="")


def _validate(model: type[M], node: Node, context: dict[str, Any] | None) -> M:
    # As JSON, strictly: a list may become a tuple and text a date, but never "3" a number.
    text = json.dumps(node.plain())
    try:
        return model.model_validate_json(text, strict=True, context=context)
    except ValidationError:
        raise
    except Exception as error:
        raise ValidatorFailed(type(error).__name__) from error


def _find_errors(
    model: type[BaseModel], node: Node, context: dict[str, Any] | None
) -> list[_Error]:
    try:
        _validate(model, node, context)
    except ValidationError as error:
        return [_locate(node, dict(item)) for item in error.errors(include_url=False)]
    return []


def _locate(node: Node, facts: dict[str, Any]) -> _Error:
    location, kind = list(facts["loc"]), str(facts["type"])
    key = str(location.pop()) if kind in _UNKNOWN + _MISSING else ""
    is_key = bool(location) and location[-1] == "[key]"
    steps: list[str | int] = []
    union: int | None = None
    branch = ""
    place = node.place
    for part in location:
        below = node.child(part)
        if below is None:
            # Not of the document: the branch of a union, or an index that nobody wrote.
            if union is None and isinstance(part, str) and part != "[key]":
                union, branch = len(steps), part
            continue
        key_place = node.key_places.get(str(part), below.place)
        place = key_place if is_key else below.place
        steps.append(part)
        node = below
    if is_key:
        node = Node(value=str(steps[-1]), place=place, path=node.path)
    return _Error(
        kind=kind,
        facts=facts,
        found=node,
        place=place,
        steps=tuple(steps),
        key=key,
        union=union,
        branch=branch,
    )


def _mend_keys(
    model: type[BaseModel], node: Node, findings: Findings, context: dict[str, Any] | None
) -> tuple[Node, list[_Error]]:
    """Report unknown keys, and return the node without them with the errors that are left."""
    for _ in range(_MOST_ROUNDS):
        errors = _find_errors(model, node, context)
        unknown = [error for error in errors if error.kind in _UNKNOWN]
        if not unknown:
            return node, errors
        for steps in sorted({error.steps for error in unknown}, key=len, reverse=True):
            wrong = _unknown_at(steps, unknown)
            known = [key for key in find_keys(model, steps) if key not in wrong]

            def mend(owner: Node, known: list[str] = known) -> Node:
                return repair_keys(owner, known, findings)

            node = _change(node, steps, mend) or node
    return node, [error for error in errors if error.kind not in _UNKNOWN]


def _unknown_at(steps: Steps, unknown: list[_Error]) -> set[str]:
    """Return the keys that no branch of a union takes; failing that, what the first refuses."""
    by_branch: dict[str, set[str]] = {}
    for error in unknown:
        if error.steps == steps:
            by_branch.setdefault(error.branch, set()).add(error.key)
    first = next(iter(by_branch.values()))
    return set.intersection(*by_branch.values()) or first


def _join_unions(errors: list[_Error]) -> list[_Error | list[_Error]]:
    """Return the errors, those of one union's branches joined to what is worth saying."""
    joined: list[_Error | list[_Error]] = []
    unions: dict[Steps, list[_Error]] = {}
    for error in errors:
        if error.union is None:
            joined.append(error)
        else:
            unions.setdefault(error.steps[: error.union], []).append(error)
    for group in unions.values():
        joined += _choose(group)
    return joined


def _choose(group: list[_Error]) -> list[_Error | list[_Error]]:
    """Choose the branch that fits best: what it holds is wrong, or a key is missing."""
    for fits in (
        lambda error: len(error.steps) > error.union,
        lambda error: error.kind in _MISSING,
        lambda error: not is_about_kind(error.kind),
    ):
        near = [error for error in group if fits(error)]
        if near:
            return [error for error in near if error.branch == near[0].branch]
    return [group]


def _report(error: _Error | list[_Error], findings: Findings) -> None:
    one = error[0] if isinstance(error, list) else error
    found = one.found
    if found.refused:
        return
    if one.kind == CONDITION_ERROR:
        for mistake in one.facts["ctx"]["mistakes"]:
            findings.add(*_condition_mistake(found, mistake))
    elif isinstance(error, list):
        findings.add(one.place, word_kinds([each.facts for each in error], found), found.path)
    elif one.kind not in _MISSING:
        findings.add(one.place, word_error(one.facts, found), found.path)
    elif isinstance(one.facts["loc"][-1], int):
        findings.add(found.place, f"entry {int(one.key) + 1} is missing", found.path)
    elif one.key in found.deleted:
        null = found.deleted[one.key]
        findings.add(null.place, f"'{one.key}' is needed; a variant cannot delete it", null.path)
    else:
        findings.add(found.place, f"'{one.key}' is missing", found.path)


def _condition_mistake(node: Node, mistake: ConditionError) -> tuple[Place, str, Steps]:
    from ..conditions.positions import place_mistake

    place, path = place_mistake(node, mistake)
    return place, mistake.message, path


def _leave_out(node: Node, errors: list[_Error]) -> Node:
    for steps in sorted({error.steps for error in errors}, key=_from_the_end, reverse=True):
        node = _change(node, steps, lambda wrong: None) or node
    return node


def _from_the_end(steps: Steps) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (0, step) for step in steps]


def _change(node: Node, steps: Steps, change: Callable[[Node], Node | None]) -> Node | None:
    """Return a copy with the node at the end of the steps changed; None takes it away."""
    if not steps:
        return change(node)
    below = node.child(steps[0])
    if below is None:
        return node
    changed = _change(below, steps[1:], change)
    if isinstance(node.value, dict):
        values = {key: changed if one is below else one for key, one in node.value.items()}
        return replace(node, value={key: one for key, one in values.items() if one is not None})
    items = node.value if isinstance(node.value, list) else []
    changed_items = [changed if one is below else one for one in items]
    return replace(node, value=[one for one in changed_items if one is not None])
