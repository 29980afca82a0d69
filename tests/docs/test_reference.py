from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from ballyhoo.core.cli.commands import BUILT_IN, CommandGroup, find_registered
from ballyhoo.core.plugin_loading import load_plugins
from ballyhoo.core.recipe import values
from ballyhoo.core.recipe.composer import MAX_VALUES
from ballyhoo.core.recipe.findings import MOST_MISTAKES
from ballyhoo.core.recipe.models import COMING_KEYS, DEFAULT_PLUGINS, Recipe
from ballyhoo.core.recipe.yaml_reader import MAX_BYTES, MAX_DEPTH
from ballyhoo.core.registry import PluginRecord, Registry, hook_arguments, hook_names
from ballyhoo.core.settings import Settings, environment_variable
from ballyhoo.core.slots import known_slots

from .keys import Key, walk_keys
from .pages import Page, Section

PATH = re.compile(r"[a-z][a-z_]*(\.[A-Za-z_]+)*")
"""A heading that is a key."""
SETTINGS_OF_PLUGINS = "plugins.NAME"
PARSERS = {
    "name": values.parse_name,
    "duration": values.parse_duration,
    "percentage": values.parse_percentage,
    "rate": values.parse_rate,
    "times of day": values.parse_times_of_day,
    "again": values.parse_again,
    "approval": values.parse_approval,
    "discount": values.parse_discount,
}


def find_bundled() -> list[PluginRecord]:
    registry = load_plugins(folder=Path(__file__).parent)
    return [record for record in registry if record.origin == "ballyhoo"]


def describe_key(key: Key) -> str:
    stage, _, last = key.path.partition(".")
    if last == "plugin":
        return f"`{DEFAULT_PLUGINS[stage]}`"
    return key.default


def check_keys(keys: list[Key], sections: list[Section], *, lead: str) -> None:
    """Hold sections, one for each key, against the keys: heading, type, default."""
    by_title = {section.title: section for section in sections if PATH.fullmatch(section.title)}
    assert sorted(by_title) == sorted(key.path for key in keys)
    for key in keys:
        first = by_title[key.path].text.strip().partition("\n")[0]
        said, _, default = first.partition("Default: ")
        assert said.startswith(lead), f"{key.path}: begin with '{lead}'"
        assert (default or said.rpartition(". ")[2]).rstrip(".") == (
            describe_key(key) or "Required"
        ), key.path
        if lead == "Type: ":
            assert all(word in said for word in key.type_words), f"{key.path}: {key.type_words}"


def find_in(data: Any, path: list[str]) -> bool:
    """Whether plain data has a key at a path; NAME stands for any."""
    if not path:
        return True
    if isinstance(data, list):
        return any(find_in(one, path) for one in data)
    if not isinstance(data, dict):
        return False
    below = data.values() if path[0] == "NAME" else [data[one] for one in data if one == path[0]]
    return any(find_in(one, path[1:]) for one in below)


def check_examples(sections: list[Section]) -> None:
    """Each section of a key has an example with that key in it."""
    for section in sections:
        if PATH.fullmatch(section.title):
            shown = [YAML(typ="safe").load(text) for kind, text in section.blocks if kind == "yaml"]
            assert any(find_in(one, section.title.split(".")) for one in shown), section.title


def test_every_hook_has_a_heading_that_is_its_signature(reference: dict[str, Page]) -> None:
    signatures = [f"{hook}({', '.join(hook_arguments(hook))})" for hook in hook_names()]
    titles = [title for title in reference["hooks"].titles if "(" in title]
    assert titles == signatures


def test_every_hook_says_what_it_answers_and_shows_an_example(reference: dict[str, Page]) -> None:
    for section in reference["hooks"].sections:
        if "(" in section.title:
            assert re.search(r"^\*\*Answers\*\*|^Pure", section.text, re.MULTILINE), section.title
            assert any(kind == "python" for kind, _ in section.blocks), section.title


def test_every_hook_is_in_the_picture_and_in_the_table(reference: dict[str, Page]) -> None:
    [section] = reference["hooks"].below("When each hook fires")
    [(kind, picture)] = section.blocks
    [table] = reference["hooks"].below("Who is called")
    assert kind == "mermaid"
    for hook in hook_names():
        assert re.search(rf"\b{hook}\b", picture), hook
        assert f"`{hook}`" in table.text, hook


def test_the_examples_of_the_hooks_are_a_plugin(reference: dict[str, Page]) -> None:
    everything = ModuleType("everything")
    for section in reference["hooks"].sections:
        for kind, text in section.blocks:
            if kind == "python" and not text.startswith(">>>"):
                exec(text, vars(everything))
    record = Registry().add("everything", everything)
    assert record.hooks == hook_names()
    assert record.wraps == ("recommend",)


def test_every_key_of_a_recipe_has_a_heading(reference: dict[str, Page]) -> None:
    sections = reference["recipe"].sections
    check_keys(list(walk_keys(Recipe)), sections, lead="Type: ")
    check_examples(sections)


def test_every_form_of_a_value_is_as_the_table_shows(reference: dict[str, Page]) -> None:
    [section] = reference["recipe"].below("Values")
    rows = {row[0]: row[1] for row in read_table(section)}
    assert list(rows) == list(PARSERS)
    for name, cell in rows.items():
        examples = re.findall(r"`([^`]+)`", cell)
        assert examples
        for example in examples:
            PARSERS[name](example)


def test_the_limits_of_a_recipe_are_those_that_hold(reference: dict[str, Page]) -> None:
    [section] = reference["recipe"].below("Limits of the file")
    for limit in (
        f"{MAX_BYTES // 1024} kB",
        f"{MAX_DEPTH} levels",
        f"{MAX_VALUES:,} keys and values",
        f"{MOST_MISTAKES:,} mistakes",
        *(f"`{key}`" for key in COMING_KEYS),
    ):
        assert limit in section.text, limit


def test_the_table_of_slots_is_whole(reference: dict[str, Page]) -> None:
    [section] = reference["recipe"].below("Slots")
    shown = {
        slot: row[2] for row in read_table(section) for slot in re.findall(r"\{([^}]+)\}", row[0])
    }
    numbered = {slot for slot in known_slots(products=True, offer=True) if re.search(r"\d", slot)}
    shown.pop("product.2.name")
    assert "product.2.name" in numbered
    assert set(shown) == set(known_slots(products=True, offer=True)) - numbered
    for slot, when in shown.items():
        assert ("recommend" in when) == (slot not in known_slots(products=False, offer=True)), slot
        assert ("offer" in when) == (slot not in known_slots(products=True, offer=False)), slot


def test_every_setting_has_a_heading_and_its_variable(reference: dict[str, Page]) -> None:
    page = reference["settings"]
    keys = list(walk_keys(Settings))
    tables = [key for key in keys if key.default == "as below" or key.path == "senders"]
    plain = [key for key in keys if key not in tables]
    plain.append(Key(SETTINGS_OF_PLUGINS, dict, "none"))
    for table in tables:
        assert table.path in page.titles
    leaves = [one for one in page.sections if one.title not in {table.path for table in tables}]
    check_keys(plain, leaves, lead="Environment: `")
    for section in leaves:
        if PATH.fullmatch(section.title):
            variable = re.search("`(.+?)`", section.text)
            assert variable is not None
            # The tables of a list have no names, so one variable holds all of them.
            path = "webhooks" if section.title.startswith("webhooks") else section.title
            assert variable[1].startswith(environment_variable(path)), section.title
            assert [kind for kind, _ in section.blocks] == ["toml"], section.title


@pytest.mark.parametrize("record", find_bundled(), ids=lambda record: record.name)
def test_every_bundled_plugin_has_its_options(
    record: PluginRecord, reference: dict[str, Page]
) -> None:
    sections = reference["plugins"].below(record.name)
    keys: list[Key] = []
    for hook, model in record.options.items():
        prefix = f"review.{record.name}." if hook == "review" else f"{hook}."
        if hook not in ("render", "train"):  # they take the block of another hook
            keys += walk_keys(model, prefix)
    if record.settings is not None:
        keys += walk_keys(record.settings, f"plugins.{record.name}.")
    check_keys(keys, sections[1:], lead="Type: ")
    check_examples([one for one in sections[1:] if not one.title.startswith("plugins.")])


def test_no_plugin_is_shown_that_is_not_bundled(reference: dict[str, Page]) -> None:
    shown = [section.title for section in reference["plugins"].sections if section.level == 2]
    assert sorted(shown) == sorted(record.name for record in find_bundled())


def list_commands() -> Iterator[tuple[str, click.Command]]:
    """Yield Ballyhoo's own commands, those of groups too, by their usage."""
    group = CommandGroup(name="ballyhoo")
    context = click.Context(group)
    ours = [name for name, one in find_registered().items() if one.value.startswith("ballyhoo.")]
    for name in (*BUILT_IN, *sorted(ours)):
        command = group.get_command(context, name)
        assert command is not None
        yield from list_usages(f"ballyhoo {name}", command)


def list_usages(called: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from list_usages(f"{called} {name}", below)
        return
    context = click.Context(command)
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    shown = [
        (one.name or "").upper()
        if isinstance(one.type, click.Choice)
        else one.make_metavar(context)
        for one in arguments
    ]
    yield " ".join([called, *shown]), command


def test_every_command_has_a_heading_that_is_its_usage(reference: dict[str, Page]) -> None:
    usages = [usage for usage, _ in list_commands()]
    titles = [
        title
        for page in reference.values()
        for title in page.titles
        if title.startswith("ballyhoo ")
    ]
    assert sorted(titles) == sorted(usages)


@pytest.mark.parametrize(("usage", "command"), [*list_commands()], ids=str)
def test_every_option_of_a_command_is_in_its_table(
    usage: str, command: click.Command, reference: dict[str, Page]
) -> None:
    [page] = [page for page in reference.values() if usage in page.titles]
    section = page.below(usage)[0]
    context = click.Context(command)
    options: dict[str, click.Parameter] = {}
    for one in command.params:
        if isinstance(one, click.Option):
            name = one.opts[-1]
            is_choice = isinstance(one.type, click.Choice)
            value = name.strip("-").upper() if is_choice else one.make_metavar(context)
            options[name if one.is_flag else f"{name} {value}"] = one
    rows = {row[0].strip("`"): row[1] for row in read_table(section) if row[0].startswith("`-")}
    assert set(rows) == set(options)
    for name, one in options.items():
        if isinstance(one.type, click.Choice):
            assert re.findall("`(.+?)`", rows[name]) == list(one.type.choices), name
    for argument in command.params:
        if isinstance(argument, click.Argument) and isinstance(argument.type, click.Choice):
            [said] = re.findall(
                rf"`{(argument.name or '').upper()}` is (.+?)\.", section.text, re.S
            )
            assert re.findall("`(.+?)`", said) == list(argument.type.choices)


def read_table(section: Section) -> list[list[str]]:
    """Return the rows of a section's table, without its head."""
    rows = [line for line in section.text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]
