"""The tensors of one batch while it is written, and the step from one token to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .keys import KeyShape, RowKeys
from .picking import Sampling, pick_tokens

if TYPE_CHECKING:
    from torch import Tensor

    from .prefix import Prefix

MOST_SCORES = {"cpu": 1 << 21, "cuda": 1 << 26}
"""How many scores of one layer are computed at once while prompts are read, by device.

A processor is faster when they stay in its cache.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSize:
    """How much a frame has room for.

    Attributes:
        rows: Rows.
        length: Tokens that a row has of its own.
        vocabulary: Logits of the model; 0 when no row ever forbids a token.
    """

    rows: int
    length: int
    vocabulary: int


class Frame:
    """What a batch of rows needs: keys, a mask, and the input of the next step.

    Args:
        model: The model, which uses the attention of `attention.py`.
        shape: Of its keys and values.
        size: How much there is room for.
        sampling: How tokens are chosen.
    """

    def __init__(self, model: Any, shape: KeyShape, size: FrameSize, sampling: Sampling) -> None:
        import torch

        self.model, self.size, self.sampling = model, size, sampling
        self.keys = RowKeys.allocate(shape, size.rows, size.length)
        device, rows = shape.device, size.rows
        self.mask = torch.zeros(rows, 1, 1, size.length, dtype=shape.dtype, device=device)
        self.ids = torch.zeros(rows, dtype=torch.long, device=device)
        self.positions = torch.zeros(rows, dtype=torch.long, device=device)
        self.numbers = torch.zeros(rows, device=device)
        self.slot = torch.zeros(1, dtype=torch.long, device=device)
        self.blocked: Tensor | None = None
        if size.vocabulary:
            self.blocked = torch.zeros(rows, size.vocabulary, dtype=torch.bool, device=device)
        self.prefix: Prefix | None = None
        self.filled = 0
        self._is_used = False

    def read(self, suffixes: Sequence[Sequence[int]], prefix: Prefix | None) -> Tensor:
        """Read what each row has of its own in its prompt; return the logits after it.

        Args:
            suffixes: Tokens behind the prefix, at least one for each row; padded on the left.
            prefix: What they share.
        """
        import torch

        self._begin(prefix)
        device, start = self.ids.device, 0 if prefix is None else len(prefix.tokens)
        longest = max(map(len, suffixes))
        pads = torch.tensor([longest - len(one) for one in suffixes])
        ids = torch.tensor([[0] * (longest - len(one)) + list(one) for one in suffixes])
        columns = torch.arange(longest)
        positions = (columns - pads[:, None]).clamp_min(0) + start
        is_pad = columns < pads[:, None]
        # A pad sees itself, because a row of scores that are all hidden has no softmax.
        seen = (columns <= columns[:, None]) & ~is_pad[:, None, :] | torch.eye(longest).bool()
        seen = seen.unsqueeze(1).to(device)
        self.keys.slots, self.keys.window = columns.to(device), longest
        parts = []
        at_once = self._count_rows_at_once(longest, start + longest)
        for first in range(0, len(suffixes), at_once):
            rows = slice(first, min(first + at_once, len(suffixes)))
            mask = torch.zeros(seen[rows].shape, dtype=self.mask.dtype, device=device)
            answer = self.model(
                input_ids=ids[rows].to(device),
                position_ids=positions[rows].to(device),
                attention_mask=mask.masked_fill_(~seen[rows], -torch.inf),
                past_key_values=self.keys.narrow(rows.start, rows.stop),
                prefix=prefix,
                use_cache=True,
                logits_to_keep=1,
            )
            parts.append(answer.logits[:, -1])
        count = len(suffixes)
        self.mask[:count, 0, 0, :longest].masked_fill_(is_pad.to(device), -torch.inf)
        self.mask[:, :, :, longest:] = -torch.inf
        self.positions[:count] = (positions[:, -1] + 1).to(device)
        self._go_to(longest)
        return torch.cat(parts)

    def _begin(self, prefix: Prefix | None) -> None:
        self.prefix = prefix
        if self._is_used:
            self.keys.clear()
            self.mask.zero_()
            self.positions.zero_()
            self.ids.zero_()
        self._is_used = True

    def _count_rows_at_once(self, queries: int, keys: int) -> int:
        heads: int = self.model.config.get_text_config().num_attention_heads
        most = MOST_SCORES["cuda" if self.ids.is_cuda else "cpu"]
        return max(1, most // (heads * queries * keys))

    def _go_to(self, filled: int) -> None:
        self.filled = filled
        self.slot.fill_(filled)
        self.keys.slots = self.slot

    def pick(self, logits: Tensor) -> Tensor:
        """Return the chosen token of each row from its logits."""
        numbers = self.numbers[: len(logits)] if self.sampling.temperature else None
        blocked = None if self.blocked is None else self.blocked[: len(logits)]
        return pick_tokens(logits, blocked, numbers, self.sampling)

    def step(self) -> Tensor:
        """Feed `ids` and return the token that is chosen after it, for each row."""
        self.keys.window = self.filled + 1
        picked = self._run(self.keys.window)
        self._advance()
        return picked

    def _run(self, window: int) -> Tensor:
        """Run the model on one token of each row; nothing here depends on values on the host."""
        self.mask.index_fill_(3, self.slot, 0.0)
        answer = self.model(
            input_ids=self.ids[:, None],
            position_ids=self.positions[:, None],
            attention_mask=self.mask[:, :, :, :window],
            past_key_values=self.keys,
            prefix=self.prefix,
            use_cache=True,
        )
        return self.pick(answer.logits[:, -1])

    def _advance(self) -> None:
        self.filled += 1
        self.slot.add_(1)
        self.positions.add_(1)

    def take_over(self, other: Frame, rows: Sequence[int]) -> None:
        """Go on with some rows of another frame."""
        import torch

        self._begin(other.prefix)
        chosen = torch.tensor(rows, device=self.ids.device)
        count = len(rows)
        self.keys.take_rows(other.keys, chosen, other.filled)
        self.mask[:, :, :, other.filled :] = -torch.inf
        self.mask[:count, :, :, : other.filled] = other.mask[chosen, :, :, : other.filled]
        self.positions[:count] = other.positions[chosen]
        self._go_to(other.filled)
        if self.blocked is not None and other.blocked is not None:
            self.blocked[:count] = other.blocked[chosen]
