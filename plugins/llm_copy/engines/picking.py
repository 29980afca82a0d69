"""Chooses the next token of each row: the likeliest, or one by the row's own random numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

LIKELIEST = 128
"""So many tokens are looked at first for those that make up `top_p`; more only when they do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How tokens are chosen.

    Attributes:
        temperature: 0 takes the likeliest token.
        top_p: The likeliest tokens that have this probability together are chosen from.
    """

    temperature: float = 0.0
    top_p: float = 1.0


def draw_numbers(seed: int, count: int) -> Tensor:
    """Return a row's random numbers in [0, 1), one for each token that it will choose.

    They depend on the seed alone: who else is in the batch makes no difference.
    """
    import torch

    generator = torch.Generator().manual_seed(seed % 2**63)
    return torch.rand(count, generator=generator)


def pick_tokens(
    logits: Tensor,
    blocked: Tensor | None,
    numbers: Tensor | None,
    sampling: Sampling,
) -> Tensor:
    """Return the chosen token of each row.

    Args:
        logits: Of the shape (rows, vocabulary).
        blocked: True where a token may not be chosen, of the same shape; None for nowhere.
        numbers: A random number in [0, 1) for each row; None when the temperature is 0.
        sampling: How they are chosen.
    """
    import torch

    logits = logits.float()
    if blocked is not None:
        logits = logits.masked_fill(blocked, -torch.inf)
    if sampling.temperature == 0 or numbers is None:
        return logits.argmax(-1)
    chances = torch.softmax(logits / sampling.temperature, -1)
    if sampling.top_p < 1:
        chances = chances.masked_fill(chances < _find_least(chances, sampling.top_p), 0)
    # In the order of the vocabulary, not of the chances: two tokens that are as likely as each
    # other would change places when another batch rounds differently.
    sums = chances.cumsum(-1)
    picked = torch.searchsorted(sums, (numbers * sums[:, -1]).unsqueeze(-1), right=True).squeeze(-1)
    last = sums.shape[-1] - 1 - (chances.flip(-1) > 0).int().argmax(-1)
    return torch.minimum(picked, last)


def _find_least(chances: Tensor, top_p: float) -> Tensor:
    """Return the smallest chance that is still within `top_p`, of the shape (rows, 1)."""
    # A graph on a GPU cannot look at what it computes, so all are sorted there.
    best = chances.topk(min(LIKELIEST, chances.shape[-1]), -1).values if chances.is_cpu else None
    if best is None or bool((best.sum(-1) < top_p).any()):
        best = chances.sort(-1, descending=True).values
    before = best.cumsum(-1) - best
    kept = (before < top_p).sum(-1, keepdim=True).clamp_min(1)
    return best.gather(-1, kept - 1)
