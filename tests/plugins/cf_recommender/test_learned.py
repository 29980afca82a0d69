"""What was learned is kept in files that any machine reads; a damaged one is refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ballyhoo import ArtifactRefused
from ballyhoo.plugins.cf_recommender import learned as module
from ballyhoo.plugins.cf_recommender.learned import Learned, open_learned

from .shop import make_shop, recommend


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = make_shop(customers=40)
    _, context = recommend(shop.store, tmp_path_factory.mktemp("workspace"), shop.customers[:1])
    return context.artifacts.read()


@pytest.fixture
def folder(artifact: Path, tmp_path: Path) -> Path:
    import shutil

    return shutil.copytree(artifact, tmp_path / "artifact")


def test_it_is_opened_once_and_its_arrays_stay_in_their_files(artifact: Path) -> None:
    opened = open_learned(artifact)
    assert open_learned(artifact) is opened
    assert isinstance(opened.vectors, np.memmap)
    assert isinstance(opened, Learned)


def test_there_is_no_pickle_in_it(artifact: Path) -> None:
    names = {path.suffix for path in artifact.rglob("*") if path.is_file()}
    assert names <= {".npy", ".npz", ".json"}
    for path in artifact.rglob("*.npy"):
        np.load(path, allow_pickle=False)


def _cut(folder: Path) -> None:
    path = folder / "vectors.npy"
    path.write_bytes(path.read_bytes()[:200])


def _lose(folder: Path) -> None:
    (folder / "demand.npy").unlink()


def _shorten(folder: Path) -> None:
    np.save(folder / "categories.npy", np.zeros(3, np.int32))


def _scribble(folder: Path) -> None:
    (folder / "learned.json").write_text("{")


def _age(folder: Path) -> None:
    facts = json.loads((folder / "learned.json").read_text())
    (folder / "learned.json").write_text(json.dumps({**facts, "format": module.FORMAT - 1}))


def _empty(folder: Path) -> None:
    (folder / "learned.json").unlink()


def _lose_model(folder: Path) -> None:
    for path in (folder / "model").iterdir():
        path.unlink()


HARM = {
    "cut off": _cut,
    "an array lost": _lose,
    "an array too short": _shorten,
    "no JSON": _scribble,
    "older": _age,
    "without its facts": _empty,
    "without its model": _lose_model,
}


@pytest.mark.parametrize("harm", HARM.values(), ids=HARM)
def test_what_cannot_be_used_is_refused_and_it_is_said_what_to_do(
    folder: Path, harm: Callable[[Path], None]
) -> None:
    harm(folder)
    with pytest.raises(ArtifactRefused, match="ballyhoo train RECIPE"):
        open_learned(folder)


def test_one_that_was_made_anew_in_the_same_place_is_read_anew(folder: Path) -> None:
    before = open_learned(folder)
    np.save(folder / "demand.npy", np.asarray(before.demand) * 0)
    content = (folder / "learned.json").read_text()
    (folder / "learned.json").unlink()
    (folder / "learned.json").write_text(content)
    assert not open_learned(folder).demand.any()
