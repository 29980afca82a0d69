"""A frame whose step is a CUDA graph: recorded once, then played without the cost of each launch.

A graph plays with the memory that it was recorded with. So the prefix is copied to buffers of its
own, as long as the next multiple of `PREFIX_STEP`, and what is behind its end is hidden.
"""

from __future__ import annotations

from collections.abc import Callable
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


Recorder = Callable[[Callable[[], "Tensor"], Callable[[], None]], Callable[[], "Tensor"]]
"""Given how to compute and how to go on, returns what does both and answers the chosen tokens."""


def record_graph(run: Callable[[], Tensor], advance: Callable[[], None]) -> Callable[[], Tensor]:
    """Record a step as a CUDA graph, and return what plays it.

    Args:
        run: Computes; it may be called more than once.
        advance: Goes on to the next token.
    """
    import torch

    cuda: Any = torch.cuda  # its types are not all there
    stream = cuda.Stream()
    stream.wait_stream(cuda.current_stream())
    with cuda.stream(stream):
        for _ in range(WARM_UPS):
            run()
    cuda.current_stream().wait_stream(stream)
    graph = cuda.CUDAGraph()
    with cuda.graph(graph):
        picked = run()
        advance()

    def play() -> Tensor:
        graph.replay()
        return picked

    return play


class GraphFrame(Frame):
    """A frame that plays a graph.

    Args:
        model: The model.
        shape: Of its keys and values.
        size: How much there is room for.
        sampling: How tokens are chosen.
        prefix_length: How long a prefix may be, a multiple of `PREFIX_STEP`; 0 without one.
        record: What records a step.
    """

    def __init__(
        self,
        model: Any,
        shape: KeyShape,
        size: FrameSize,
        sampling: Sampling,
        *,
        prefix_length: int,
        record: Recorder = record_graph,
    ) -> None:
        super().__init__(model, shape, size, sampling)
        self._place = _make_place(shape, prefix_length) if prefix_length else None
        self._record = record
        self._play: Callable[[], Tensor] | None = None

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
        self.keys.window = self.size.length
        if self._play is None:
            self._play = self._prepare()
        picked = self._play()
        self.filled += 1
        return picked

    def _prepare(self) -> Callable[[], Tensor]:
        """Record a step; what the tries write is written again by the first one that counts."""
        kept = [(one, one.clone()) for one in (self.slot, self.positions, self.mask)]

        def advance() -> None:
            self.slot.add_(1)
            self.positions.add_(1)

        play = self._record(lambda: self._run(self.size.length), advance)
        for one, before in kept:
            one.copy_(before)
        return play


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
