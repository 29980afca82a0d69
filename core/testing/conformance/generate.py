"""The kit for plugins that write copy."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from ...brief import Brief, Copy, Provenance
from ...context import Context
from ...copywriting import check_copy
from ...facts import collect_facts
from ...recipe.binding import Binding
from ...registry import Registry
from ...slots import fill_slots, find_slots
from ...stages import generate_copies
from ..invented import CANARY
from ..samples import SAMPLE_PERSON, sample_briefs
from .plugin import StageConformance
from .verdict import require

Generate = Callable[[Sequence[Brief]], list[Copy]]
_ADDRESS = re.compile(r"\S+@\S+\.\w+|\+\d[\d ()/-]{7,}\d")
_MARKUP = re.compile(r"<\s*/?\s*(?:script|b|a|img|iframe)\b", re.IGNORECASE)


class GenerateConformance(StageConformance):
    """Holds a plugin to the contract of `generate`.

    Fixtures to supply: `plugin`. To override where needed: `options`, `briefs`, `store`,
    `settings`, `folder`, `artifacts` (the plugin is trained for each test when it can be).
    """

    hook = "generate"

    @pytest.fixture
    def briefs(self) -> list[Brief]:
        """The batch: both languages, ample and tight limits, hostile products."""
        return sample_briefs()

    @pytest.fixture
    def generate(
        self, registry: Registry, binding: Binding, context_for: Callable[[str], Context]
    ) -> Generate:
        """Call the hook with a batch, as the core does; an answer that is not aligned raises."""
        return lambda briefs: generate_copies(registry, binding, context_for, briefs)

    def test_each_brief_of_a_batch_gets_a_copy(
        self, generate: Generate, briefs: list[Brief]
    ) -> None:
        """Batches of none, one and many are answered one for one."""
        generate([])
        generate(briefs[:1])
        generate(briefs)

    def test_exactly_the_wanted_fields_are_written(
        self, generate: Generate, briefs: list[Brief]
    ) -> None:
        """Each field that the brief asks for is there and not empty, and no other."""
        _object(generate, briefs, "fields")

    def test_only_slots_of_the_brief_are_used(
        self, generate: Generate, briefs: list[Brief]
    ) -> None:
        """Every brace belongs to a slot, and every slot has a value for this recipient."""
        _object(generate, briefs, "slots")

    def test_limits_are_kept(self, generate: Generate, briefs: list[Brief]) -> None:
        """Each field keeps its limits, with its slots empty and with the facts in them."""
        _object(generate, briefs, "limits")
        filled = [
            replace(copy, fields={name: _fill(brief, text) for name, text in copy.fields.items()})
            for brief, copy in zip(briefs, generate(briefs), strict=True)
        ]
        _object(lambda briefs: filled, briefs, "limits")

    def test_copy_says_what_produced_it(self, generate: Generate, briefs: list[Brief]) -> None:
        """The provenance names the generator."""
        for copy in generate(briefs):
            require(
                isinstance(copy.provenance, Provenance) and copy.provenance.generator,
                "the provenance names no generator; context.plugin is its name",
            )

    def test_same_brief_gives_the_same_copy(self, generate: Generate, briefs: list[Brief]) -> None:
        """A brief that comes again is answered as before, whatever was written in between."""
        before = generate(briefs)
        generate(briefs[:1])
        for brief, first, second in zip(briefs, before, generate(briefs), strict=True):
            require(
                first.fields == second.fields,
                f"the brief with seed {brief.seed} gets another copy the second time; draw from "
                "brief.seed alone",
            )

    def test_batch_does_not_change_a_copy(self, generate: Generate, briefs: list[Brief]) -> None:
        """Which other briefs are in the batch, and in which order, changes no copy."""
        copies = generate(briefs)
        turned = generate(briefs[::-1])[::-1]
        alone = [generate([brief])[0] for brief in briefs[:3]]
        for brief, copy, other in zip(briefs, copies, turned, strict=True):
            require(
                copy.fields == other.fields,
                f"the brief with seed {brief.seed} gets another copy in a batch turned around",
            )
        require(
            [one.fields for one in alone] == [one.fields for one in copies[:3]],
            "a brief alone gets another copy than in a batch",
        )

    def test_refused_brief_can_come_again(self, generate: Generate, briefs: list[Brief]) -> None:
        """The next attempt, with another seed, gets a copy that is as good."""
        again = [replace(brief, attempt=2, seed=brief.seed + 7919) for brief in briefs]
        for rule in ("fields", "slots", "limits"):
            _object(generate, again, rule)

    def test_no_identity_is_made_up(self, generate: Generate, briefs: list[Brief]) -> None:
        """A copy holds no address or telephone number; names come in through slots."""
        for copy in generate(briefs):
            for name, text in copy.fields.items():
                found = _ADDRESS.search(text)
                require(found is None, f"{name}: '{found and found[0]}' looks like an address")

    def test_text_of_products_is_neither_obeyed_nor_markup(
        self, generate: Generate, briefs: list[Brief]
    ) -> None:
        """What a shop writes about its products is data: quoted by slots, never an instruction."""
        for copy in generate(briefs):
            for name, text in copy.fields.items():
                require(
                    CANARY.lower() not in text.lower(),
                    f"{name}: does what a product's text says; name products by slots",
                )
                found = _MARKUP.search(text)
                require(
                    found is None, f"{name}: markup of a product's text: '{found and found[0]}'"
                )

    def test_answers_survive_pickling(self, generate: Generate, briefs: list[Brief]) -> None:
        """Copies can be handed to another process."""
        copies = generate(briefs)
        require(pickle.loads(pickle.dumps(copies)) == copies, "not the same after pickling")


def _object(generate: Generate, briefs: Sequence[Brief], rule: str) -> None:
    """Fail with everything that the core itself would object to under one of its rules."""
    __tracebackhide__ = True
    found = [
        f"brief with seed {brief.seed}: {one.field}: {one.message}"
        for brief, copy in zip(briefs, generate(briefs), strict=True)
        for one in check_copy(brief, copy)
        if one.rule == rule
    ]
    require(not found, "\n".join(found))


def _fill(brief: Brief, text: str) -> str:
    """Fill the slots with the brief's own facts, and with a usual name for the recipient's."""
    facts = collect_facts(SAMPLE_PERSON, brief.products, brief.offer, brief.language)
    filled = fill_slots(text, {slot.name: "fact" for slot in find_slots(text)} | facts)
    return filled.replace("{", "(").replace("}", ")")
