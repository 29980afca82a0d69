from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import field_validator

from ballyhoo import Context, Dispatch, EnvironmentMissing, Message, Options, hookimpl
from ballyhoo.core.campaign import check_recipe
from ballyhoo.core.recipe.document import Node
from ballyhoo.core.registry import Registry
from ballyhoo.plugins import copy_guard, list_segment, outbox

RECIPE = """\
campaign: may
segment: {plugin: list_segment, customers: [C-1]}
deliver: {plugin: outbox, fields: {subject: s, body: b}}
"""
WITH_COPY = """\
campaign: may
segment: {plugin: list_segment, customers: [C-1]}
generate: {plugin: repeater, fields: {subject: {}, body: {}}}
deliver: {plugin: outbox}
"""


class FragileOptions(Options):
    where: str

    @field_validator("where")
    @classmethod
    def _check(cls, value: str) -> str:
        raise OSError(value)


class Fragile:
    @hookimpl
    def segment(self, context: Context, options: FragileOptions) -> Iterator[int]:
        yield from ()


class ChannelBase:
    @hookimpl
    def render(self, context: Context, messages: Sequence[Message]) -> list[bytes]:
        return [b"" for _ in messages]

    @hookimpl
    def deliver(self, context: Context, dispatch: Dispatch) -> None:
        raise AssertionError("a check delivers nothing")


class Raising(ChannelBase):
    @hookimpl
    def channel(self) -> Any:
        raise RuntimeError("ada@example.com")


class Lacking(ChannelBase):
    @hookimpl
    def channel(self) -> Any:
        raise EnvironmentMissing("the gateway is not there")


class Nonsense(ChannelBase):
    @hookimpl
    def channel(self) -> Any:
        return "email"


def shown(checked) -> list[str]:
    return [str(mistake).removeprefix("recipe.yaml:") for mistake in checked.mistakes]


def check_with(text: str, **plugins: Any) -> list[str]:
    registry = Registry()
    bundled = {"copy_guard": copy_guard, "list_segment": list_segment, "outbox": outbox}
    for name, plugin in {**bundled, **plugins}.items():
        registry.add(name, plugin)
    checked = check_recipe(
        text.encode(), file="recipe.yaml", registry=registry, workspace=Path("nowhere")
    )
    return [f"{line}{' (missing)' * mistake.missing}" for line, mistake in
            zip(shown(checked), checked.mistakes, strict=True)]  # fmt: skip


def test_a_misspelt_plugin_key_is_mended_before_the_options_are_looked_at(check) -> None:
    text = RECIPE.replace("plugin: list_segment", "plugn: list_segment")
    assert shown(check(text)) == ["2:11: segment: unknown key 'plugn'; did you mean 'plugin'?"]


def test_options_of_a_plugin_that_is_not_known_are_not_judged(check) -> None:
    text = RECIPE.replace("list_segment", "lost_segment").replace("customers", "custmers")
    assert shown(check(text)) == [
        "2:19: segment.plugin: unknown plugin 'lost_segment'; did you mean 'list_segment'?"
    ]


def test_a_plugin_that_is_no_text_is_not_taken_for_the_default(check) -> None:
    text = RECIPE.replace("plugin: list_segment", "plugin: 3")
    assert shown(check(text)) == ['2:19: segment.plugin: must be text, not 3; write "3" in quotes']


def test_a_wrong_option_hides_nothing_that_the_channel_has_to_say(check) -> None:
    text = RECIPE.replace("{plugin: outbox, fields: {subject: s, body: b}}",
                          "{plugin: outbox, folder: 7, fields: {subjct: s}}")  # fmt: skip
    assert shown(check(text)) == [
        '3:35: deliver.folder: must be text, not 7; write "7" in quotes',
        "3:46: deliver.fields: 'body' is missing",
        "3:47: deliver.fields: unknown field 'subjct'; did you mean 'subject'?",
    ]


def test_a_wrong_field_limit_hides_no_mistake_in_the_fallback(check) -> None:
    text = WITH_COPY.replace(
        "{subject: {}, body: {}}",
        "{subject: {max_chars: few}, body: {max_chars: 3}}, "
        "fallback: {subject: '{nobody}', body: long}",
    )
    assert shown(check(text)) == [
        "3:60: generate.fields.subject.max_chars: must be a whole number, not 'few'",
        "3:109: generate.fallback.subject: unknown slot {nobody}; "
        "known: first_name, last_name, full_name",
        "3:127: generate.fallback.body: has 4 characters; at most 3",
    ]


def test_missing_fields_hide_no_mistake_in_the_fallback(check) -> None:
    text = WITH_COPY.replace("fields: {subject: {}, body: {}}", "fallback: {subject: '{nobody}'}")
    assert shown(check(text)) == [
        "3:11: generate: 'fields' is missing",
        "3:50: generate.fallback.subject: unknown slot {nobody}; "
        "known: first_name, last_name, full_name",
    ]


def test_a_validator_that_fails_is_told_with_its_plugin() -> None:
    text = RECIPE.replace("{plugin: list_segment, customers: [C-1]}", "{plugin: fragile, where: x}")
    assert check_with(text, fragile=Fragile) == [
        "2:10: segment: the plugin 'fragile' failed to read its options (OSError)"
    ]


@pytest.mark.parametrize(
    ("plugin", "said"),
    [
        (Raising, "the plugin 'post' raised RuntimeError in its hook 'channel'"),
        (Lacking, "the gateway is not there"),
        (Nonsense, "the plugin 'post' declares no channel"),
    ],
)
def test_a_plugin_without_a_working_channel_is_told_as_missing(plugin: type, said: str) -> None:
    text = RECIPE.replace("plugin: outbox", "plugin: post")
    assert check_with(text, post=plugin) == [f"3:1: deliver: {said} (missing)"]


def test_the_guard_must_be_there_for_generated_copy_though_nobody_names_it() -> None:
    registry = Registry()
    registry.add("list_segment", list_segment)
    registry.add("outbox", outbox)
    text = WITH_COPY.replace("repeater", "outbox")
    checked = check_recipe(
        text.encode(), file="recipe.yaml", registry=registry, workspace=Path("nowhere")
    )
    assert [(m.path, m.missing) for m in checked.mistakes] == [
        ("review.copy_guard", True),
        ("generate.plugin", False),
    ]


def test_options_reach_the_plugin_as_its_model(check) -> None:
    campaign = check(RECIPE).campaign
    stage = campaign.variants[None].stages["segment"]
    assert isinstance(stage.options, list_segment.ListOptions)
    assert stage.options.customers == ["C-1"]


def test_a_node_that_is_no_mapping_has_no_children() -> None:
    from ballyhoo.core.recipe.document import Place

    node = Node(value="text", place=Place(1, 1))
    assert (node.mapping, node.child("a"), node.child(0)) == ({}, None, None)
