"""Reads a plugin's options the way the recipe loader does: in a recipe that is otherwise right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ...brief import FieldLimits
from ...campaign import check_recipe
from ...context import Context
from ...hooks import hookimpl
from ...message import Channel, Dispatch, Message, Receipt
from ...recipe.binding import Binding
from ...registry import Registry
from ..echo import Echo, NoObjections

GUARD = "copy_guard"
SEGMENT, GENERATE, DELIVER = "everybody", "echoing", "nowhere"


class Everybody:
    """A segment for recipes that are about something else."""

    @hookimpl
    def segment(self, context: Context) -> Iterator[int]:
        """Yield all customers."""
        yield from context.store.customer_ids()


class Nowhere:
    """A channel for recipes that are about something else: nobody is there."""

    @hookimpl
    def channel(self) -> Channel:
        """Declare a channel with one field and no consent."""
        return Channel(
            name="nowhere",
            address_field="email",
            normalise=str.strip,
            fields={"body": FieldLimits()},
            required_fields=("body",),
        )

    @hookimpl
    def render(self, messages: Sequence[Message]) -> list[bytes]:
        """Make bytes of each body."""
        return [message.fields["body"].encode() for message in messages]

    @hookimpl
    def deliver(self, dispatch: Dispatch) -> None:
        """Refuse each message."""
        for message in dispatch:
            dispatch.settle(message, Receipt.failed("this channel leads nowhere"))


def bind_block(
    registry: Registry, plugin: str, hook: str, options: Mapping[str, Any], folder: Path
) -> tuple[Binding | None, list[str]]:
    """Bind a block of a recipe to a plugin.

    Args:
        registry: Where the plugin is.
        plugin: Its name.
        hook: The stage, or `review`.
        options: The block as it stands in the recipe.
        folder: The workspace that files in options are relative to.

    Returns:
        The binding, and the mistakes; one of the two is empty.
    """
    record = registry.find(plugin)
    assert record is not None
    whole = Registry()
    whole.add(plugin, record.plugin)
    others = {SEGMENT: Everybody, DELIVER: Nowhere, GENERATE: Echo, GUARD: NoObjections}
    for name, other in others.items():
        if name != plugin:
            whole.add(name, other)
    recipe = _write_recipe(registry, plugin, hook, options)
    try:
        content = json.dumps(recipe, ensure_ascii=False, default=_write_scalar).encode()
    except TypeError as error:
        raise pytest.UsageError(f"options cannot stand in a recipe: {error}") from None
    checked = check_recipe(content, file="options", registry=whole, workspace=folder)
    if checked.campaign is None:
        return None, [f"{mistake.path}: {mistake.message}" for mistake in checked.mistakes]
    bound = next(iter(checked.campaign.variants.values()))
    if hook == "review":
        return next(one for one in bound.reviewers if one.plugin == plugin), []
    return bound.stages[hook], []


def _write_recipe(
    registry: Registry, plugin: str, hook: str, options: Mapping[str, Any]
) -> dict[str, Any]:
    if hook == "respond":
        return {"respond": {"plugin": plugin, **options}}
    fields = ["body"]
    if hook == "deliver":
        declared = registry.call(plugin, "channel")
        fields = list(getattr(declared, "fields", fields))
    recipe: dict[str, Any] = {
        "campaign": "conformance",
        "segment": {"plugin": SEGMENT},
        "generate": {"plugin": GENERATE, "fields": {name: {} for name in fields}},
        "deliver": {"plugin": DELIVER},
    }
    if hook == "review":
        return {**recipe, "review": {plugin: dict(options)}}
    return {**recipe, hook: {**recipe.get(hook, {}), "plugin": plugin, **options}}


def _write_scalar(value: Any) -> str:
    if not hasattr(value, "isoformat"):
        raise TypeError(f"a {type(value).__name__} is not YAML")
    return str(value.isoformat())
