"""A row that writes a copy as one JSON object, held to it by llguidance, token by token."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ballyhoo import EnvironmentMissing

from .answers import read_fields
from .cutting import cut_text, tidy_text
from .plans import FieldPlan

if TYPE_CHECKING:
    from torch import Tensor

    from ..engines.vocabulary import Vocabulary

INSTALL = "pip install 'ballyhoo[json]'"

TOKENS_PER_FIELD = 16
"""For the field's name, quotation marks and braces."""

MOST_CHARS = 2_000
"""Of a field without limits."""


class JsonRow:
    """The fields of one copy as a JSON object.

    Args:
        vocabulary: Of the model.
        prompt: The tokens of the prompt.
        plans: What is planned for each field, at least one.
        seed: Of the row's random numbers.

    Raises:
        EnvironmentMissing: llguidance is not installed.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        *,
        prompt: Sequence[int],
        plans: Sequence[FieldPlan],
        seed: int,
    ) -> None:
        self._vocabulary, self.prompt, self.plans, self.seed = vocabulary, prompt, plans, seed
        self._guide = _find_guide(vocabulary)
        self.rewind()

    def rewind(self) -> None:
        """Begin anew: nothing was chosen yet."""
        from llguidance import LLMatcher

        grammar = LLMatcher.grammar_from_json_schema(make_strict_schema(self.plans))
        self._matcher: Any = LLMatcher(self._guide, grammar)
        self._ids: list[int] = []
        self._blocked: Tensor | None = None

    @cached_property
    def most_tokens(self) -> int:
        """How many tokens may follow the prompt."""
        return sum(plan.most_tokens + TOKENS_PER_FIELD for plan in self.plans)

    @property
    def blocked(self) -> Tensor:
        """Which tokens may not be chosen next."""
        if self._blocked is None:
            self._blocked = self._find_blocked()
        return self._blocked

    def _find_blocked(self) -> Tensor:
        import numpy
        import torch

        bits = numpy.frombuffer(self._matcher.compute_bitmask(), dtype=numpy.uint8)
        allowed = torch.from_numpy(numpy.unpackbits(bits, bitorder="little").astype(bool))
        blocked = torch.ones(self._vocabulary.size, dtype=torch.bool)
        count = min(len(allowed), len(blocked))
        blocked[:count] = ~allowed[:count]
        return blocked.to(self._vocabulary.device)

    def take(self, token: int) -> list[int] | None:
        """Accept a chosen token; return it, or None at the end."""
        self._blocked = None
        if token in self._vocabulary.ends or not self._matcher.consume_token(token):
            return None
        self._ids.append(token)
        if self._matcher.is_stopped() or len(self._ids) >= self.most_tokens:
            return None
        return [token]

    @property
    def fields(self) -> dict[str, str]:
        """The text of each field; "" where nothing could be read."""
        texts = read_fields(self._vocabulary.decode(self._ids), [plan.name for plan in self.plans])
        return {
            plan.name: cut_text(
                tidy_text(texts[plan.name]), plan.limits, plan.values, is_finished=True
            )
            for plan in self.plans
        }


def make_strict_schema(plans: Sequence[FieldPlan]) -> dict[str, Any]:
    """Return the JSON Schema of a copy whose texts have the slots that they may have, no others."""
    properties: dict[str, Any] = {}
    for plan in plans:
        slots = "|".join(re.escape(f"{{{name}}}") for name in sorted(plan.slots))
        one = f"(?:[^{{}}\\x00-\\x1f]{f'|{slots}' if slots else ''})"
        least, most = plan.limits.min_chars or 1, plan.limits.max_chars or MOST_CHARS
        pattern = f"^{one}{{{min(least, most)},{most}}}$"
        properties[plan.name] = {"type": "string", "pattern": pattern}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        # Else a model may write spaces between the fields until its tokens are used up.
        "x-guidance": {"whitespace_flexible": False},
    }


def _find_guide(vocabulary: Vocabulary) -> Any:
    """Return what llguidance knows of a vocabulary; it is made once."""
    try:
        from llguidance import hf
    except ImportError:
        raise EnvironmentMissing(
            "json: true needs llguidance, which is not installed", hint=INSTALL
        ) from None
    if vocabulary.guide is None:
        vocabulary.guide = hf.from_tokenizer(vocabulary.tokenizer, n_vocab=vocabulary.size)
    return vocabulary.guide
