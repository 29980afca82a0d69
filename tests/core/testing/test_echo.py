"""The echo generator and the reviewers for tests: the kits, and what they promise beyond."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo import FieldLimits, fill_slots
from ballyhoo.core.copywriting import check_copy
from ballyhoo.core.facts import collect_facts
from ballyhoo.core.testing.echo import EchoOptions
from ballyhoo.core.testing.samples import SAMPLE_PERSON
from ballyhoo.plugins import copy_guard
from ballyhoo.testing import (
    GenerateConformance,
    ReviewConformance,
    always_objects,
    echo,
    make_context,
    no_objections,
    sample_briefs,
)


class TestEchoKeepsTheContract(GenerateConformance):
    @pytest.fixture
    def plugin(self):
        return echo

    @pytest.fixture
    def options(self):
        return {"voice": "warm, concrete; 3 <b>words</b> {first_name}"}


class TestNoObjectionsKeepsTheContract(ReviewConformance):
    @pytest.fixture
    def plugin(self):
        return no_objections


class TestAlwaysObjectsKeepsTheContract(ReviewConformance):
    @pytest.fixture
    def plugin(self):
        return always_objects


def write(brief, context=None, **options):
    [copy] = echo.generate(context or make_context("echo"), EchoOptions(**options), [brief])
    return copy


@given(
    max_chars=st.none() | st.integers(1, 120),
    max_words=st.none() | st.integers(1, 30),
    min_chars=st.none() | st.integers(0, 400),
    min_words=st.none() | st.integers(0, 60),
    number=st.integers(1, 24),
    seed=st.integers(0, 2**40),
)
def test_echo_keeps_all_limits_that_can_be_kept(
    max_chars, max_words, min_chars, min_words, number, seed
):
    # Every word may need a letter and a space, so this much can always be kept.
    if max_chars is not None:
        min_chars, min_words = min(min_chars or 0, max_chars), 0
    if max_words is not None:
        min_chars, min_words = 0, min(min_words or 0, max_words)
    limits = FieldLimits(
        max_chars=max_chars, max_words=max_words, min_chars=min_chars, min_words=min_words
    )
    brief = replace(sample_briefs(number)[-1], fields={"body": limits}, seed=seed)
    copy = write(brief, voice="warm, concrete")
    assert check_copy(brief, copy) == []
    facts = collect_facts(SAMPLE_PERSON, brief.products, brief.offer, brief.language)
    text = fill_slots(copy.fields["body"], facts)
    assert max_chars is None or len(text) <= max_chars
    assert max_words is None or len(text.split()) <= max_words


@pytest.mark.parametrize("brief", sample_briefs(24), ids=lambda brief: brief.seed)
def test_echo_passes_the_bundled_guard(brief):
    copy = write(brief, voice="warm; 100% <i>")
    options = copy_guard.GuardOptions(language="allow")  # its words are English
    assert copy_guard.review(make_context("copy_guard"), options, brief, copy) == []


def test_echo_says_what_it_was_told():
    brief = replace(
        sample_briefs(1)[0], language="de", variant="terse", fields={"body": FieldLimits()}
    )
    words = write(brief, voice="warm, concrete").fields["body"].split()
    assert {"de", "terse", "warm", "concrete"} <= set(words)


def test_echo_writes_by_the_seed_of_the_brief():
    brief = sample_briefs(1)[0]
    assert len({str(write(replace(brief, seed=seed)).fields) for seed in range(20)}) > 10


def test_echo_names_itself_as_the_recipe_does():
    brief = sample_briefs(1)[0]
    provenance = write(brief, make_context("copy_by_parrot"), model="none").provenance
    assert (provenance.generator, provenance.model, provenance.seed) == (
        "copy_by_parrot",
        "none",
        brief.seed,
    )
    assert provenance.prompt_hash != write(brief, voice="loud").provenance.prompt_hash


def test_reviewers_for_tests_do_what_their_names_say():
    brief = sample_briefs(1)[0]
    copy = write(brief)
    assert no_objections.review(brief, copy) == []
    [objection] = always_objects.review(brief, copy)
    assert objection.rule == "always"
