"""Tries on a few tokens whether a model computes the same in our engine as by itself.

Models differ in what they keep of the past and in what they do within attention. Instead of a list
of those that work there is this trial, for each model, when it is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .attention import shared_attention
from .frame import Frame, FrameSize
from .keys import KeyShape, measure_shape
from .picking import Sampling
from .prefix import PrefixStore

if TYPE_CHECKING:
    from torch import Tensor

SHARED, OWN, STEPS = 21, (3, 9), 3
"""Tokens: of the prefix, of each row, and written after them."""

TOLERANCES = {"float32": 1e-3, "bfloat16": 5e-2, "float16": 1e-2}
"""By how much logits may differ, of the largest one."""


class Refused(Exception):
    """Our engine cannot run a model; the message says why."""


def probe_model(model: Any) -> KeyShape:
    """Return the shape of a model's keys and values, when our engine runs it right.

    Raises:
        Refused: It does not; `generate` has to.
    """
    import torch

    vocabulary = model.config.get_text_config().vocab_size
    numbers = torch.randint(0, vocabulary, (64,), generator=torch.Generator().manual_seed(1))
    tokens = numbers.tolist()
    shared, rest = tokens[:SHARED], tokens[SHARED:]
    prompts = [shared + rest[:length] for length in OWN]
    following = rest[-STEPS:]
    try:
        with torch.inference_mode():
            expected = _run_plain(model, prompts, following)
            shape = _find_shape(model, shared)
            found = _run_own(model, shape, prompts, following)
    except Exception as error:
        if isinstance(error, torch.OutOfMemoryError):
            raise
        raise Refused(f"{type(error).__name__}: {str(error).splitlines()[0][:200]}") from error
    scale = float(expected.abs().max())
    worst = float((expected - found).abs().max())
    most = TOLERANCES.get(str(shape.dtype).rpartition(".")[2], 0.0) * scale
    if not worst <= most:
        raise Refused(f"its logits differ by {worst:.2g}, of {scale:.2g}")
    return shape


def _find_shape(model: Any, tokens: Sequence[int]) -> KeyShape:
    import torch
    from transformers import DynamicCache

    cache: Any = DynamicCache(config=model.config)
    model(torch.tensor([tokens], device=model.device), past_key_values=cache, use_cache=True)
    if not isinstance(cache, DynamicCache):
        raise Refused("it has a cache of its own")
    return measure_shape(cache.layers)


def _run_plain(model: Any, prompts: Sequence[list[int]], following: Sequence[int]) -> Tensor:
    import torch

    answers = []
    for prompt in prompts:
        ids = torch.tensor([[*prompt, *following]], device=model.device)
        logits = model(input_ids=ids, use_cache=False).logits[0].float()
        answers.append(logits[len(prompt) - 1 : -1])
    return torch.stack(answers)


def _run_own(
    model: Any, shape: KeyShape, prompts: Sequence[list[int]], following: Sequence[int]
) -> Tensor:
    import torch

    prefix = PrefixStore(model).find([prompt[: SHARED + 1] for prompt in prompts])
    assert prefix is not None
    size = FrameSize(rows=len(prompts), length=max(OWN) + STEPS, vocabulary=0)
    with shared_attention(model):
        frame = _Recorder(model, shape, size, Sampling())
        logits = [frame.read([prompt[len(prefix.tokens) :] for prompt in prompts], prefix)]
        for token in following[:-1]:
            frame.ids.fill_(token)
            frame.step()
            logits.append(frame.seen)
    return torch.stack([one.float() for one in logits], 1)


class _Recorder(Frame):
    """A frame that keeps the logits from which it picked last."""

    seen: Tensor

    def pick(self, logits: Tensor) -> Tensor:
        self.seen = logits
        return super().pick(logits)
