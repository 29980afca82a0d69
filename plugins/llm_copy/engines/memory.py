"""How many rows fit into the memory, and what is done when they did not."""

from __future__ import annotations

from typing import Any

MOST_ON_CPU = 64
"""On a processor more rows at once do not make it faster."""

MOST_ON_GPU = 256

SHARE = 0.6
"""Of the memory that is free, how much the rows may take."""

COPIES_OF_LOGITS = 6
"""How often the logits of a row are there at the same time, in four bytes each."""

_WORDS = ("not enough memory", "out of memory", "can't allocate memory")


def choose_batch_size(wanted: int, *, device: Any, row_bytes: int, vocabulary: int) -> int:
    """Return how many rows are written at the same time.

    Args:
        wanted: What the settings say; 0 lets the memory decide.
        device: Where the model is.
        row_bytes: What the keys and values of one row take.
        vocabulary: How many logits a row has.
    """
    if wanted:
        return wanted
    if device.type != "cuda":
        return MOST_ON_CPU
    import torch

    free, _ = torch.cuda.mem_get_info(device)
    free += torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    one = 2 * row_bytes + 4 * COPIES_OF_LOGITS * vocabulary
    return int(max(1, min(MOST_ON_GPU, SHARE * free // one)))


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error says that memory ran out, on a GPU or a processor."""
    import torch

    if isinstance(error, torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(word in str(error) for word in _WORDS)


def release_memory() -> None:
    """Give back what is not used any more."""
    import gc

    import torch

    if torch.cuda.is_available():
        gc.collect()
        torch.cuda.empty_cache()
