"""What training leaves behind: the model, and what is known of the products; saved and opened."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ballyhoo import ArtifactRefused, DataError

from .models.model import Model

FORMAT = 1
"""Raised when what stands in an artifact changes its meaning."""

_ARRAYS = (
    "product_ids", "categories", "vectors", "demand", "seen_at", "neighbours", "nearness",
    "partners", "bonds",
)  # fmt: skip
_OPEN_AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learned:
    """The products of the shop at training, and the model of those that somebody cared for.

    Attributes:
        model: None when nobody ever did anything.
        product_ids: Our ids of all products, ascending; places point here.
        categories: The narrowest category of each, as an index into `category_names`, or -1.
        category_names: Names of categories.
        vectors: What each is about, of length one, or zeros: [products x dimensions].
        demand: The share of buyers that each had lately: [1 + countries x products].
        seen_at: When something first happened to each, UTC milliseconds; a moment that never comes
            for one to which nothing did.
        countries: Of the rows of `demand` after the first.
        warm: The places of the model's products.
        cold: The places of the others.
        neighbours: Of each cold product, products of the model that are like it: [cold x some].
        nearness: How much each of them counts; the sum is at most 1.
        partners: Of each product of the model, those that are bought with it, -1 for none.
        bonds: How strongly, at most 1.
    """

    model: Model | None
    product_ids: npt.NDArray[np.int64]
    categories: npt.NDArray[np.int32]
    category_names: tuple[str, ...]
    vectors: npt.NDArray[np.float32]
    demand: npt.NDArray[np.float32]
    seen_at: npt.NDArray[np.int64]
    countries: tuple[str, ...]
    warm: npt.NDArray[np.int64]
    cold: npt.NDArray[np.int64]
    neighbours: npt.NDArray[np.int32]
    nearness: npt.NDArray[np.float32]
    partners: npt.NDArray[np.int32]
    bonds: npt.NDArray[np.float32]

    def find(self, ids: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Return the places of products by our ids; those that are not known are left out."""
        wanted = np.unique(np.asarray(ids, np.int64))
        return np.flatnonzero(np.isin(self.product_ids, wanted, assume_unique=True))

    def name_category(self, place: int) -> str | None:
        """Return the name of a product's narrowest category."""
        category = int(self.categories[place])
        return None if category < 0 else self.category_names[category]

    def save(self, folder: Path) -> None:
        """Write it into an empty folder."""
        if self.model is not None:
            (folder / "model").mkdir()
            self.model.save(folder / "model")
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)
        facts = {
            "format": FORMAT,
            "has_model": self.model is not None,
            "categories": self.category_names,
            "countries": self.countries,
        }
        (folder / "learned.json").write_text(json.dumps(facts), encoding="utf-8")


def split_products(
    product_ids: npt.NDArray[np.int64], model: Model | None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the places of the model's products, and those of the others."""
    known = np.zeros(0, np.int64) if model is None else model.product_ids
    is_known = np.isin(product_ids, known, assume_unique=True)
    return np.flatnonzero(is_known), np.flatnonzero(~is_known)


def open_learned(folder: Path) -> Learned:
    """Return what was learned, from its folder; kept open for the next batch of this process.

    Big arrays are mapped into memory, so that processes of one machine share them.

    Raises:
        ArtifactRefused: It cannot be read, or another version of Ballyhoo wrote it.
    """
    try:
        written = (folder / "learned.json").stat()
    except OSError:
        raise _refuse("it has no learned.json") from None
    return _open(folder, (written.st_mtime_ns, written.st_ino))


@lru_cache(maxsize=_OPEN_AT_ONCE)
def _open(folder: Path, written: tuple[int, int]) -> Learned:
    try:
        facts = json.loads((folder / "learned.json").read_text(encoding="utf-8"))
        if facts["format"] != FORMAT:
            raise _refuse(f"it has the format {facts['format']}, where {FORMAT} is read")
        arrays: dict[str, Any] = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in _ARRAYS
        }
        model = _open_model(folder / "model") if facts["has_model"] else None
        learned = _put_together(model, facts, arrays)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _refuse(f"it cannot be read: {type(error).__name__}") from None
    return learned


def _open_model(folder: Path) -> Model:
    from .models.saving import load_model

    try:
        return load_model(folder)
    except DataError as error:
        raise _refuse(error.message) from None


def _put_together(model: Model | None, facts: dict[str, Any], arrays: dict[str, Any]) -> Learned:
    warm, cold = split_products(arrays["product_ids"], model)
    sizes = {
        len(arrays["categories"]), len(arrays["vectors"]), arrays["demand"].shape[1],
        len(arrays["seen_at"]), len(arrays["product_ids"]),
    }  # fmt: skip
    split = (len(arrays["neighbours"]), len(arrays["partners"]))
    if len(sizes) != 1 or split != (len(cold), len(warm)):
        raise ValueError("its parts do not fit")
    return Learned(
        model=model,
        category_names=tuple(facts["categories"]),
        countries=tuple(facts["countries"]),
        warm=warm,
        cold=cold,
        **arrays,
    )


def _refuse(why: str) -> ArtifactRefused:
    return ArtifactRefused(f"what cf_recommender has learned cannot be used: {why}")
