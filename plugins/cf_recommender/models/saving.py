"""Models in a folder: arrays without pickles, and one JSON that says what they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ballyhoo import DataError

from .factors import FactorWeights
from .item_weights import Arrays, ItemWeights, SparseItemWeights
from .known_scores import KnownScores
from .ranker import Ranker

if TYPE_CHECKING:
    from .model import Model

FORMAT = 1
"""Counts up with each change of what is kept."""

_INDEX = "model.json"
_KINDS: dict[str, Any] = {
    kind.__name__: kind for kind in (ItemWeights, SparseItemWeights, FactorWeights, KnownScores)
}


def save_model(model: Model, folder: Path) -> None:
    """Write a model into a folder, which is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays: Arrays = {
        "product_ids": model.product_ids,
        "popularity": model.popularity,
        **model.weights.to_arrays(),
        **(model.ranker.to_arrays() if model.ranker is not None else {}),
    }
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", np.ascontiguousarray(array), allow_pickle=False)
    index = {
        "format": FORMAT,
        "algorithm": model.algorithm,
        "notes": list(model.notes),
        "fitted_at": model.fitted_at,
        "half_life_days": model.half_life_days,
        "popularity_weight": model.popularity_weight,
        "weights": type(model.weights).__name__,
        "ranked_tasks": list(model.ranker.tasks) if model.ranker is not None else [],
        "arrays": {
            name: {"shape": list(array.shape), "dtype": str(array.dtype)}
            for name, array in arrays.items()
        },
    }
    (folder / _INDEX).write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")


def load_model(folder: Path) -> Model:
    """Return the model that was saved in a folder; its arrays stay in their files.

    Raises:
        DataError: It is damaged, or was saved by another version of this module.
    """
    from .model import Model

    index = _read_index(folder)
    arrays = {name: _open_array(folder, name, one) for name, one in index["arrays"].items()}
    try:
        return Model(
            algorithm=index["algorithm"],
            notes=tuple(index["notes"]),
            fitted_at=index["fitted_at"],
            half_life_days=index["half_life_days"],
            product_ids=arrays.pop("product_ids"),
            popularity=arrays.pop("popularity"),
            popularity_weight=index["popularity_weight"],
            weights=_KINDS[index["weights"]].from_arrays(arrays),
            ranker=_open_ranker(arrays, tuple(index["ranked_tasks"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(folder, f"it lacks {error}") from None


def _open_ranker(arrays: Arrays, tasks: tuple[str, ...]) -> Ranker | None:
    return Ranker.from_arrays(arrays, tasks) if tasks else None


def _read_index(folder: Path) -> dict[str, Any]:
    try:
        index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        kept = index["format"]
        index["arrays"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise _damaged(folder, f"{_INDEX} cannot be read") from None
    if kept != FORMAT:
        raise DataError(
            f"The model in {folder} has format {kept}, and this version reads {FORMAT}",
            hint="train it again",
        )
    found: dict[str, Any] = index
    return found


def _open_array(folder: Path, name: str, expected: dict[str, Any]) -> Any:
    try:
        array = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        raise _damaged(folder, f"{name}.npy cannot be read") from None
    if list(array.shape) != expected["shape"] or str(array.dtype) != expected["dtype"]:
        raise _damaged(folder, f"{name}.npy is not as {_INDEX} says")
    return array


def _damaged(folder: Path, why: str) -> DataError:
    return DataError(f"The model in {folder} is damaged: {why}", hint="train it again")
