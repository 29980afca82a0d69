"""A frame whose step is a CUDA graph: recorded once, then played without the cost of each launch.

A graph plays with the memory that it was recorded with. So the prefix is copied to buffers of its
own, as long as the next multiple of `PREFIX_STEP`, and what is behind its end is hidden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .frame import Frame, FrameSize
from .keys import KeyShape
from .picking import Sampling
from .prefix import Prefix

if TYPE_CHECKING:
    from torch import Tensor

PREFIX_STEP = 128
LENGTH_STEP = 64
SIZES = (1, 2, 4, 8, 16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024)
"""How many rows graphs are recorded for."""

WARM_UPS = 2
"""How often a step is run before it is recorded, so that libraries have made their choices."""


def round_up(number: int, step: int) -> int:
    """Return the next multiple of `step`."""
    return -(-number // step) * step


def choose_rows(count: int) -> int:
    """Return for how many rows the graph is that fits `count` of them."""
    return next((size for size in SIZES if size >= count), count)


class GraphFrame(Frame):
    """A frame that plays a graph.

    Args:
        model: The model.
        shape: Of its keys and values.
        size: How much there is room for.
        sampling: How tokens are chosen.
        prefix_length: How long a prefix may be, a multiple of `PREFIX_STEP`; 0 without one.
    """

    def __init__(
        self, model: Any, shape: KeyShape, size: FrameSize, sampling: Sampling, prefix_length: int
    ) -> None:
        super().__init__(model, shape, size, sampling)
        self._place: Prefix | None = None
        if prefix_length:
            self._place = _make_place(shape, prefix_length)
        self._graph: Any = None
        self._picked: Tensor | None = None

    def _begin(self, prefix: Prefix | None) -> None:
        import torch

        super()._begin(prefix)
        self.prefix = self._place
        if self._place is None or prefix is None or prefix is self._place:
            return
        length = len(prefix.tokens) or prefix.layers[0][0].shape[1]
        for (key, value), (new_key, new_value) in zip(
            self._place.layers, prefix.layers, strict=True
        ):
            key[:, :length] = new_key
            value[:, :length] = new_value
        assert self._place.hidden is not None
        self._place.hidden.fill_(-torch.inf)
        self._place.hidden[:length] = 0 if prefix.hidden is None else prefix.hidden

    def step(self) -> Tensor:
        """Feed `ids` and return the token that is chosen after it, for each row."""
        if self._graph is None:
            self._record()
        assert self._picked is not None
        self._graph.replay()
        self.filled += 1
        return self._picked

    def _record(self) -> None:
        """Record a step; what the tries write is written again by the first step that counts."""
        import torch

        self.keys.window = self.size.length
        slot, positions, mask = self.slot.clone(), self.positions.clone(), self.mask.clone()
        stream: Any = torch.cuda.Stream  # its types are not all there
        stream = stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(WARM_UPS):
                self._run(self.size.length)
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._picked = self._run(self.size.length)
            self.slot.add_(1)
            self.positions.add_(1)
        self._graph = graph
        self.slot.copy_(slot)
        self.positions.copy_(positions)
        self.mask.copy_(mask)


def _make_place(shape: KeyShape, length: int) -> Prefix:
    """Return a prefix of zeros, as long as there may be one."""
    import torch

    def make(sizes: tuple[int, ...]) -> Tensor:
        return torch.zeros(sizes, dtype=shape.dtype, device=shape.device)

    layers = tuple(
        (make((key[0], length, key[1])), make((value[0], length, value[1])))
        for key, value in zip(shape.keys, shape.values, strict=True)
    )
    return Prefix(tokens=(), layers=layers, hidden=make((length,)))
