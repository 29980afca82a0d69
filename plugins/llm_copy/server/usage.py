"""Counts what a server's answers cost, in tokens and money."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any


class Usage:
    """The tokens of some answers; several threads may count.

    Args:
        price_in: What a million tokens of prompts cost.
        price_out: What a million generated tokens cost.
    """

    def __init__(self, price_in: float, price_out: float) -> None:
        self._prices = price_in, price_out
        self._lock = threading.Lock()
        self.answers = self.tokens_in = self.tokens_out = 0

    def count(self, answer: Mapping[str, Any]) -> None:
        """Count an answer; a server that does not say how many tokens it took counts none."""
        said = answer.get("usage")
        usage = said if isinstance(said, Mapping) else {}
        with self._lock:
            self.answers += 1
            self.tokens_in += int(usage.get("prompt_tokens") or 0)
            self.tokens_out += int(usage.get("completion_tokens") or 0)

    @property
    def cost(self) -> float:
        """What it cost, in the currency of the prices."""
        price_in, price_out = self._prices
        return (self.tokens_in * price_in + self.tokens_out * price_out) / 1_000_000

    def __str__(self) -> str:
        text = f"{self.answers:,} answers, {self.tokens_in:,} tokens in, {self.tokens_out:,} out"
        return f"{text}, cost {self.cost:.4f}" if any(self._prices) else text
