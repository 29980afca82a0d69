"""The rules of a recipe that no single key can break: what belongs together, what contradicts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ..spelling import suggest_name
from .case import Case
from .document import Place
from .models import BLOCKS, STAGE_BLOCKS
from .texts import check_texts
from .values import TimesOfDay, parse_name
from .wording import MAPPING, refuse_kind

REQUIRED = ("campaign", "segment", "deliver")
OPEN = (("generate", "fallback"), ("deliver", "fields"), ("experiment", "variants"))
"""Keys whose contents others look at."""
WHOLE_DAY = 24 * 60


def check_rules(case: Case) -> None:
    """Apply every rule to what is right in a recipe, block by block."""
    for rule in RULES:
        rule(case)


def _check_parts(case: Case) -> None:
    there = case.root.mapping
    if case.describes and "campaign" in there:
        return
    if case.root.refused or case.answers:
        return
    for key in REQUIRED:
        null = case.root.deleted.get(key)
        if null is not None:
            case.add(f"'{key}' is needed; a variant cannot delete it", at=null)
        elif key not in there:
            said = f"'{key}' is missing; a campaign needs campaign, segment and deliver"
            case.findings.add(Place(1, 1), said)
    fields = case.find("deliver", "fields")
    if "deliver" in there and "generate" not in there and fields is None:
        case.add("there is nothing to say; add a generate block, or fields here", "deliver")
    if "generate" in there and fields is not None:
        said = "fields are for a campaign without generate; write them as generate.fallback"
        case.add(said, "deliver", "fields")


def _check_experiment(case: Case) -> None:
    experiment = case.recipe.experiment
    if experiment is None:
        return
    tracking = case.recipe.deliver.tracking if case.recipe.deliver else None
    clicks_count = tracking is None or tracking.clicks or case.is_wrong("deliver", "tracking")
    if experiment.metric == "click" and not clicks_count:
        switch = case.find("deliver", "tracking", "clicks")
        if switch is not None:
            case.add("must be true for 'metric: click'; else nothing counts clicks", at=switch)
        else:
            said = "click needs 'deliver: {tracking: {clicks: true}}'; else nothing counts clicks"
            case.add(said, "experiment", "metric")
    by_click = (experiment.attribution or "").endswith("click")
    if by_click and not clicks_count:
        said = (
            f"{experiment.attribution} needs 'deliver: {{tracking: {{clicks: true}}}}'; "
            "else nothing counts clicks"
        )
        case.add(said, "experiment", "attribution")
    if experiment.holdout == 1:
        case.add(
            "a holdout of 100% leaves nobody to write to; make it smaller", "experiment", "holdout"
        )
    exclusive = experiment.exclusive
    if exclusive is not None and exclusive.part > exclusive.of:
        said = f"there is no part {exclusive.part} of {exclusive.of}; parts are numbered from 1"
        case.add(said, "experiment", "exclusive", "part")
    if case.is_wrong("experiment", "allocate"):
        return
    if experiment.waves is not None and experiment.allocate == "fixed":
        said = "waves need 'allocate: thompson' or 'contextual'; add one, or leave waves out"
        case.add(said, "experiment", "waves")
    if experiment.allocate == "fixed":
        return
    if experiment.shares is not None:
        said = (
            f"shares are fixed, and 'allocate: {experiment.allocate}' draws its own; "
            "leave one of them out"
        )
        case.add(said, "experiment", "shares")
    if len(experiment.variants) < 2 and not case.is_wrong("experiment", "variants"):
        said = "has nothing to choose from; give it two variants or more, or leave it out"
        case.add(said, "experiment", "allocate")


def _check_shares(case: Case) -> None:
    experiment, shares = case.recipe.experiment, case.find("experiment", "shares")
    if experiment is None or shares is None or not shares.mapping:
        return
    block = case.find("experiment", "variants")
    variants = list(block.mapping) if block is not None else []
    given = case.match(shares, variants, "there is no variant '{}'")
    for name in variants:
        if name not in given:
            said = f"the share of '{name}' is missing; give every variant one, together 100%"
            case.add(said, "experiment", "shares")
    total = sum((experiment.shares or {}).values(), Decimal(0)) * 100
    all_known = set(shares.mapping) == set(variants) and not case.is_wrong("experiment", "shares")
    if all_known and total != 100:
        said = f"the shares add up to {total.normalize():f}%; they must add up to 100%"
        case.add(said, "experiment", "shares")


def _check_variant_names(case: Case) -> None:
    block = case.find("experiment", "variants")
    for name, node in block.mapping.items() if block is not None else ():
        try:
            parse_name(name)
        except ValueError as error:
            assert block is not None
            case.findings.add(block.key_places[name], f"must be {error}", node.path)


def _check_times(case: Case) -> None:
    quiet, window = case.recipe.policy.quiet_hours, case.recipe.policy.window
    if quiet is not None and window is not None and _minutes(window) <= _minutes(quiet):
        said = "quiet_hours cover all of the window, so nothing could ever be sent; change one"
        case.add(said, "policy", "window")


def _check_rate(case: Case) -> None:
    node = case.find("deliver", "rate", "per_domain")
    if node is not None and case.channel is not None and case.channel.address_field != "email":
        said = f"the channel '{case.channel.name}' writes to no domains; leave per_domain out"
        case.add(said, "deliver", "rate", "per_domain")


def _check_topic(case: Case) -> None:
    topic, node = case.recipe.policy.topic, case.find("policy", "topic")
    if topic is None or node is None or case.topics is None or topic in case.topics:
        return
    hint = suggest_name(topic, case.topics)
    hint = hint or "write it below [preferences.topics] in ballyhoo.toml, with its labels"
    case.add(f"there is no topic '{topic}'; {hint}", at=node)


def _minutes(times: TimesOfDay) -> set[int]:
    start, end = (moment.hour * 60 + moment.minute for moment in (times.start, times.end))
    return set(range(start, end)) if start < end else {*range(start, WHOLE_DAY), *range(end)}


def _check_nothing(case: Case) -> None:
    """Refuse a key of the core that has no value: somebody forgot it."""
    for key, node in case.root.mapping.items():
        if key == "review":
            continue  # all in it belongs to plugins
        own = STAGE_BLOCKS[key].model_fields if key in STAGE_BLOCKS else node.mapping
        parts = [
            below
            for name, below in node.mapping.items()
            if name in own and (below.value is None or (key, name) not in OPEN)
        ]
        for below in (one for part in (parts if node.mapping else [node]) for one in part.walk()):
            if below.value is not None or below.refused or case.findings.concern(below.path):
                continue
            if below is node and key in BLOCKS:
                case.add(refuse_kind(MAPPING, below), at=below)
            else:
                hint = "write one" if key in REQUIRED and below is node else _FORGOTTEN
                case.add(f"has no value; {hint}", at=below)


_FORGOTTEN = "write one, or leave the key out"
RULES: tuple[Callable[[Case], None], ...] = (
    _check_parts,
    _check_experiment,
    _check_shares,
    _check_variant_names,
    _check_times,
    _check_rate,
    _check_topic,
    check_texts,
    _check_nothing,
)
