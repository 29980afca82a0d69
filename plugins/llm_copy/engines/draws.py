"""What happens between two steps: rows take what was chosen, and say what is fed next."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .picking import Sampling, draw_numbers
from .row import Row

if TYPE_CHECKING:
    from torch import Tensor

    from .frame import Frame


class Draws:
    """The rows of a frame, in its order, with what each has still to feed.

    Args:
        rows: The rows.
        sampling: How tokens are chosen; without a temperature no random numbers are drawn.
    """

    def __init__(self, rows: Sequence[Row], sampling: Sampling) -> None:
        self._rows = list(rows)
        self._queues: list[deque[int]] = [deque() for _ in rows]
        self._counts = [0] * len(rows)
        self._finished = [False] * len(rows)
        self._numbers: list[list[float]] | None = None
        if sampling.temperature:
            self._numbers = [
                draw_numbers(row.seed, row.most_tokens + 1).tolist() for row in self._rows
            ]
        self._blocked: list[Tensor | None] = [None] * len(rows)

    def take(self, picked: Sequence[int]) -> list[int]:
        """Give each row the token that was chosen for it, unless it has something to feed still.

        Args:
            picked: The tokens, aligned with the rows; more of them are ignored.

        Returns:
            The places of the rows that are not finished.
        """
        for place, row in enumerate(self._rows):
            if self._finished[place] or self._queues[place]:
                continue
            self._counts[place] += 1
            fed = row.take(picked[place])
            if fed is None:
                self._finished[place] = True
            else:
                self._queues[place].extend(fed)
        return [place for place, finished in enumerate(self._finished) if not finished]

    def keep(self, places: Sequence[int]) -> None:
        """Go on with these rows alone, in this order."""
        self._rows = [self._rows[place] for place in places]
        self._queues = [self._queues[place] for place in places]
        self._counts = [self._counts[place] for place in places]
        self._finished = [self._finished[place] for place in places]
        self._blocked = [self._blocked[place] for place in places]
        if self._numbers is not None:
            self._numbers = [self._numbers[place] for place in places]

    def feed(self, frame: Frame) -> None:
        """Write the input of the next step, and what may be chosen after it, into a frame."""
        import torch

        ids = [queue.popleft() if queue else 0 for queue in self._queues]
        frame.ids[: len(ids)] = torch.tensor(ids)
        self.prepare(frame)

    def prepare(self, frame: Frame) -> None:
        """Write what may be chosen next, and by which random numbers, into a frame."""
        import torch

        if self._numbers is not None:
            numbers = [
                row[min(count, len(row) - 1)]
                for row, count in zip(self._numbers, self._counts, strict=True)
            ]
            frame.numbers[: len(numbers)] = torch.tensor(numbers)
        if frame.blocked is None:
            return
        for place, row in enumerate(self._rows):
            if self._queues[place] or self._finished[place]:
                continue  # what is chosen here is not taken
            blocked = row.blocked
            if blocked is not self._blocked[place]:
                frame.blocked[place] = False if blocked is None else blocked
                self._blocked[place] = blocked
