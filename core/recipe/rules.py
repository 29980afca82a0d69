"""The rules of a recipe that no single key can break: what belongs together, what contradicts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ..brief import FieldLimits
from ..errors import DataError
from ..message import Channel
from ..slots import find_slots, known_slots, without_slots
from ..spelling import suggest_name
from .document import Node, Place
from .findings import Findings
from .models import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a rule looks at: the recipe, its document and its channel (None when not known)."""

    recipe: Recipe
    root: Node
    findings: Findings
    channel: Channel | None = None

    def place(self, *path: str | int) -> Place:
        """Return where the key at a path stands, or the nearest key above that does."""
        node, place = self.root, Place(1, 1)
        for part in path:
            place = node.key_places.get(str(part), place)
            below = node.child(part)
            if below is None:
                break
            node = below
        return place

    def add(self, message: str, *path: str | int, at: Node | None = None) -> None:
        """Report a mistake at a path, or at a node."""
        if at is not None:
            self.findings.add(at.place, message, at.path)
            return
        node, rest = self.root.follow(path)
        self.findings.add(self.place(*path), message, (*node.path, *rest))


def check_rules(case: Case) -> None:
    """Apply every rule to a recipe whose blocks are right one by one."""
    for rule in RULES:
        rule(case)


def _check_parts(case: Case) -> None:
    there = case.root.mapping
    if "respond" in there and "segment" not in there and "deliver" not in there:
        return
    for key in ("campaign", "segment", "deliver"):
        if key not in there:
            case.findings.add(Place(1, 1), f"'{key}' is missing")
    has_fields = "deliver" in there and "fields" in there["deliver"].mapping
    if "deliver" in there and "generate" not in there and not has_fields:
        case.add("there is nothing to say; add a generate block, or fields here", "deliver")
    if "generate" in there and has_fields:
        case.add(
            "fields are for a campaign without generate; use generate.fallback", "deliver", "fields"
        )


def _check_experiment(case: Case) -> None:
    experiment = case.recipe.experiment
    if experiment is None:
        return
    tracking = case.recipe.deliver.tracking if case.recipe.deliver else None
    if experiment.metric == "click" and tracking is not None and not tracking.clicks:
        case.add(
            "click needs deliver.tracking.clicks: true; nothing counts clicks without it",
            "experiment",
            "metric",
        )
    if experiment.waves is not None and experiment.allocate == "fixed":
        case.add("waves are for 'allocate: thompson'", "experiment", "waves")
    if experiment.shares is None:
        return
    if experiment.allocate == "thompson":
        case.add("shares contradict 'allocate: thompson'", "experiment", "shares")
    _check_shares(case, experiment.shares, list(experiment.variants))


def _check_shares(case: Case, shares: Mapping[str, Decimal], variants: list[str]) -> None:
    for name in shares:
        if name not in variants:
            hint = suggest_name(name, variants)
            said = f"there is no variant '{name}'"
            case.add(f"{said}; {hint}" if hint else said, "experiment", "shares", name)
    for name in variants:
        if name not in shares:
            case.add(f"the share of '{name}' is missing", "experiment", "shares")
    total = sum(shares.values(), Decimal(0)) * 100
    if set(shares) == set(variants) and total != 100:
        case.add(
            f"the shares add up to {total.normalize():f}%, not to 100%", "experiment", "shares"
        )


def _check_times(case: Case) -> None:
    policy = case.recipe.policy
    quiet, window = policy.quiet_hours, policy.window
    if quiet is None or window is None:
        return

    def minutes(start: int, end: int) -> set[int]:
        return set(range(start, end)) if start < end else {*range(start, 1440), *range(end)}

    def at(times: object) -> set[int]:
        start, end = (moment.hour * 60 + moment.minute for moment in (times.start, times.end))  # type: ignore[attr-defined]
        return minutes(start, end)

    if at(window) <= at(quiet):
        case.add(
            "quiet_hours cover all of the window; nothing could ever be sent", "policy", "window"
        )


def _texts(case: Case) -> Iterator[tuple[Node, str | None, Mapping[str, FieldLimits]]]:
    """Yield each mapping of texts that a person wrote, its language, and the fields' limits."""
    generate, deliver = case.root.mapping.get("generate"), case.root.mapping.get("deliver")
    fallback = generate.mapping.get("fallback") if generate is not None else None
    if fallback is not None and case.recipe.generate is not None:
        limits = case.recipe.generate.fields
        values = list(fallback.mapping.values())
        if values and all(isinstance(node.value, dict) for node in values):
            for language, node in fallback.mapping.items():
                yield node, language, limits
        else:
            yield fallback, None, limits
    fields = deliver.mapping.get("fields") if deliver is not None else None
    if fields is not None and case.channel is not None:
        yield fields, None, case.channel.fields


def _check_texts(case: Case) -> None:
    slots = known_slots(
        products=case.recipe.recommend is not None,
        offer=bool(case.recipe.generate and case.recipe.generate.offer),
    )
    for texts, _, limits in _texts(case):
        for name, node in texts.mapping.items():
            if name not in limits:
                hint = suggest_name(name, list(limits))
                said = f"unknown field '{name}'"
                case.findings.add(
                    texts.key_places[name], f"{said}; {hint}" if hint else said, texts.path
                )
            elif not isinstance(node.value, str):
                case.add("must be text", at=node)
            else:
                _check_text(case, node, node.value, limits[name], slots)
        if texts.path[:2] == ("generate", "fallback") or "fallback" in texts.path:
            for name in limits:
                if name not in texts.mapping:
                    case.add(f"'{name}' is missing", at=texts)


def _check_text(case: Case, node: Node, text: str, limits: FieldLimits, slots: list[str]) -> None:
    try:
        used = list(find_slots(text))
    except DataError as error:
        case.add(f"{error.message}; write a slot as {{first_name|there}}", at=node)
        return
    for slot in used:
        if slot.name not in slots:
            hint = _explain_slot(slot.name, slots)
            case.add(f"unknown slot {{{slot.name}}}; {hint}", at=node)
    bare = without_slots(text)
    if limits.max_chars is not None and len(bare) > limits.max_chars:
        case.add(f"has {len(bare)} characters; at most {limits.max_chars}", at=node)
    if limits.max_words is not None and len(bare.split()) > limits.max_words:
        case.add(f"has {len(bare.split())} words; at most {limits.max_words}", at=node)


def _explain_slot(name: str, slots: list[str]) -> str:
    if name in known_slots(products=True, offer=False) and name not in slots:
        return "it needs a recommend block"
    if name in known_slots(products=False, offer=True) and name not in slots:
        return "it needs generate.offer"
    return suggest_name(name, slots)


def _check_channel(case: Case) -> None:
    channel, recipe = case.channel, case.recipe
    if channel is None or recipe.deliver is None:
        return
    if recipe.generate is not None:
        given, path = list(recipe.generate.fields), ("generate", "fields")
    elif recipe.deliver.fields is not None:
        given, path = list(recipe.deliver.fields), ("deliver", "fields")
    else:
        return
    for name in channel.required_fields:
        if name not in given:
            case.add(f"the channel '{channel.name}' needs the field '{name}'", *path)
    if path[0] == "generate":
        for name in given:
            if name not in channel.fields:
                hint = suggest_name(name, list(channel.fields))
                case.add(f"the channel '{channel.name}' has no field '{name}'; {hint}", *path, name)


RULES: tuple[Callable[[Case], None], ...] = (
    _check_parts,
    _check_experiment,
    _check_times,
    _check_texts,
    _check_channel,
)
