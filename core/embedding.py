"""What a language model makes of texts: its hidden states, averaged over the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .errors import EnvironmentMissing

BATCH = 64
MOST_TOKENS = 256


def embed_texts(
    texts: Sequence[str],
    model: str,
    *,
    folder: Path,
    option: str,
    extra: str = "llm",
    most_tokens: int = MOST_TOKENS,
    progress: Callable[[int, int], None] | None = None,
) -> npt.NDArray[np.float32]:
    """Return a vector per text, aligned, on the GPU when there is one.

    Args:
        texts: Of any language that the model knows; the end of long ones is not read.
        model: A folder, seen from the workspace, or the id of a model on the hub.
        folder: The workspace.
        option: What asks for it, for messages (`recommend.embed`).
        extra: The extra of Ballyhoo that brings what it needs.
        most_tokens: Of a text; what stands behind is not read.
        progress: Is told how many of how many texts are through.

    Raises:
        EnvironmentMissing: The libraries or the model are not there.
    """
    inside = folder / model
    torch, tokenizer, network = _load(str(inside) if inside.is_dir() else model, option, extra)
    device = network.device
    longest = min(most_tokens, getattr(network.config, "max_position_embeddings", most_tokens))
    made: npt.NDArray[np.float32] | None = None
    # Texts of a batch are padded to the longest of them: equals together.
    order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            read = tokenizer(
                [texts[index] or " " for index in part],
                padding=True, truncation=True, max_length=longest, return_tensors="pt",
            ).to(device)  # fmt: skip
            ids, mask = read["input_ids"], read["attention_mask"]
            states = network(input_ids=ids, attention_mask=mask).last_hidden_state
            mask = mask.unsqueeze(-1).to(states.dtype)
            means = (states * mask).sum(1) / mask.sum(1).clamp(min=1)
            if made is None:
                made = np.zeros((len(texts), means.shape[1]), np.float32)
            made[part] = means.float().cpu().numpy()
            if progress:
                progress(start + len(part), len(texts))
    return np.zeros((0, network.config.hidden_size), np.float32) if made is None else made


@lru_cache(maxsize=2)
def _load(where: str, option: str, extra: str) -> Any:
    try:
        import torch
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging
    except ImportError:
        raise EnvironmentMissing(
            f"{option} needs torch and transformers, which are not installed",
            hint=f"pip install 'ballyhoo[{extra}]'",
        ) from None
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        tokenizer = AutoTokenizer.from_pretrained(where)
        network = AutoModel.from_pretrained(where)
    except (OSError, ValueError) as error:
        raise EnvironmentMissing(
            f"the model '{Path(where).name}' of {option} cannot be loaded: {type(error).__name__}",
            hint="give a folder of the workspace with the model in it, or the id of one on the hub",
        ) from None
    if tokenizer.pad_token is None:  # models that write have none
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch, tokenizer, network.to(device).eval()
