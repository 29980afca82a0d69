"""The generator kit: each bad generator fails on what is bad; the good one is the echo."""

from __future__ import annotations

GOOD = """
import itertools
from dataclasses import replace
numbers = itertools.count()

class Good:
    @hookimpl
    def generate(self, context, briefs):
        options = {"voice": "calm"}
        copies = echo.generate(context, EchoOptions(**options), briefs)
        return [self.change(brief, copy) for brief, copy in zip(briefs, copies)]

    def change(self, brief, copy):
        return copy

def add(copy, text):
    return replace(copy, fields={name: f"{old} {text}" for name, old in copy.fields.items()})
"""
GOOD = "from ballyhoo.core.testing.echo import EchoOptions\n" + GOOD
USE = """
class TestIt(GenerateConformance):
    @pytest.fixture
    def plugin(self):
        return It()
"""


def change(body: str) -> str:
    return f"class It(Good):\n    def change(self, brief, copy):\n        {body}\n"


def generate(body: str) -> str:
    head = "class It(Good):\n    @hookimpl\n    def generate(self, context, briefs):\n"
    return f"{head}        copies = Good.generate(self, context, briefs)\n        {body}\n"


def test_good_generator_passes_everything(expect_success):
    expect_success(GOOD + "class It(Good): ...\n" + USE, tests=16)


BAD = {
    "drops a brief": (
        generate("return copies[1:]"),
        "test_each_brief_of_a_batch_gets_a_copy",
        "answered 0 entries for a batch of 1",
    ),
    "answers text": (
        generate("return [copy.fields['body'] for copy in copies]"),
        "test_each_brief_of_a_batch_gets_a_copy",
        "where Copy is due",
    ),
    "leaves a field out": (
        change("return replace(copy, fields={'body': copy.fields['body']})"),
        "test_exactly_the_wanted_fields_are_written",
        "subject: nothing was written",
    ),
    "leaves a field empty": (
        change("return replace(copy, fields={**copy.fields, 'body': ' '})"),
        "test_exactly_the_wanted_fields_are_written",
        "body: nothing was written",
    ),
    "writes one field more": (
        change("return replace(copy, fields={**copy.fields, 'footer': 'Bye'})"),
        "test_exactly_the_wanted_fields_are_written",
        "the brief did not ask for this field",
    ),
    "uses a slot that nobody fills": (
        change("return add(copy, '{shoe_size}')"),
        "test_only_slots_of_the_brief_are_used",
        "the slot 'shoe_size' has no value for this recipient",
    ),
    "writes a lone brace": (
        change("return add(copy, '{')"),
        "test_only_slots_of_the_brief_are_used",
        "without its other half",
    ),
    "writes too much": (
        change("return add(copy, 'and so on ' * 40)"),
        "test_limits_are_kept",
        "outside of its limits",
    ),
    "writes too little": (
        change("return replace(copy, fields=dict.fromkeys(brief.fields, 'Hi'))"),
        "test_limits_are_kept",
        "outside of its limits",
    ),
    "forgets that slots are filled": (
        change(
            "return replace(copy, fields={**copy.fields, 'body': ' '.join("
            "f'{{{one}}}' for one in brief.slots)})"
        ),
        "test_limits_are_kept",
        "outside of its limits",
    ),
    "does not say who it is": (
        change("return replace(copy, provenance=Provenance(generator=''))"),
        "test_copy_says_what_produced_it",
        "the provenance names no generator",
    ),
    "writes anew each time": (
        change("return add(copy, 'again' * (next(numbers) % 2))"),
        "test_same_brief_gives_the_same_copy",
        "gets another copy the second time",
    ),
    "counts in the batch": (
        generate("return [add(copy, 'x' * at) for at, copy in enumerate(copies)]"),
        "test_batch_does_not_change_a_copy",
        "gets another copy in a batch turned around",
    ),
    "writes otherwise for one alone": (
        generate("return copies if len(copies) > 1 else [add(copy, 'x') for copy in copies]"),
        "test_batch_does_not_change_a_copy",
        "a brief alone gets another copy than in a batch",
    ),
    "gives up at the second attempt": (
        change("return copy if brief.attempt == 1 else replace(copy, fields={})"),
        "test_refused_brief_can_come_again",
        "nothing was written",
    ),
    "makes an address up": (
        change("return add(copy, 'noor@example.com')"),
        "test_no_identity_is_made_up",
        "'noor@example.com' looks like an address",
    ),
    "makes a number up": (
        change("return add(copy, 'call +44 7700 900123')"),
        "test_no_identity_is_made_up",
        "'+44 7700 900123' looks like an address",
    ),
    "writes products out": (
        change("return add(copy, ' '.join(one.product.title() for one in brief.products))"),
        "test_text_of_products_is_neither_obeyed_nor_markup",
        "does what a product's text says",
    ),
    "writes markup": (
        change("return add(copy, '<b>now</b>')"),
        "test_text_of_products_is_neither_obeyed_nor_markup",
        "markup of a product's text",
    ),
    "answers what cannot be handed over": (
        "from types import MappingProxyType\n"
        + change("return replace(copy, fields=MappingProxyType(copy.fields))"),
        "test_answers_survive_pickling",
        "mappingproxy",
    ),
}


def test_each_bad_generator_fails_on_what_is_bad_about_it(expect_failures):
    expect_failures(GOOD, BAD, USE)
