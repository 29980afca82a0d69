"""Checks the texts that a person wrote in a recipe: their fields, slots and limits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..brief import FieldLimits
from ..errors import DataError
from ..quoting import shorten
from ..slots import OFFER_SLOTS, Slot, known_slots, scan_slots, without_slots
from ..spelling import nearest_name
from .case import Case
from .document import Node
from .wording import count, refuse_kind

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)
_NUMBERED = re.compile(r"\.\d\.")
_NUMBERS = ("max_chars", "max_words", "min_chars", "min_words")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    """Texts by field.

    Attributes:
        node: The mapping that holds them.
        limits: Of each field that there is; None when the fields are not known.
        needed: The fields that must be there.
    """

    node: Node
    limits: Mapping[str, FieldLimits] | None
    needed: tuple[str, ...] = ()


def check_texts(case: Case) -> None:
    """Check the fields that are asked for, the fallback, and the hand-written text."""
    _check_limits(case)
    _check_generated_fields(case)
    slots = known_slots(
        products=case.describes or case.find("recommend") is not None,
        offer=case.find("generate", "offer") is not None,
    )
    for texts in _find_texts(case):
        if texts.node.refused:
            continue
        given = set(texts.node.mapping)
        if texts.limits is not None:
            given = case.match(texts.node, texts.limits, "unknown field '{}'")
        for name in texts.needed:
            if name not in given:
                case.add(f"'{name}' is missing", at=texts.node)
        for name, node in texts.node.mapping.items():
            if node.refused:
                continue
            if isinstance(node.value, str):
                _check_text(case, node, node.value, (texts.limits or {}).get(name), slots)
            else:
                case.add(refuse_kind("text", node), at=node)


def _check_limits(case: Case) -> None:
    generate = case.recipe.generate
    for name, limits in generate.fields.items() if generate is not None else ():
        for bound in _NUMBERS:
            number = getattr(limits, bound)
            if number is not None and number < 1:
                node = case.find("generate", "fields", name, bound)
                case.add(f"must be at least 1, not {number}", at=node)
        for unit in ("chars", "words"):
            least, most = getattr(limits, f"min_{unit}"), getattr(limits, f"max_{unit}")
            if least is not None and most is not None and least > most >= 1:
                said = f"min_{unit} is more than max_{unit}, so no text would do"
                case.add(said, "generate", "fields", name, f"min_{unit}")


def _check_generated_fields(case: Case) -> None:
    """Compare the fields that the copy has with those that the channel takes."""
    wanted, channel = case.find("generate", "fields"), case.channel
    if wanted is None or not isinstance(wanted.value, dict) or channel is None:
        return
    unknown = f"the channel '{channel.name}' has no field '{{}}'"
    given = case.match(wanted, channel.fields, unknown)
    for name in channel.required_fields:
        if name not in given and not wanted.refused:
            said = f"the channel '{channel.name}' needs the field '{name}'"
            case.add(said, "generate", "fields")


def _find_texts(case: Case) -> Iterator[_Texts]:
    limits = _limit_copy(case, case.find("generate", "fields"))
    for key in ("fallback", *case.written):
        texts = case.find("generate", key)
        if texts is not None and isinstance(texts.value, dict):
            yield from _split_languages(case, texts, limits)
    by_hand, channel = case.find("deliver", "fields"), case.channel
    if by_hand is not None and isinstance(by_hand.value, dict):
        if channel is None:
            yield _Texts(node=by_hand, limits=None)
        else:
            needed = channel.required_fields
            yield _Texts(node=by_hand, limits=channel.fields, needed=needed)


def _split_languages(
    case: Case, texts: Node, limits: Mapping[str, FieldLimits] | None
) -> Iterator[_Texts]:
    """Yield the texts of each language, or those that are for all of them."""
    needed = tuple(limits or ())
    below = list(texts.mapping.items())
    if not below or not all(isinstance(node.value, dict) for _, node in below):
        yield _Texts(node=texts, limits=limits, needed=needed)
        return
    for language, node in below:
        if _LANGUAGE.fullmatch(language) is None:
            said = f"'{shorten(language)}' is not a language such as en or de-AT"
            case.findings.add(texts.key_places[language], said, texts.path)
        yield _Texts(node=node, limits=limits, needed=needed)


def _limit_copy(case: Case, wanted: Node | None) -> dict[str, FieldLimits] | None:
    """Return the limits of each field that is asked for: the recipe's, else the channel's."""
    if wanted is None or not isinstance(wanted.value, dict):
        return None
    channel, generate = case.channel, case.recipe.generate
    asked = generate.fields if generate is not None else {}
    return {
        name: _combine(asked.get(name), channel.fields.get(name) if channel else None)
        for name in wanted.mapping
    }


def _combine(asked: FieldLimits | None, taken: FieldLimits | None) -> FieldLimits:
    bounds: dict[str, Any] = {}
    for name in _NUMBERS:
        both = [getattr(one, name) for one in (asked, taken) if one is not None]
        right = [number for number in both if number is not None and number >= 1]
        tightest = min if name.startswith("max_") else max
        bounds[name] = tightest(right) if right else None
    return FieldLimits(**bounds)


def _check_text(
    case: Case, node: Node, text: str, limits: FieldLimits | None, slots: list[str]
) -> None:
    found = list(scan_slots(text))
    wrong = [one for one in found if isinstance(one, DataError)]
    for error in wrong:
        case.add(f"{error.message}; write a slot as {{first_name|there}}", at=node)
    for name in dict.fromkeys(slot.name for slot in found if isinstance(slot, Slot)):
        if name not in slots:
            hint = "" if case.findings.is_full else _explain(name, slots)
            case.add(f"unknown slot {{{shorten(name)}}}; {hint}", at=node)
    if wrong:
        return  # how long it is, nobody knows
    bare = without_slots(text)
    if not text.strip():
        case.add("must not be empty", at=node)
    elif limits is not None:
        _check_length(case, node, len(bare), "chars", "character", limits)
        _check_length(case, node, len(bare.split()), "words", "word", limits)


def _check_length(
    case: Case, node: Node, has: int, unit: str, name: str, limits: FieldLimits
) -> None:
    least, most = getattr(limits, f"min_{unit}"), getattr(limits, f"max_{unit}")
    said = f"has {count(has, name, name + 's')}"
    if most is not None and has > most:
        case.add(f"{said}; at most {most:,}", at=node)
    elif least is not None and has < least and (most is None or least <= most):
        case.add(f"{said}; at least {least:,}", at=node)


def _explain(name: str, slots: list[str]) -> str:
    near = nearest_name(name, known_slots(products=True, offer=True))
    if near is None:
        return f"known: {', '.join(name for name in slots if not _NUMBERED.search(name))}"
    asked = "" if near == name else f"did you mean '{near}'? "
    if near in slots:
        return asked.strip()
    if near in OFFER_SLOTS:
        return f"{asked}it needs generate.offer"
    return f"{asked}it needs a recommend block"
