"""Reads the public sets of questions that answering is measured on, and cuts them into parts."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PARAPHRASES = Path(__file__).parent / "paraphrases.json"
"""Written for this benchmark, by the number of the pair that answers them; `asked_later` after the
list of concepts was finished; `unanswered` are such as no pair answers."""

SHARED = 0.6
"""Templates with this share of their words in common are left out together."""

_SLOT = re.compile(r"\{\{.*?\}\}|[#\d][\w-]*|<.*?>")
_WORD = re.compile(r"[a-z']+|_")
_STOP = frozenset(
    """
    a an the this that these those to of for in on at by with from about and or if but is are am was
    be been do does did done can could would will shall should may might must have has had having i
    i'd i'm i've me my mine we us our you your he she it its they them what where when which who how
    why there here please help want need like know see try trying get getting got make making give
    tell show let go find looking look information info question questions problem problems issue
    issues some any more no not don't doesn't can't out up off just so as not
    """.split()  # noqa: SIM905
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ed", "es", "s", "e")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSet:
    """Questions with their intents.

    Attributes:
        texts: The questions.
        owners: The number of each one's intent.
        names: Of the intents.
    """

    texts: list[str]
    owners: npt.NDArray[np.int64]
    names: list[str]


def read_questions(path: Path, text: str, intent: str) -> QuestionSet | None:
    """Return the questions of a CSV by the names of its columns; None when it is not there."""
    if not path.is_file():
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    names, owners = np.unique([row[intent] for row in rows], return_inverse=True)
    texts = [row[text] for row in rows]
    return QuestionSet(texts=texts, owners=owners.astype(np.int64), names=names.tolist())


def read_pairs(folder: Path) -> list[dict[str, str]] | None:
    """Return questions and answers of ecommerce-faq; None when it is not there."""
    path = folder / "Ecommerce_FAQ_Chatbot_dataset.json"
    if not path.is_file():
        return None
    pairs: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))["questions"]
    return pairs


def read_paraphrases() -> dict[str, Any]:
    """Return our own questions."""
    told: dict[str, Any] = json.loads(PARAPHRASES.read_text(encoding="utf-8"))
    return told


def fold_by_intent(owners: npt.NDArray[np.int64], folds: int, seed: int) -> npt.NDArray[np.int64]:
    """Return the fold of each question, those of an intent spread evenly."""
    random = np.random.default_rng(seed)
    dealt = np.zeros(len(owners), np.int64)
    for intent in range(int(owners.max()) + 1):
        places = random.permutation(np.flatnonzero(owners == intent))
        dealt[places] = np.arange(len(places)) % folds
    return dealt


def fold_by_template(texts: list[str], folds: int) -> tuple[npt.NDArray[np.int64], int]:
    """Return the fold of each question, and how many clusters of templates there are.

    None of them is in two folds.
    """
    groups: dict[frozenset[str], list[int]] = {}
    for place, text in enumerate(texts):
        groups.setdefault(find_template(text), []).append(place)
    clusters: dict[int, list[int]] = {}
    for places, cluster in zip(groups.values(), _cluster(list(groups)), strict=True):
        clusters.setdefault(cluster, []).extend(places)
    dealt = np.zeros(len(texts), np.int64)
    sizes = np.zeros(folds)
    for places in sorted(clusters.values(), key=len, reverse=True):
        smallest = int(sizes.argmin())
        dealt[places] = smallest
        sizes[smallest] += len(places)
    return dealt, len(clusters)


def _cluster(templates: list[frozenset[str]]) -> list[int]:
    """Return the cluster of each template: those that share enough words, also over others."""
    cluster = list(range(len(templates)))

    def find(one: int) -> int:
        while cluster[one] != one:
            cluster[one] = cluster[cluster[one]]
            one = cluster[one]
        return one

    for one, words in enumerate(templates):
        for other in range(one):
            both = len(words & templates[other])
            if both and both >= SHARED * len(words | templates[other]):
                cluster[find(one)] = find(other)
    return [find(one) for one in range(len(templates))]


def find_template(text: str) -> frozenset[str]:
    """Return what is left of a question without slots, small words and endings."""
    masked = _SLOT.sub(" _ ", text.lower())
    return frozenset(_cut(one) for one in _WORD.findall(masked) if one not in _STOP)


def _cut(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word
