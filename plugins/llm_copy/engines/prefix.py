"""The keys and values of what prompts have in common: computed once, and kept for the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

MOST_KEPT = 8
"""Of one model, the last ones used: campaigns that run side by side, and their variants."""

WORTH_COMPUTING = 16
"""A prefix that lacks fewer tokens than this is used as it is; the rows compute the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefix:
    """What all rows of a batch share.

    Attributes:
        tokens: The tokens.
        layers: Keys and values by layer, each of the shape (heads, tokens, width).
        hidden: Added to the scores: minus infinity behind the end of the prefix; None without one.
    """

    tokens: tuple[int, ...]
    layers: tuple[tuple[Tensor, Tensor], ...]
    hidden: Tensor | None = None

    def cut(self, length: int) -> Prefix:
        """Return the first tokens of it, in the same memory."""
        return Prefix(
            tokens=self.tokens[:length],
            layers=tuple((key[:, :length], value[:, :length]) for key, value in self.layers),
        )


class PrefixStore:
    """The prefixes of one model.

    Args:
        model: The model.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._kept: list[Prefix] = []

    def forget(self) -> None:
        """Forget all of them: the model is another one now, or memory is short."""
        self._kept.clear()

    def find(self, prompts: Sequence[Sequence[int]]) -> Prefix | None:
        """Return the prefix of some prompts, or None when they share nothing.

        At least one token of each prompt is left for the row.
        """
        shared = _find_common(prompts)
        if not shared:
            return None
        best = max(self._kept, key=lambda one: _count_common(one.tokens, shared), default=None)
        known = 0 if best is None else _count_common(best.tokens, shared)
        if best is not None and known and len(shared) - known < WORTH_COMPUTING:
            self._kept.remove(best)
            self._kept.append(best)
            return best.cut(known)
        found = self._compute(shared, best.cut(known) if best is not None and known else None)
        self._kept = [*self._kept[1 - MOST_KEPT :], found]
        return found

    def _compute(self, tokens: tuple[int, ...], start: Prefix | None) -> Prefix:
        import torch
        from transformers import DynamicCache

        cache: Any = DynamicCache(config=self._model.config)
        known = 0
        if start is not None:
            known = len(start.tokens)
            for layer, (key, value) in enumerate(start.layers):
                cache.update(key[None], value[None], layer)
        rest = torch.tensor([tokens[known:]], device=self._model.device)
        positions = torch.arange(known, len(tokens), device=self._model.device)[None]
        self._model(
            rest, past_key_values=cache, position_ids=positions, use_cache=True, logits_to_keep=1
        )
        return Prefix(
            tokens=tokens, layers=tuple((one.keys[0], one.values[0]) for one in cache.layers)
        )


def _find_common(prompts: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return what all prompts begin with, less the last token of the shortest."""
    ordered = [tuple(one[:-1]) for one in prompts]
    # What the first and the last one in order have in common, those between have too.
    first, last = min(ordered), max(ordered)
    return first[: _count_common(first, last)]


def _count_common(one: Sequence[int], other: Sequence[int]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
