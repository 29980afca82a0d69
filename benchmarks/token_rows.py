"""Rows, prompts and models of random numbers, for measuring engines alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class TokenRow:
    """A row that takes whatever is chosen, a fixed number of times."""

    prompt: Sequence[int]
    most_tokens: int
    seed: int = 0
    blocked: Any = None
    written: list[int] = field(default_factory=list)

    def take(self, token: int) -> list[int] | None:
        """Keep a token, and go on until there are enough."""
        self.written.append(token)
        return None if len(self.written) >= self.most_tokens else [token]

    def rewind(self) -> None:
        """Begin anew."""
        self.written.clear()


def make_llama(seed: int) -> Any:
    """Return a Llama of 9.5 million random parameters."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    config = LlamaConfig(
        hidden_size=320, intermediate_size=864, num_hidden_layers=6, num_attention_heads=10,
        num_key_value_heads=10, vocab_size=6443, max_position_embeddings=2048,
        tie_word_embeddings=True,
    )  # fmt: skip
    return LlamaForCausalLM(config).eval()


def make_prompts(
    count: int, *, shared: int, own: tuple[int, int], vocabulary: int, seed: int
) -> list[list[int]]:
    """Return prompts of random tokens.

    Args:
        count: How many.
        shared: How many tokens all of them begin with.
        own: The fewest and the most tokens that each has after that.
        vocabulary: How many tokens there are; the first three are left out.
        seed: Of the random numbers.
    """
    import torch

    generator = torch.Generator().manual_seed(seed)

    def draw(length: int) -> list[int]:
        return torch.randint(3, vocabulary, (length,), generator=generator).tolist()

    start = draw(shared)
    lengths = torch.randint(own[0], own[1] + 1, (count,), generator=generator).tolist()
    return [start + draw(length) for length in lengths]
