"""The engine for models that ours cannot run: `generate` of transformers, driven row by row.

A logits processor lets each row choose by the same rules and random numbers as in our engine, and
leaves `generate` nothing but that token. So both engines write the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .buckets import Bucket, make_buckets
from .memory import is_out_of_memory, release_memory
from .picking import Sampling, draw_numbers, pick_tokens
from .row import Row

if TYPE_CHECKING:
    from torch import Tensor


MOST_ROWS = 32
"""With more, the cache that it copies at every step costs what the batch gains."""


class GenerateEngine:
    """Writes rows by `generate`.

    Args:
        model: A causal language model of transformers.
        batch_size: Most rows at the same time; 0 for as many as usual.
        say: Where to tell what a person should know.
    """

    name = "generate"

    def __init__(
        self, model: Any, *, batch_size: int = 0, say: Callable[[str], None] = print
    ) -> None:
        self._model, self._say = model, say
        self._most = batch_size or MOST_ROWS

    def forget(self) -> None:
        """Forget what was computed before: nothing is kept here."""

    def write(self, rows: Sequence[Row], sampling: Sampling) -> None:
        """Write all rows to their end.

        Args:
            rows: Any number; each decides itself when it is finished.
            sampling: How tokens are chosen.

        Raises:
            torch.OutOfMemoryError: Not even one row fits into the memory.
        """
        waiting = make_buckets(rows, None, self._most)
        while waiting:
            bucket = waiting.pop()
            try:
                self._write_bucket(bucket, sampling)
            except Exception as error:
                if not is_out_of_memory(error) or len(bucket.rows) == 1:
                    raise
                self._most = -(-len(bucket.rows) // 2)
                bucket.rewind()
            else:
                continue
            release_memory()
            self._say(f"memory is short: {self._most} copies at the same time from now on")
            waiting += bucket.split(self._most)

    def _write_bucket(self, bucket: Bucket, sampling: Sampling) -> None:
        import torch

        device = self._model.device
        longest = max(map(len, bucket.suffixes))
        ids = torch.tensor([[0] * (longest - len(one)) + one for one in bucket.suffixes])
        pads = torch.tensor([longest - len(one) for one in bucket.suffixes])
        mask = (torch.arange(longest) >= pads[:, None]).long()
        chooser = Chooser(bucket.rows, sampling)
        self._model.generate(
            ids.to(device),
            attention_mask=mask.to(device),
            max_new_tokens=max(row.most_tokens for row in bucket.rows) + 1,
            do_sample=False,
            num_beams=1,
            eos_token_id=None,
            pad_token_id=0,
            logits_processor=[chooser],
            stopping_criteria=[chooser.is_finished],
        )


class Chooser:
    """The rows of a batch as a logits processor: it leaves each row the one token that it takes.

    Args:
        rows: The rows.
        sampling: How tokens are chosen.
    """

    def __init__(self, rows: Sequence[Row], sampling: Sampling) -> None:
        self._rows, self._sampling = rows, sampling
        self._queues: list[list[int] | None] = [[] for _ in rows]
        self._counts = [0] * len(rows)
        self._numbers = [draw_numbers(row.seed, row.most_tokens + 1) for row in rows]

    def __call__(self, ids: Tensor, scores: Tensor) -> Tensor:
        """Return scores that allow one token in each row."""
        import torch

        picked = self._pick(scores).tolist()
        chosen = [self._choose(place, token) for place, token in enumerate(picked)]
        only = torch.full_like(scores, -torch.inf)
        return only.scatter_(1, torch.tensor(chosen, device=scores.device)[:, None], 0.0)

    def _pick(self, scores: Tensor) -> Tensor:
        import torch

        masks = [row.blocked for row in self._rows]
        none = torch.zeros(scores.shape[1], dtype=torch.bool, device=scores.device)
        blocked = None
        if any(mask is not None for mask in masks):
            blocked = torch.stack([none if mask is None else mask for mask in masks])
        numbers = torch.stack(
            [
                row[min(count, len(row) - 1)]
                for row, count in zip(self._numbers, self._counts, strict=True)
            ]
        )
        return pick_tokens(scores, blocked, numbers.to(scores.device), self._sampling)

    def _choose(self, place: int, token: int) -> int:
        queue = self._queues[place]
        if queue is None:
            return 0
        if not queue:
            self._counts[place] += 1
            fed = self._rows[place].take(token)
            self._queues[place] = queue = None if fed is None else list(fed)
            if queue is None:
                return 0
        return queue.pop(0)

    def is_finished(self, ids: Tensor, scores: Any, **others: Any) -> Tensor:
        """Return for each row whether it is finished; the batch is when all are."""
        import torch

        return torch.tensor([queue is None for queue in self._queues], device=ids.device)
