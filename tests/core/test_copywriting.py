from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ballyhoo import (
    Brief,
    Context,
    Copy,
    EnvironmentMissing,
    Objection,
    Options,
    PluginError,
    Provenance,
    hookimpl,
)
from ballyhoo.core.campaign import Campaign, check_recipe, require_plugins
from ballyhoo.core.copywriting import FALLBACK, Written, write_copies
from ballyhoo.core.recipe.binding import BoundRecipe
from ballyhoo.core.registry import Registry
from ballyhoo.plugins import copy_guard, list_segment, outbox
from ballyhoo.testing import make_context

RECIPE = """\
campaign: copy
segment: {plugin: list_segment, customers: [a]}
generate:
  plugin: writer
  fields: {subject: {max_chars: 20}, body: {max_words: 6}}
  attempts: 3
  FALLBACK
review: {picky: {}}
deliver: {plugin: outbox}
"""
PLAIN = "fallback: {subject: Plain, body: For you}"
Write = Callable[[Brief], dict[str, str]]


class Writer:
    """Writes what a test says, and remembers the batches it was asked for."""

    def __init__(self, write: Write) -> None:
        self.write = write
        self.batches: list[list[Brief]] = []

    @hookimpl
    def generate(self, briefs: Sequence[Brief]) -> list[Copy]:
        self.batches.append(list(briefs))
        return [
            Copy(fields=self.write(brief), provenance=Provenance(generator="writer"))
            for brief in briefs
        ]


class PickyOptions(Options):
    word: str = "cheap"


class Picky:
    """Objects to one word; raises for another."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    @hookimpl
    def review(self, options: PickyOptions, brief: Brief, copy: Copy) -> list[Objection]:
        self.seen.append(copy.fields["body"])
        if "crash" in copy.fields["body"]:
            raise RuntimeError("ada@example.com")
        if options.word in copy.fields["body"]:
            return [Objection(rule="picky", field="body", message="no")]
        return []


def good(brief: Brief) -> dict[str, str]:
    return {"subject": "New for you", "body": "Shoes for {first_name}"}


def make(
    write: Write, tmp_path: Path, fallback: str = ""
) -> tuple[Registry, BoundRecipe, Writer, Campaign]:
    registry = Registry()
    for name, plugin in (
        ("list_segment", list_segment),
        ("outbox", outbox),
        ("copy_guard", copy_guard),
        ("picky", Picky()),
    ):
        registry.add(name, plugin)
    writer = Writer(write)
    registry.add("writer", writer)
    checked = check_recipe(
        RECIPE.replace("FALLBACK", fallback).encode(),
        file="copy.yaml",
        registry=registry,
        workspace=tmp_path,
    )
    assert checked.campaign is not None, checked.mistakes
    return registry, checked.campaign.variants[None], writer, checked.campaign


def brief(bound: BoundRecipe, **changes: Any) -> Brief:
    generate = bound.recipe.generate
    assert generate is not None
    known = {"campaign": "copy", "language": "en", "slots": ("first_name",), "seed": 7}
    return Brief(fields=generate.fields, **{**known, **changes})


def context_for(plugin: str) -> Context:
    return make_context(plugin=plugin)


def play(write: Write, tmp_path: Path, fallback: str = "", count: int = 1) -> list[Written]:
    registry, bound, _, _ = make(write, tmp_path, fallback)
    return write_copies(
        registry, bound, context_for, [brief(bound, seed=7 * i) for i in range(count)]
    )


def test_good_copy_is_read_by_every_reviewer(tmp_path: Path) -> None:
    (written,) = play(good, tmp_path)
    assert written.copy is not None
    assert written.copy.fields["body"] == "Shoes for {first_name}"
    assert written.reviewers == ("copy_guard", "picky")
    assert len(written.attempts) == 1


def test_only_the_refused_are_written_again_with_the_next_seed(tmp_path: Path) -> None:
    def write(one: Brief) -> dict[str, str]:
        body = "Very cheap shoes" if one.seed in (0, 14, 15) else "Shoes for {first_name}"
        return {"subject": "New for you", "body": body}

    registry, bound, writer, _ = make(write, tmp_path)
    briefs = [brief(bound, seed=seed) for seed in (0, 7, 14)]
    written = write_copies(registry, bound, context_for, briefs)
    asked = [[(one.attempt, one.seed) for one in batch] for batch in writer.batches]
    assert asked == [[(1, 0), (1, 7), (1, 14)], [(2, 1), (2, 15)], [(3, 16)]]
    assert [len(one.attempts) for one in written] == [2, 1, 3]
    assert all(one.copy is not None for one in written)


def test_after_the_last_attempt_the_fallback_is_sent(tmp_path: Path) -> None:
    (written,) = play(lambda one: {**good(one), "body": "cheap"}, tmp_path, PLAIN)
    assert written.copy is not None
    assert written.copy.fields == {"subject": "Plain", "body": "For you"}
    assert written.copy.provenance.generator == FALLBACK
    assert len(written.attempts) == 3
    assert all(one.objections for one in written.attempts)
    assert written.reviewers == ()


def test_without_a_fallback_there_is_no_copy(tmp_path: Path) -> None:
    (written,) = play(lambda one: {**good(one), "body": "cheap"}, tmp_path)
    assert written.copy is None


@pytest.mark.parametrize(
    ("language", "subject"), [("de", "Neu"), ("de-AT", "Neu"), ("en", "New"), ("zh", None)]
)
def test_a_fallback_may_differ_by_language(
    tmp_path: Path, language: str, subject: str | None
) -> None:
    fallback = "fallback: {en: {subject: New, body: For you}, de: {subject: Neu, body: Hallo}}"
    registry, bound, _, _ = make(lambda one: {"subject": "", "body": ""}, tmp_path, fallback)
    (written,) = write_copies(registry, bound, context_for, [brief(bound, language=language)])
    assert (written.copy.fields["subject"] if written.copy else None) == subject


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"subject": "New"}, "fields"),
        ({"subject": "New", "body": " "}, "fields"),
        ({"subject": "New", "body": "x", "footer": "y"}, "fields"),
        ({"subject": "New", "body": "For {last_name}"}, "slots"),
        ({"subject": "New", "body": "For {first_name"}, "slots"),
        ({"subject": "A subject that is far too long", "body": "x"}, "limits"),
        ({"subject": "New", "body": "one two three four five six seven"}, "limits"),
        ({"subject": "New", "body": "Only 3 left"}, "numbers"),
        ({"subject": "New", "body": "crash"}, "reviewer_failed"),
    ],
)
def test_copy_that_may_not_be_sent_is_refused(
    tmp_path: Path, fields: dict[str, str], rule: str
) -> None:
    (written,) = play(lambda one: fields, tmp_path)
    assert written.copy is None
    assert rule in {one.rule for one in written.attempts[0].objections}


def test_a_reviewer_that_raises_refuses_and_does_not_lose_the_others(tmp_path: Path) -> None:
    (written,) = play(lambda one: {"subject": "New", "body": "crash 3"}, tmp_path)
    rules = [one.rule for one in written.attempts[0].objections]
    assert sorted(rules) == ["numbers", "reviewer_failed"]
    assert "ada" not in repr(written.attempts[0].objections)


def test_a_generator_that_drops_a_brief_breaks_its_contract(tmp_path: Path) -> None:
    class Drops:
        @hookimpl
        def generate(self, briefs: Sequence[Brief]) -> list[Copy]:
            return []

    registry, bound, _, _ = make(good, tmp_path)
    dropping = Registry()
    for record in registry:
        dropping.add(record.name, Drops() if record.name == "writer" else record.plugin)
    with pytest.raises(PluginError) as failure:
        write_copies(dropping, bound, context_for, [brief(bound)])
    assert failure.value.message == (
        "the plugin 'writer' broke the contract of its hook 'generate': "
        "it answered 0 entries for a batch of 1"
    )
    assert failure.value.hint is not None
    assert "GenerateConformance" in failure.value.hint


def test_an_empty_batch_asks_nobody(tmp_path: Path) -> None:
    registry, bound, writer, _ = make(good, tmp_path)
    assert write_copies(registry, bound, context_for, []) == []
    assert writer.batches == []


def test_nothing_starts_when_a_reviewer_is_not_there(tmp_path: Path) -> None:
    registry, _, _, campaign = make(good, tmp_path)
    elsewhere = Registry()
    for record in registry:
        if record.name != "copy_guard":
            elsewhere.add(record.name, record.plugin)
    elsewhere.add_failed("copy_guard", "ImportError: no module")
    with pytest.raises(EnvironmentMissing) as failure:
        require_plugins(campaign, elsewhere)
    assert failure.value.exit_code == 3
    assert failure.value.message == (
        "the campaign 'copy' cannot start: the plugin 'copy_guard' did not load: "
        "ImportError: no module"
    )
    require_plugins(campaign, registry)
