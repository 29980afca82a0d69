"""Keeps what was learned as plain arrays and JSON, and reads it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ballyhoo import ArtifactRefused, EnvironmentMissing

from ..retrieving.fitting import Fitting
from ..retrieving.index import Index
from ..retrieving.searcher import Searcher, Wording
from .asking import Asking
from .classifier import Classifier
from .features import Features
from .intents import Intents
from .language import Languages
from .scope import Scope
from .words import choose_cutter

if TYPE_CHECKING:
    from .model import Understanding

FORMAT = 1
"""Raised when what stands in an artifact changes its meaning."""
FILE = "understanding.json"
ARRAYS = "understanding.npz"


def save(understanding: Understanding, folder: Path) -> None:
    """Write what was learned into a folder."""
    arrays: dict[str, Any] = {}
    classifier, searcher = understanding.classifier, understanding.searcher
    if classifier is not None:
        intents, scope = classifier.intents, classifier.scope
        arrays |= {
            "margins": intents.margins, "offsets": intents.offsets, "bayes": intents.bayes,
            "owners": intents.owners, "weights": intents.weights,
            "scope_means": scope.means, "scope_spreads": scope.spreads,
            "scope_weights": scope.weights, "scope_floors": scope.floors,
            "scope_numbers": np.array([scope.threshold, scope.temperature]),
            **_split("rows", intents.rows), **_split("spoken", intents.spoken),
        }  # fmt: skip
        if intents.sense is not None and intents.vectors is not None:
            arrays |= {"sense": intents.sense, "vectors": intents.vectors}
    if searcher is not None:
        index = searcher.index
        arrays |= {
            "index_rarity": index.rarity, "index_weights": index.weights,
            "index_starts": index.starts, "index_is_asked": index.is_asked,
            "index_concepts": index.concepts, "index_concept_weights": index.concept_weights,
            "fitting": searcher.fitting.weights,
            **_split("index_rows", index.rows), **_split("index_words", index.words),
        }  # fmt: skip
        if index.vectors is not None:
            arrays["index_vectors"] = index.vectors
    facts = {
        "format": FORMAT,
        "embeddings": understanding.asking.embeddings,
        "languages": understanding.languages.words,
        "intents": None if classifier is None else classifier.names,
        "wordings": None if searcher is None else [asdict(one) for one in searcher.wordings],
        "texts": None if searcher is None else searcher.texts,
    }
    understanding.asking.features.save(folder)
    np.savez(folder / ARRAYS, **arrays)
    (folder / FILE).write_text(json.dumps(facts), encoding="utf-8")


def load(folder: Path, workspace: Path) -> dict[str, Any]:
    """Return what `Understanding` is made of.

    Raises:
        ArtifactRefused: It cannot be read, or another version wrote it.
        EnvironmentMissing: It was learned with rjieba, which is not there.
    """
    try:
        facts = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if facts["format"] != FORMAT:
            raise _refuse(f"it has the format {facts['format']}, where {FORMAT} is read")
        features = Features.load(folder)
        with np.load(folder / ARRAYS, allow_pickle=False) as kept:
            arrays = dict(kept)
        parts = _put_together(facts, features, arrays, workspace)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _refuse(f"it cannot be read: {type(error).__name__}") from None
    if features.cutter == "jieba" and choose_cutter() != "jieba":
        raise EnvironmentMissing(
            "faq_responder learned with rjieba, which is not installed here",
            hint="pip install 'ballyhoo[answers]'",
        )
    return parts


def _put_together(
    facts: Mapping[str, Any],
    features: Features,
    arrays: Mapping[str, Any],
    workspace: Path,
) -> dict[str, Any]:
    classifier = searcher = None
    if facts["intents"] is not None:
        threshold, temperature = arrays["scope_numbers"]
        classifier = Classifier(
            names=tuple(facts["intents"]),
            intents=Intents(
                margins=arrays["margins"], offsets=arrays["offsets"], bayes=arrays["bayes"],
                weights=arrays["weights"], rows=_join("rows", arrays),
                spoken=_join("spoken", arrays), owners=arrays["owners"], sense=arrays.get("sense"),
                vectors=arrays.get("vectors"),
            ),
            features=features,
            scope=Scope(
                means=arrays["scope_means"], spreads=arrays["scope_spreads"],
                weights=arrays["scope_weights"], floors=arrays["scope_floors"],
                threshold=float(threshold),
                temperature=float(temperature),
            ),
        )  # fmt: skip
    if facts["wordings"] is not None:
        searcher = Searcher(
            wordings=tuple(Wording(**one) for one in facts["wordings"]),
            texts=tuple(facts["texts"]),
            index=Index(
                rows=_join("index_rows", arrays), words=_join("index_words", arrays),
                rarity=arrays["index_rarity"], weights=arrays["index_weights"],
                concepts=arrays["index_concepts"], concept_weights=arrays["index_concept_weights"],
                words_end=features.words_end, vectors=arrays.get("index_vectors"),
                starts=arrays["index_starts"], is_asked=arrays["index_is_asked"],
            ),
            fitting=Fitting(weights=arrays["fitting"]),
        )  # fmt: skip
    return {
        "asking": Asking(features, facts["embeddings"], workspace),
        "languages": Languages(facts["languages"]),
        "classifier": classifier,
        "searcher": searcher,
    }


def _split(name: str, matrix: Any) -> dict[str, Any]:
    return {
        f"{name}_data": matrix.data, f"{name}_indices": matrix.indices,
        f"{name}_indptr": matrix.indptr, f"{name}_shape": np.array(matrix.shape),
    }  # fmt: skip


def _join(name: str, arrays: Mapping[str, Any]) -> Any:
    from scipy import sparse

    parts = (arrays[f"{name}_data"], arrays[f"{name}_indices"], arrays[f"{name}_indptr"])
    return sparse.csr_matrix(parts, shape=tuple(arrays[f"{name}_shape"]))


def _refuse(why: str) -> ArtifactRefused:
    return ArtifactRefused(f"what faq_responder has learned cannot be used: {why}")
