"""The keys and values that rows have of their own: buffers of a fixed place, used again and again.

It stands where transformers expects a cache. Writing goes to `slots`, reading up to `window`; a new
batch begins at the front again, so that no memory moves and graphs of a GPU stay valid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyShape:
    """How the keys and values of a model's layers are made: (heads, width) of each."""

    keys: tuple[tuple[int, int], ...]
    values: tuple[tuple[int, int], ...]
    dtype: Any
    device: Any

    def count_bytes(self) -> int:
        """Return how many bytes one token takes in one row."""
        numbers = sum(heads * width for heads, width in (*self.keys, *self.values))
        return numbers * int(self.dtype.itemsize)


class RowKeys:
    """The keys and values of the rows of one batch.

    Attributes:
        slots: Where the next tokens are written, as many as are fed.
        window: Up to where is read.
    """

    is_compileable = False

    def __init__(self, keys: list[Tensor], values: list[Tensor]) -> None:
        self.keys = keys
        self.values = values
        self.slots: Tensor | None = None
        self.window = 0

    @classmethod
    def allocate(cls, shape: KeyShape, rows: int, length: int) -> RowKeys:
        """Make room for so many rows of so many tokens."""
        import torch

        def make(sizes: tuple[tuple[int, int], ...]) -> list[Tensor]:
            return [
                torch.zeros(rows, heads, length, width, dtype=shape.dtype, device=shape.device)
                for heads, width in sizes
            ]

        return cls(make(shape.keys), make(shape.values))

    @property
    def length(self) -> int:
        """How many tokens a row has room for."""
        return int(self.keys[0].shape[2])

    def narrow(self, start: int, stop: int) -> RowKeys:
        """Return some of the rows, in the same memory."""
        part = RowKeys(
            [one[start:stop] for one in self.keys], [one[start:stop] for one in self.values]
        )
        part.slots, part.window = self.slots, self.window
        return part

    def take_rows(self, other: RowKeys, rows: Tensor, filled: int) -> None:
        """Copy rows of another batch to the front, as far as they are filled."""
        for mine, theirs in zip(
            (*self.keys, *self.values), (*other.keys, *other.values), strict=True
        ):
            mine[: len(rows), :, :filled] = theirs[rows, :, :filled]

    def clear(self) -> None:
        """Forget everything: what is masked must be a number all the same."""
        for one in (*self.keys, *self.values):
            one.zero_()

    def update(
        self, key: Tensor, value: Tensor, layer: int, *others: Any, **more: Any
    ) -> tuple[Tensor, Tensor]:
        """Write keys and values of a layer, and return all that may be read (for transformers)."""
        assert self.slots is not None
        self.keys[layer].index_copy_(2, self.slots, key)
        self.values[layer].index_copy_(2, self.slots, value)
        return self.keys[layer][:, :, : self.window], self.values[layer][:, :, : self.window]

    def get_seq_length(self, *others: Any) -> int:
        """Return how much is there (for transformers); positions and masks are given anyhow."""
        return self.window


def measure_shape(layers: Sequence[Any]) -> KeyShape:
    """Return the shape of keys and values from the layers of a cache that a model has filled.

    Raises:
        ValueError: The layers keep something else than keys and values.
    """
    tensors: list[tuple[Any, Any]] = [
        (getattr(one, "keys", None), getattr(one, "values", None)) for one in layers
    ]
    if not tensors or any(one is None for both in tensors for one in both):
        raise ValueError("its layers keep something else than keys and values")
    return KeyShape(
        keys=tuple((key.shape[1], key.shape[3]) for key, _ in tensors),
        values=tuple((value.shape[1], value.shape[3]) for _, value in tensors),
        dtype=tensors[0][0].dtype,
        device=tensors[0][0].device,
    )
