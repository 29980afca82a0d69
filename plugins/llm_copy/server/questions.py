"""Makes the question of a brief for a server, and learns what a server does not take."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from ..fields.answers import make_schema
from ..fields.plans import FieldPlan
from ..options import LlmOptions
from ..prompts.prompt import Prompt
from .client import Refusal

SPARE_TOKENS = 32
"""For labels, braces and quotation marks."""

OPTIONAL = ("response_format", "seed", "top_p", "temperature")
"""What is left out when a server refuses it, in this order where it does not say what it means."""

NEWER = {"max_tokens": "max_completion_tokens"}
"""What newer servers call it."""


class Manners:
    """What a server is not asked for, because it refused it before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._refused: set[str] = set()

    def has_schema(self) -> bool:
        """Whether the server may be asked for structured output."""
        return "response_format" not in self._refused

    def adapt(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a question as the server takes it."""
        kept = {name: value for name, value in body.items() if name not in self._refused}
        for old, new in NEWER.items():
            if old in self._refused:
                kept[new] = body[old]
        return kept

    def learn(self, refusal: Refusal, asked: dict[str, Any]) -> bool:
        """Whether there is something in a refused question that can be left out next time."""
        names = [name for name in (*NEWER, *OPTIONAL) if name in asked]
        meant = [name for name in names if name in refusal.said]
        if not meant and "response_format" in names:
            meant = ["response_format"]
        with self._lock:
            self._refused.update(meant[:1])
        return bool(meant)


def make_question(
    options: LlmOptions, prompt: Prompt, plans: Sequence[FieldPlan], seed: int
) -> dict[str, Any]:
    """Return the body of a question.

    Args:
        options: Model, temperature and the like.
        prompt: What the model is told.
        plans: The fields that are wanted.
        seed: For servers that take one.
    """
    messages = [{"role": "user", "content": prompt.own}]
    if prompt.shared:
        messages.insert(0, {"role": "system", "content": prompt.shared})
    schema = make_schema([plan.name for plan in plans])
    return {
        "model": options.model,
        "messages": messages,
        "temperature": options.temperature,
        "top_p": options.top_p,
        "seed": seed % 2**31,
        "max_tokens": sum(plan.most_tokens + SPARE_TOKENS for plan in plans),
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "copy", "strict": True, "schema": schema},
        },
    }
