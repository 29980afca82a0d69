"""The page of recipe tests against the models: a heading for each key, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from ballyhoo.core.policy.objections import REASONS
from ballyhoo.core.recipe_tests.models import (
    CustomerExpectation,
    FileBlock,
    Given,
    GivenMessage,
    RunExpectation,
    RunStep,
    StepBlock,
    TestBlock,
    TextBlock,
)
from ballyhoo.core.store.ledger.states import FAILURES, MESSAGE_STATES

from .pages import Page, Section
from .test_reference import read_table

MODELS: list[tuple[type[BaseModel], str, str]] = [
    (FileBlock, "", ""),
    (Given, "given.", ""),
    (GivenMessage, "given.messages.", ""),
    (TestBlock, "tests.", ""),
    (StepBlock, "steps.", ""),
    (RunStep, "steps.run.", ""),
    (CustomerExpectation, "expect.", " (customer)"),
    (RunExpectation, "expect.", " (run)"),
    (TextBlock, "message.", ""),
]


@pytest.fixture
def page(reference: dict[str, Page]) -> Page:
    return reference["recipe-tests"]


def list_keys() -> Iterator[tuple[str, Any]]:
    for model, prefix, suffix in MODELS:
        for name, field in model.model_fields.items():
            yield f"{prefix}{name}{suffix}", field


def find_section(page: Page, title: str) -> Section:
    [section] = [one for one in page.sections if one.title == title]
    return section


def test_every_key_has_a_heading_and_no_heading_stands_for_nothing(page: Page) -> None:
    titles = [section.title for section in page.sections if section.level == 3]
    assert sorted(titles) == sorted(key for key, _ in list_keys())


@pytest.mark.parametrize(("key", "field"), [*list_keys()], ids=lambda one: str(one)[:40])
def test_every_key_says_its_type_and_its_default(key: str, field: Any, page: Page) -> None:
    said = find_section(page, key).text.strip().partition("\n\n")[0].replace("\n", " ")
    assert said.startswith("Type: "), key
    if field.is_required():
        assert said.endswith("Required."), key
    elif isinstance(field.default, str | int) and field.default:
        assert f"Default: `{field.default}`" in said, key
    else:
        assert "Default: " in said or "Required, unless" in said, key


def test_every_key_of_a_step_and_of_an_expectation_is_in_the_example(page: Page) -> None:
    [example] = [
        text for kind, text in page.below("The whole at a glance")[0].blocks
        if kind == "yaml" and "tests:" in text
    ]  # fmt: skip
    data = YAML(typ="safe").load(example)
    steps = [
        step
        for test in data["tests"]
        for step in test.get("steps", [{"expect": test.get("expect")}])
    ]
    used = {key for step in steps for key in ([step] if isinstance(step, str) else step)}
    # Nobody approves in a recipe without a generator, and a run that is cancelled stays so.
    assert used | {"approve", "resume"} == set(StepBlock.model_fields)
    assert set(data) | {"generate"} == set(FileBlock.model_fields)
    assert {key for test in data["tests"] for key in test} | {"generate", "seed"} == set(
        TestBlock.model_fields
    )
    assert {key for test in [data, *data["tests"]] for key in test.get("given", ())} == set(
        Given.model_fields
    )


@pytest.mark.parametrize(("name", "reasons"), [("skipped", REASONS), ("failed", FAILURES)])
def test_the_reasons_are_all_there_in_their_words(
    name: str, reasons: dict[str, str], page: Page
) -> None:
    rows = read_table(find_section(page, f"expect.{name} (customer)"))
    assert {row[0].strip("`"): row[1] for row in rows} == reasons


def test_the_states_of_a_message_are_all_there(page: Page) -> None:
    said = find_section(page, "expect.state (customer)").text.partition("\n\n")[0]
    assert sorted(re.findall(r"`(\w+)`", said)) == sorted(MESSAGE_STATES)
