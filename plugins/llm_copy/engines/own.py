"""Our engine: many rows at once, one prefix for all, each row stopping when it is finished."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from .attention import shared_attention
from .buckets import Bucket, make_buckets
from .draws import Draws
from .frame import Frame, FrameSize
from .graph import (
    LENGTH_STEP,
    PREFIX_STEP,
    GraphFrame,
    Recorder,
    choose_rows,
    record_graph,
    round_up,
)
from .memory import choose_batch_size, is_out_of_memory, release_memory
from .picking import Sampling
from .prefix import Prefix, PrefixStore
from .row import Row

if TYPE_CHECKING:
    from .keys import KeyShape

SHRINK_AT = 0.75
"""When so much of a batch is left, the rows that are finished are taken out of it."""

MOST_GRAPHS = 24
"""How many recorded frames are kept; each holds the keys of its rows."""


class OwnEngine:
    """Writes rows with a model by plain `forward`.

    Args:
        model: A causal language model of transformers whose attention can be replaced.
        shape: Of its keys and values, as `probe_model` found it.
        batch_size: Most rows at the same time; 0 lets the memory decide.
        say: Where to tell what a person should know, such as that memory ran out.
        record: What records a step; on a GPU that is a CUDA graph, elsewhere nothing is recorded.
    """

    name = "own"

    def __init__(
        self,
        model: Any,
        shape: KeyShape,
        *,
        batch_size: int = 0,
        say: Callable[[str], None] = print,
        record: Recorder | None = None,
    ) -> None:
        self._model, self._shape, self._say = model, shape, say
        self._record = record or (record_graph if shape.device.type == "cuda" else None)
        self._prefixes = PrefixStore(model)
        self._graphs: dict[tuple[FrameSize, Sampling, int], GraphFrame] = {}
        self._wanted = batch_size
        self._most: int | None = None

    def forget(self) -> None:
        """Forget what was computed before: the model is another one now, or memory is short."""
        self._prefixes.forget()
        self._graphs.clear()

    def write(self, rows: Sequence[Row], sampling: Sampling) -> None:
        """Write all rows to their end.

        Args:
            rows: Any number; each decides itself when it is finished.
            sampling: How tokens are chosen.

        Raises:
            torch.OutOfMemoryError: Not even one row fits into the memory.
        """
        import torch

        if not rows:
            return
        with torch.inference_mode():
            prefix = self._prefixes.find([row.prompt for row in rows])
            waiting = make_buckets(rows, prefix, self._choose_most(rows, prefix))
            while waiting:
                bucket = waiting.pop()
                try:
                    with shared_attention(self._model):
                        self._write_bucket(bucket, prefix, sampling)
                except Exception as error:
                    if not is_out_of_memory(error) or len(bucket.rows) == 1:
                        raise
                    self._most = -(-len(bucket.rows) // 2)
                    bucket.rewind()
                else:
                    continue
                # Outside of the handler, which would keep the tensors of the failed try alive.
                self._graphs.clear()
                release_memory()
                self._say(f"memory is short: {self._most} copies at the same time from now on")
                waiting += bucket.split(self._most)

    def _choose_most(self, rows: Sequence[Row], prefix: Prefix | None) -> int:
        if self._most is None:
            start = 0 if prefix is None else len(prefix.tokens)
            length = max(len(row.prompt) - start + row.most_tokens for row in rows)
            most = choose_batch_size(
                self._wanted,
                device=self._shape.device,
                row_bytes=self._shape.count_bytes() * length,
                vocabulary=self._model.config.get_text_config().vocab_size,
            )
            if self._wanted:
                self._most = most
            return most
        return self._most

    def _write_bucket(self, bucket: Bucket, prefix: Prefix | None, sampling: Sampling) -> None:
        rows = list(bucket.rows)
        frame = self._find_frame(len(rows), bucket.length, bucket.masked(), sampling, prefix)
        logits = frame.read(bucket.suffixes, prefix)
        draws = Draws(rows, sampling)
        draws.prepare(frame)
        picked = frame.pick(logits).tolist()
        while True:
            going = draws.take(picked)
            if not going:
                return
            smaller = self._shrink(frame, len(going), bucket.length, sampling, prefix)
            if smaller is not None:
                smaller.take_over(frame, going)
                draws.keep(going)
                frame = smaller
            draws.feed(frame)
            picked = frame.step().tolist()

    def _shrink(
        self, frame: Frame, count: int, length: int, sampling: Sampling, prefix: Prefix | None
    ) -> Frame | None:
        """Return a smaller frame for the rows that are left, or None when this one will do."""
        is_graph = isinstance(frame, GraphFrame)
        if is_graph and choose_rows(count) >= frame.size.rows:
            return None
        if not is_graph and count > SHRINK_AT * frame.size.rows:
            return None
        return self._find_frame(count, length, bool(frame.size.vocabulary), sampling, prefix)

    def _find_frame(
        self, count: int, length: int, masked: bool, sampling: Sampling, prefix: Prefix | None
    ) -> Frame:
        vocabulary = self._model.config.get_text_config().vocab_size if masked else 0
        if self._record is None:
            size = FrameSize(rows=count, length=length, vocabulary=vocabulary)
            return Frame(self._model, self._shape, size, sampling)
        size = FrameSize(
            rows=choose_rows(count), length=round_up(length, LENGTH_STEP), vocabulary=vocabulary
        )
        key = (size, sampling, round_up(len(prefix.tokens), PREFIX_STEP) if prefix else 0)
        if key not in self._graphs:
            if len(self._graphs) >= MOST_GRAPHS:
                self._graphs.clear()
            self._graphs[key] = GraphFrame(
                self._model,
                self._shape,
                size,
                sampling,
                prefix_length=key[2],
                record=self._record,
            )
        return self._graphs[key]
