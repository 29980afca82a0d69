"""One row of a batch: what an engine asks while it writes, one token after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from torch import Tensor


class Row(Protocol):
    """What is written for one brief; it decides what may come next and when enough is written."""

    @property
    def prompt(self) -> Sequence[int]:
        """The tokens of the prompt, at least one."""
        ...

    @property
    def most_tokens(self) -> int:
        """How many tokens may follow the prompt, those that the row itself feeds among them."""
        ...

    @property
    def seed(self) -> int:
        """Of this row's own random numbers."""
        ...

    @property
    def blocked(self) -> Tensor | None:
        """Which tokens may not be chosen next, of the length of the vocabulary; None for none."""
        ...

    def take(self, token: int) -> list[int] | None:
        """Accept a chosen token.

        Returns:
            The tokens to feed before the next one is chosen, at least one, or None when the row is
            finished. The chosen token is the first of them, unless the row puts another in its
            place.
        """
        ...

    def rewind(self) -> None:
        """Begin anew: nothing was chosen yet."""
        ...
