"""The kit for plugins that review copy."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ...brief import Brief, Copy, Objection, Provenance
from ...context import Context
from ...recipe.binding import Binding
from ...registry import Registry
from ..contexts import make_context
from ..echo import EchoOptions, echo
from ..invented import HOSTILE_TEXTS
from ..samples import sample_briefs
from .plugin import StageConformance
from .verdict import require

Review = Callable[[Brief, Copy], Any]


class ReviewConformance(StageConformance):
    """Holds a plugin to the contract of `review`.

    Fixtures to supply: `plugin`. To override where needed: `options`, `pairs`, `store`,
    `settings`, `folder`, `artifacts`.
    """

    hook = "review"

    @pytest.fixture
    def pairs(self) -> list[tuple[Brief, Copy]]:
        """Briefs, and copy that keeps to them."""
        briefs = sample_briefs()
        copies = echo.generate(make_context("echo"), EchoOptions(voice="calm"), briefs)
        return list(zip(briefs, copies, strict=True))

    @pytest.fixture
    def odd_pairs(self) -> list[tuple[Brief, Copy]]:
        """Briefs, and copy as only a broken or hostile generator writes it."""
        brief = sample_briefs(1)[0]
        texts = [*HOSTILE_TEXTS, "", " ", "{", "}{", "{}", "{a|b|c}", "long " * 20_000, "\x00"]
        source = Provenance(generator="broken")
        copies = [Copy(fields={"body": text}, provenance=source) for text in texts]
        copies += [
            Copy(fields={}, provenance=source),
            Copy(fields={"unasked": "for"}, provenance=source),
        ]
        return [(brief, copy) for copy in copies]

    @pytest.fixture
    def review(
        self, registry: Registry, binding: Binding, context_for: Callable[[str], Context]
    ) -> Review:
        """Call the hook with one brief and its copy."""
        return lambda brief, copy: registry.call(
            binding.plugin,
            "review",
            context=context_for(binding.plugin),
            options=binding.options,
            brief=brief,
            copy=copy,
        )

    def test_answers_are_objections(
        self, review: Review, pairs: list[tuple[Brief, Copy]], odd_pairs: list[tuple[Brief, Copy]]
    ) -> None:
        """It answers a list of objections; each names its rule, its field and what is wrong."""
        for brief, copy in [*pairs, *odd_pairs]:
            answer = review(brief, copy)
            require(
                isinstance(answer, list) and all(isinstance(one, Objection) for one in answer),
                f"it answers {answer!r:.80}, not a list of objections; an empty list lets it pass",
            )
            for one in answer:
                require(
                    isinstance(one.rule, str) and one.rule, "an objection does not name its rule"
                )
                require(
                    isinstance(one.message, str) and one.message.strip(),
                    f"the objection '{one.rule}' does not say what is wrong",
                )
                require(
                    one.field is None or one.field in {*copy.fields, *brief.fields},
                    f"the objection '{one.rule}' is about '{one.field}', which is no field",
                )

    def test_odd_copy_is_no_reason_to_raise(
        self, review: Review, odd_pairs: list[tuple[Brief, Copy]]
    ) -> None:
        """Whatever a generator writes is judged: a reviewer that raises cannot say why."""
        for brief, copy in odd_pairs:
            review(brief, copy)

    def test_same_objections_twice(
        self, review: Review, pairs: list[tuple[Brief, Copy]], odd_pairs: list[tuple[Brief, Copy]]
    ) -> None:
        """A verdict depends on the brief and the copy, not on what was read before."""
        both = [*pairs, *odd_pairs]
        first = [review(brief, copy) for brief, copy in both]
        second = [review(brief, copy) for brief, copy in both[::-1]][::-1]
        for (_, copy), one, other in zip(both, first, second, strict=True):
            require(
                one == other,
                f"another verdict the second time about {dict(copy.fields)!r:.100}",
            )

    def test_attempt_does_not_soften_the_verdict(
        self, review: Review, odd_pairs: list[tuple[Brief, Copy]]
    ) -> None:
        """What was objected to in the first attempt is objected to in the last one."""
        for brief, copy in odd_pairs:
            if review(brief, copy):
                require(
                    review(replace(brief, attempt=9), copy),
                    f"lets pass at the ninth attempt what it refused: {dict(copy.fields)!r:.100}",
                )

    def test_answers_survive_pickling(
        self, review: Review, odd_pairs: list[tuple[Brief, Copy]]
    ) -> None:
        """Objections can be handed to another process."""
        for brief, copy in odd_pairs:
            answer = review(brief, copy)
            require(pickle.loads(pickle.dumps(answer)) == answer, "not the same after pickling")
