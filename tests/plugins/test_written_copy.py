"""Copy that a person wrote: the kit, the language, slots without a value, what `check` says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ballyhoo import Brief, FieldLimits
from ballyhoo.core.campaign import check_recipe
from ballyhoo.core.registry import Registry
from ballyhoo.plugins import copy_guard, list_segment, outbox, written_copy
from ballyhoo.testing import GenerateConformance, make_context, sample_briefs

TEXTS = {
    "en": {
        "subject": "Hello {first_name|there}, a word about the trail",
        "preheader": "{product.name|Something} is waiting",
        "body": "The stream is up, the path is dry. {product.name|The door} is open.",
    },
    "de": {
        "subject": "Hallo {first_name|du}, ein Wort zum Weg",
        "preheader": "{product.name|Etwas} wartet",
        "body": "Der Bach ist hoch, der Weg ist trocken. {product.name|Die Tür} steht offen.",
    },
}
FIELDS = {"body": FieldLimits(max_chars=300)}


class TestWrittenCopyKeepsTheContract(GenerateConformance):
    @pytest.fixture
    def plugin(self):
        return written_copy

    @pytest.fixture
    def options(self):
        return {
            "texts": {
                "en": {"body": "{first_name|Hello}, the stream is up and the path is dry."},
                "de": {"body": "{first_name|Hallo}, der Bach ist hoch, der Weg ist trocken."},
            }
        }

    @pytest.fixture
    def briefs(self):
        return [replace(brief, fields=FIELDS) for brief in sample_briefs()]


def write(texts, language="en", slots=(), fields=("subject", "body")) -> dict[str, str]:
    brief = Brief(
        campaign="spring",
        language=language,
        fields={name: FieldLimits() for name in fields},
        slots=slots,
    )
    options = written_copy.WrittenOptions(texts=texts)
    [copy] = written_copy.generate(make_context("written_copy"), options, [brief])
    assert copy.provenance.generator == "written_copy"
    return dict(copy.fields)


def test_text_of_the_language_is_taken():
    assert write(TEXTS, "de")["subject"] == "Hallo du, ein Wort zum Weg"
    assert write(TEXTS, "de-AT") == write(TEXTS, "de")


def test_text_without_languages_is_for_everybody():
    texts = {"subject": "Hello", "body": "Come and look."}
    assert write(texts, "fr") == texts


def test_language_without_texts_gets_no_copy():
    assert write(TEXTS, "fr") == {}


def test_slot_that_has_a_value_stays_a_slot():
    assert write(TEXTS, slots=("first_name",))["subject"] == TEXTS["en"]["subject"]


def test_slot_without_value_and_default_stays_for_the_core_to_refuse():
    texts = {"subject": "{product.name}", "body": "{offer.code|a} {product.price} {x"}
    assert write(texts) == texts


def test_only_fields_that_are_asked_for_are_written():
    assert list(write(TEXTS, fields=("body",))) == ["body"]


RECIPE = """\
campaign: may
segment: {plugin: list_segment, customers: [C-1]}
generate:
  plugin: written_copy
  fields: {subject: {max_chars: 20}, body: {}}
  texts: TEXTS
deliver: {plugin: outbox}
"""


def check(texts: str, tmp_path) -> list[str]:
    registry = Registry()
    for plugin in (copy_guard, list_segment, outbox, written_copy):
        registry.add(plugin.__name__.rpartition(".")[2], plugin)
    content = RECIPE.replace("TEXTS", texts).encode()
    checked = check_recipe(content, file="may.yaml", registry=registry, workspace=tmp_path)
    return [str(one) for one in checked.mistakes]


def test_check_finds_nothing_wrong_with_good_texts(tmp_path):
    assert check("{subject: Hello, body: 'Come, {first_name|friend}.'}", tmp_path) == []
    assert check("{en: {subject: Hello, body: Come.}}", tmp_path) == []


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (
            "{subject: '{frist_name}', body: b}",
            "may.yaml:6:20: generate.texts.subject: unknown slot {frist_name}; "
            "did you mean 'first_name'?",
        ),
        (
            "{en: {subject: much too long for a subject, body: b}}",
            "may.yaml:6:25: generate.texts.en.subject: has 27 characters; at most 20",
        ),
        ("{subject: Hello}", "may.yaml:6:10: generate.texts: 'body' is missing"),
        (
            "{subject: Hello, bdoy: b}",
            "may.yaml:6:27: generate.texts: unknown field 'bdoy'; did you mean 'body'?",
        ),
        (
            "{subject: 7, body: b}",
            'may.yaml:6:20: generate.texts.subject: must be text, not 7; write "7" in quotes',
        ),
        (
            "{english: {subject: Hello, body: b}}",
            "may.yaml:6:11: generate.texts: 'english' is not a language such as en or de-AT",
        ),
        ("{subject: 'a { b', body: b}", "may.yaml:6:20: generate.texts.subject: a '{' without its "
         "other half; write a slot as {first_name|there}"),
    ],
)  # fmt: skip
def test_check_says_what_is_wrong_where_it_stands(texts, said, tmp_path):
    assert check(texts, tmp_path) == [said]


def test_texts_are_needed(tmp_path):
    assert check("{}", tmp_path) != []
