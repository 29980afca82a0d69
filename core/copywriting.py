"""The loop that turns briefs into copy that may be sent: generate, check, review, again, fallback.

It fails closed. A copy that nobody looked at, because a reviewer raised, is refused.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .brief import Brief, Copy, FieldLimits, Objection, Provenance
from .briefing import DEFAULT_LANGUAGE
from .context import Context
from .errors import BallyhooError, DataError
from .recipe.binding import Binding, BoundRecipe
from .registry import Registry
from .slots import find_slots, without_slots
from .stages import ContextFor, generate_copies

_LAYOUT = "\n\r\t"

REVIEWER_FAILED = "reviewer_failed"
"""The rule of the objection that stands for a reviewer's answer where it gave none."""

FALLBACK = "fallback"
"""The generator's name in the provenance of a fallback copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try at a copy: what was written and what was objected to."""

    copy: Copy
    objections: tuple[Objection, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of one brief.

    Attributes:
        copy: What may be sent; None when every attempt was refused and there is no fallback.
        attempts: Every try, in order.
        reviewers: Who read the copy that may be sent and had no objection.
    """

    copy: Copy | None
    attempts: tuple[Attempt, ...]
    reviewers: tuple[str, ...] = ()


def write_copies(
    registry: Registry, bound: BoundRecipe, context_for: ContextFor, briefs: Sequence[Brief]
) -> list[Written]:
    """Write the copy of each brief.

    Args:
        registry: The plugins.
        bound: The recipe with its generator, its reviewers, attempts and fallback.
        context_for: Makes a plugin's context.
        briefs: First attempts; each attempt gets a seed of its own, derived from the brief's.

    Returns:
        A list aligned with `briefs`.

    Raises:
        PluginError: The generator raised, or broke the contract of its hook.
    """
    assert bound.recipe.generate is not None
    tries: list[list[Attempt]] = [[] for _ in briefs]
    accepted: dict[int, Copy] = {}
    for attempt in range(1, bound.recipe.generate.attempts + 1):
        open_ones = [index for index in range(len(briefs)) if index not in accepted]
        if not open_ones:
            break
        batch = [_again(briefs[index], attempt) for index in open_ones]
        began = time.perf_counter()
        copies = generate_copies(registry, bound.stages["generate"], context_for, batch)
        copies = _note_seconds(copies, time.perf_counter() - began)
        for index, brief, copy in zip(open_ones, batch, copies, strict=True):
            objections = review_copy(registry, bound.reviewers, context_for, brief, copy)
            tries[index].append(Attempt(copy=copy, objections=tuple(objections)))
            if not objections:
                accepted[index] = copy
    readers = tuple(binding.plugin for binding in bound.reviewers)
    return [
        Written(copy=accepted[index], attempts=tuple(tried), reviewers=readers)
        if index in accepted
        else Written(copy=fall_back(bound, briefs[index].language), attempts=tuple(tried))
        for index, tried in enumerate(tries)
    ]


def _note_seconds(copies: Sequence[Copy], seconds: float) -> list[Copy]:
    """Return copies that say how long they took, each the same part unless its plugin says it."""
    each = round(seconds / max(1, len(copies)), 4)
    return [
        one
        if one.provenance.seconds is not None
        else replace(one, provenance=replace(one.provenance, seconds=each))
        for one in copies
    ]


def _again(brief: Brief, attempt: int) -> Brief:
    return replace(brief, attempt=attempt, seed=brief.seed + attempt - 1)


def review_copy(
    registry: Registry,
    reviewers: Sequence[Binding],
    context_for: ContextFor,
    brief: Brief,
    copy: Copy,
) -> list[Objection]:
    """Return everything that the core and the reviewers have against a copy.

    Reviewers are asked one by one; one that raises, or answers no list, objects.
    """
    objections = check_copy(brief, copy)
    for reviewer in reviewers:
        objections += _ask(registry, reviewer, context_for(reviewer.plugin), brief, copy)
    return objections


def _ask(
    registry: Registry, reviewer: Binding, context: Context, brief: Brief, copy: Copy
) -> list[Objection]:
    try:
        answer: Any = registry.call(
            reviewer.plugin,
            "review",
            context=context,
            options=reviewer.options,
            brief=brief,
            copy=copy,
        )
    except BallyhooError as error:
        return [Objection(rule=REVIEWER_FAILED, message=error.message)]
    if not isinstance(answer, list) or not all(isinstance(one, Objection) for one in answer):
        said = f"the reviewer '{reviewer.plugin}' answered something else than objections"
        return [Objection(rule=REVIEWER_FAILED, message=said)]
    return answer


def check_copy(brief: Brief, copy: Copy) -> list[Objection]:
    """Return what is wrong with a copy whoever reviews it: fields, slots and limits."""
    objections = [
        Objection(rule="fields", field=name, message="the brief did not ask for this field")
        for name in copy.fields
        if name not in brief.fields
    ]
    for name, limits in brief.fields.items():
        text = copy.fields.get(name)
        if not isinstance(text, str) or not text.strip():
            objections.append(Objection(rule="fields", field=name, message="nothing was written"))
            continue
        if any(unicodedata.category(one) in ("Cc", "Cs") and one not in _LAYOUT for one in text):
            said = "has control characters, which no channel could carry"
            objections.append(Objection(rule="characters", field=name, message=said))
        objections += _check_slots(name, text, brief.slots)
        objections += _check_limits(name, text, limits)
    return objections


def _check_slots(name: str, text: str, allowed: Sequence[str]) -> list[Objection]:
    try:
        used = list(find_slots(text))
    except DataError as error:
        return [Objection(rule="slots", field=name, message=error.message)]
    return [
        Objection(
            rule="slots",
            field=name,
            excerpt=text[slot.start : slot.end],
            message=f"the slot '{slot.name}' has no value for this recipient",
        )
        for slot in used
        if slot.name not in allowed
    ]


def _check_limits(name: str, text: str, limits: FieldLimits) -> list[Objection]:
    bare = without_slots(text)
    chars, words = len(bare), len(bare.split())
    bounds = (
        (limits.max_chars is not None and chars > limits.max_chars, f"{chars} characters"),
        (limits.max_words is not None and words > limits.max_words, f"{words} words"),
        (limits.min_chars is not None and chars < limits.min_chars, f"{chars} characters"),
        (limits.min_words is not None and words < limits.min_words, f"{words} words"),
    )
    return [
        Objection(rule="limits", field=name, message=f"has {said}, outside of its limits")
        for broken, said in bounds
        if broken
    ]


def fall_back(bound: BoundRecipe, language: str | None) -> Copy | None:
    """Return the recipe's fallback in a language; None when there is none."""
    generate = bound.recipe.generate
    fallback: Mapping[str, Any] | None = generate.fallback if generate is not None else None
    if fallback is None:
        return None
    texts: Mapping[str, Any] | None = fallback
    if generate is not None and generate.has_fallback_by_language:
        tag = language or DEFAULT_LANGUAGE
        texts = fallback.get(tag) or fallback.get(tag.split("-")[0])
    if texts is None:
        return None
    return Copy(fields=dict(texts), provenance=Provenance(generator=FALLBACK))


def list_fallbacks(bound: BoundRecipe) -> list[dict[str, str]]:
    """Return the fields of the recipe's fallback, in each language that it has one in."""
    generate = bound.recipe.generate
    if generate is None or generate.fallback is None:
        return []
    by_language = generate.fallback.values()
    return [
        dict(texts)
        for texts in (by_language if generate.has_fallback_by_language else [generate.fallback])
    ]
