"""Attention in which all rows of a batch share the keys and values of their common prefix.

The prefix is multiplied with the queries of all rows at once, so that it is read once a step and
not once for each row (Hydragen, Juravsky et al., 2024; Cascade Inference of FlashInfer). Both
parts have a softmax of their own and are joined by the logarithms of their sums.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from .prefix import Prefix

NAME = "ballyhoo_shared_prefix"
"""What transformers knows this attention by."""

FOREIGN = ("softcap", "s_aux", "head_mask", "position_bias")
"""What some models want of their attention, and this one does not know."""


class UnknownAttention(RuntimeError):
    """A model wants something of its attention that this one does not do."""


@contextmanager
def shared_attention(model: Any) -> Iterator[None]:
    """Let a model use this attention for a while."""
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, attend)
    before = model.config._attn_implementation
    model.set_attn_implementation(NAME)
    try:
        yield
    finally:
        model.set_attn_implementation(before)


def attend(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    prefix: Prefix | None = None,
    **others: Any,
) -> tuple[Tensor, None]:
    """Attend to the prefix and to what a row has of its own.

    Args:
        module: The layer's attention; its `layer_idx` finds the keys of the prefix.
        query: Of the shape (rows, heads, queries, width).
        key: (rows, heads of keys, keys, width): what the rows have of their own.
        value: The same.
        attention_mask: Added to the scores of the own part: (rows, 1, queries, keys).
        scaling: Of the scores; one by the root of the width when None.
        dropout: Not used: nothing is trained here.
        prefix: What the rows share; None when they share nothing.
        others: What else the model says; some of it cannot be done.

    Raises:
        UnknownAttention: It asks for what this attention does not do.
    """
    asked = [name for name in FOREIGN if others.get(name) is not None]
    if asked or attention_mask is None:
        raise UnknownAttention(", ".join(asked) or "a mask of another kind")
    rows, heads, queries, width = query.shape
    groups = key.shape[1]
    shape = (rows, groups, heads // groups, queries, width)
    scale = width**-0.5 if scaling is None else scaling
    query = query * scale
    scores = query.reshape(rows, groups, -1, width) @ key.transpose(2, 3)
    scores = scores.view(*shape[:-1], -1) + attention_mask.unsqueeze(2)
    own, own_sum = _attend_one(scores.view(rows, groups, -1, scores.shape[-1]), value)
    joined = own.view(shape)
    if prefix is not None:
        keys, values = prefix.layers[module.layer_idx]
        flat = query.view(shape).transpose(0, 1).reshape(groups, -1, width)
        scores = flat @ keys.transpose(1, 2)
        if prefix.hidden is not None:
            scores = scores + prefix.hidden
        shared, shared_sum = _attend_one(scores, values)
        turned = (groups, rows, *shape[2:])
        shared = shared.view(turned).transpose(0, 1)
        weight = (
            shared_sum.view(*turned[:-1], 1).transpose(0, 1) - own_sum.view(*shape[:-1], 1)
        ).sigmoid()
        joined = joined + weight.to(joined.dtype) * (shared - joined)
    return joined.reshape(rows, heads, queries, -1).transpose(1, 2).contiguous(), None


def _attend_one(scores: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
    """Return the weighted values, and the logarithm of the sum of the exponentials of the scores.

    The largest weight is the exponential of its score less that logarithm, which saves a second
    pass of exponentials.
    """
    import torch

    weights = torch.softmax(scores, -1, dtype=torch.float32)
    most = weights.amax(-1, keepdim=True)
    sums = scores.amax(-1, keepdim=True).float() - most.log()
    return weights.to(values.dtype) @ values, sums
