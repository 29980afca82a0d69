"""Chooses what a model runs on: device, type of numbers, threads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ballyhoo import EnvironmentMissing

if TYPE_CHECKING:
    import torch

SMALL_MODEL = 50_000_000
"""A model of fewer parameters has one thread."""


def choose_threads(wanted: int, model: Any) -> int:
    """Return how many threads a model has on a CPU; 0 leaves that to torch.

    Several threads wait for each other longer than a small model computes.
    """
    if wanted or model.device.type != "cpu":
        return wanted
    return 1 if model.num_parameters() < SMALL_MODEL else 0


@contextmanager
def use_threads(count: int) -> Iterator[None]:
    """Give torch so many threads for a while; 0 changes nothing."""
    import torch

    before = torch.get_num_threads()
    if count:
        torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def choose_device(wanted: str) -> torch.device:
    """Return the device that the settings want; with `auto` a GPU when there is one.

    Raises:
        EnvironmentMissing: A GPU is wanted, and there is none.
    """
    import torch

    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(wanted)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise EnvironmentMissing(
            f"the device '{wanted}' is not there",
            hint="look at `device` of [plugins.llm_copy], and at nvidia-smi",
        )
    return device


def choose_dtype(wanted: str, device: torch.device) -> torch.dtype:
    """Return what to compute in; `auto` is bfloat16 on a GPU that has it, else float32."""
    import torch

    if wanted == "auto":
        is_fast = device.type == "cuda" and torch.cuda.is_bf16_supported()
        return torch.bfloat16 if is_fast else torch.float32
    dtype: torch.dtype = getattr(torch, wanted)
    return dtype
