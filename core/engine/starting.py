"""Starts a run, or finds the one that the same command means the second time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..campaign import Campaign, require_plugins
from ..errors import BallyhooError, DataError, PolicyError
from ..experiments.allocation import describe_experiment
from ..message import Channel
from ..recipe.binding import BoundRecipe
from ..store.ledger.runs import RunRow, add_run, find_latest_run, find_open_runs
from .engine import Engine
from .keeping import collect_files
from .leaving_out import EXPERIMENTS, keep_experiments
from .picturing import publish_brand
from .runs import ask_channel, list_versions, prepare_contexts

Way = Literal["started", "resumed", "finished"]

DEMO_MODEL = "ballyhoo/demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The run that a command means: a new one, an open one, or one that is through."""

    run_id: int
    way: Way


def find_run(
    engine: Engine, campaign: Campaign, *, limit: int | None, is_new: bool
) -> Start | None:
    """Return the run that a command means; None when a new one is to be started.

    Args:
        engine: The engine.
        campaign: As its recipe says now.
        limit: `--limit`: another one than before asks for another run.
        is_new: `--new`: whatever there was.

    Raises:
        BallyhooError: A run of another version of the recipe is still open.
    """
    if is_new:
        return None
    with engine.store.read() as connection:
        open_ones = find_open_runs(connection, campaign.name)
        latest = find_latest_run(connection, campaign.name)
    for one in open_ones:
        if one.recipe_hash == campaign.hash:
            return Start(run_id=one.id, way="resumed")
    if open_ones:
        other = open_ones[0]
        raise BallyhooError(
            f"run {other.id} of '{campaign.name}' is still {other.state}, "
            "with another version of the recipe",
            hint=(
                f"'ballyhoo cancel {other.id}' ends it, 'ballyhoo status {other.id}' shows "
                "it, --new starts another beside it"
            ),
        )
    if latest is None or latest.state == "cancelled":
        return None
    if latest.recipe_hash == campaign.hash and latest.details.get("limit") == limit:
        return Start(run_id=latest.id, way="finished")
    return None


def start_run(
    engine: Engine,
    campaign: Campaign,
    workspace: Path,
    *,
    limit: int | None = None,
    seed: int | None = None,
    not_before: int | None = None,
    allows_demo_model: bool = False,
) -> Start:
    """Make a new run of a campaign; nothing is planned yet.

    Args:
        engine: The engine.
        campaign: Loaded from `workspace`.
        workspace: The folder of its files.
        limit: At most so many messages.
        seed: Of everything random; drawn when None.
        not_before: Nothing leaves before, in UTC milliseconds.
        allows_demo_model: Whether copy of the demo model may reach people.

    Raises:
        EnvironmentMissing, DataError, PolicyError: See `check_start`.
    """
    check_start(engine, campaign, allows_demo_model=allows_demo_model)
    details = {
        "plugins": list_versions(campaign, engine.registry),
        "brand": engine.settings.brand.model_dump(),
        "assets": publish_brand(engine),
        EXPERIMENTS: keep_experiments(engine.settings.experiments),
        "variants": list(campaign.variants),
        "resends": [
            name
            for name, bound in campaign.variants.items()
            if bound.recipe.policy.on_unknown == "resend"
        ],
        "limit": limit,
        **describe_experiment(campaign.recipe),
    }
    with engine.store.begin() as connection:
        run_id = add_run(
            connection,
            campaign=campaign.name,
            seed=secrets.randbelow(2**31) if seed is None else seed,
            recipe=campaign.text,
            recipe_hash=campaign.hash,
            priority=campaign.recipe.policy.priority,
            details=details,
            files=collect_files(campaign, workspace),
            created_at=engine.now,
            not_before=not_before,
        )
    return Start(run_id=run_id, way="started")


def check_start(engine: Engine, campaign: Campaign, *, allows_demo_model: bool) -> None:
    """Refuse a campaign that cannot be run, or must not.

    Raises:
        EnvironmentMissing: A plugin or reviewer that it needs is not there.
        DataError: It cannot be run: it has no audience, or no channel.
        PolicyError: It must not be sent like this.
    """
    require_sending(engine, campaign)
    check_release(engine, campaign, allows_demo_model=allows_demo_model)


def require_sending(engine: Engine, campaign: Campaign) -> None:
    """Refuse a campaign that sends nothing, or whose plugins are not all there.

    Raises:
        EnvironmentMissing: A plugin or reviewer that it needs is not there.
        DataError: It has no audience, or no channel.
    """
    require_plugins(campaign, engine.registry)
    if campaign.recipe.segment is None or campaign.recipe.deliver is None:
        raise DataError(
            f"{campaign.file} cannot be run: a campaign needs segment and deliver",
            hint="a recipe with `respond` alone says how enquiries are answered",
        )


def check_answers(engine: Engine, campaign: Campaign) -> None:
    """Refuse a recipe by which nobody can be answered by mail.

    Raises:
        EnvironmentMissing: A plugin that it needs is not there.
        DataError: It does not say from whom replies are, or its channel is none of mail.
        PolicyError: It must not be sent like this.
    """
    require_plugins(campaign, engine.registry)
    bound = next(iter(campaign.variants.values()))
    if "deliver" not in bound.stages or "respond" not in bound.stages:
        raise DataError(
            f"{campaign.file} does not say from whom replies by mail are",
            hint="campaigns/answers.yaml says it, by 'respond: {}' and "
            "'deliver: {from: Shop <help@shop.example>}'",
        )
    channel = ask_channel(engine, bound)
    if channel.address_field != "email":
        raise DataError(
            f"the channel '{channel.name}' of {campaign.file} does not write to e-mail addresses"
        )
    is_nameless = not engine.settings.brand.legal_address.strip()
    if is_nameless and _reaches_people(engine, bound, channel):
        raise PolicyError(
            "nobody may be answered like this: the setting brand.legal_address is empty",
            hint="the law wants it in every mail of a business",
        )


def check_release(engine: Engine, campaign: Campaign, *, allows_demo_model: bool) -> None:
    """Refuse what must not reach people: no legal address, no safe unsubscribe, a toy's copy.

    Raises:
        PolicyError: It names everything that is missing.
    """
    problems: list[str] = []
    for bound in campaign.variants.values():
        channel = ask_channel(engine, bound)
        if not _reaches_people(engine, bound, channel):
            continue
        options = getattr(bound.stages.get("generate"), "options", None)
        if getattr(options, "model", None) == DEMO_MODEL and not allows_demo_model:
            problems.append("the demo model writes toy copy: name another, or --allow-demo-model")
        if channel.name == "email":
            if not engine.settings.brand.legal_address.strip():
                problems.append("the setting brand.legal_address is empty; the law wants it")
            if not engine.settings.base_url.startswith("https://"):
                problems.append(
                    "the setting base_url is no https:// address, so nobody could unsubscribe"
                )
    if problems:
        listed = "\n".join(f"  - {one}" for one in dict.fromkeys(problems))
        raise PolicyError(f"'{campaign.name}' must not be sent like this:\n{listed}")


def _reaches_people(engine: Engine, bound: BoundRecipe, channel: Channel) -> bool:
    answer = channel.reaches_people
    if callable(answer):
        binding = bound.stages["deliver"]
        contexts = prepare_contexts(engine, bound, run_id=None, seed=0, data_time=engine.now)
        answer = answer(contexts(binding.plugin), binding.options)
    return answer


def describe_way(start: Start, row: RunRow) -> str:
    """Return in words which run it is."""
    if start.way == "started":
        return f"run {row.id} of '{row.campaign}' started"
    if start.way == "resumed":
        return f"run {row.id} of '{row.campaign}' goes on"
    return f"run {row.id} of '{row.campaign}' is finished; --new starts another"
