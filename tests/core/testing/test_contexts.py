"""A made context has parts that work, and a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ballyhoo import EnvironmentMissing
from ballyhoo.testing import SAMPLE_NOW, SimulatedClock, make_context, sample_store


def test_every_part_works_without_being_given():
    context = make_context()
    assert (context.plugin, context.seed, context.run_id) == ("plugin", 1, None)
    assert context.clock.now() == SAMPLE_NOW
    assert list(context.store.customer_ids()) == []
    assert context.folder.is_dir()
    assert list(context.folder.iterdir()) == []
    assert context.log.name == "ballyhoo.plugin"
    context.progress(1)
    context.progress(1, 2)
    with pytest.raises(EnvironmentMissing):
        context.artifacts.read()
    with context.artifacts.write() as folder:
        (folder / "model").touch()
    assert (context.artifacts.read() / "model").exists()


def test_contexts_share_no_folder():
    one, two = make_context(), make_context()
    assert one.folder != two.folder
    with one.artifacts.write():
        pass
    with pytest.raises(EnvironmentMissing):
        two.artifacts.read()


def test_given_parts_are_taken(tmp_path):
    store, clock, said = sample_store(), SimulatedClock(SAMPLE_NOW), []
    context = make_context(
        "acme",
        seed=7,
        store=store,
        clock=clock,
        folder=tmp_path / "shop",
        settings={"key": 1},
        run_id=3,
        progress=lambda done, total=None: said.append((done, total)),
    )
    assert (context.plugin, context.seed, context.run_id) == ("acme", 7, 3)
    assert context.store is store
    assert context.clock is clock
    assert context.folder == tmp_path / "shop"
    assert context.folder.is_dir()
    assert context.settings == {"key": 1}
    context.progress(2, 5)
    assert said == [(2, 5)]


def test_folders_are_gone_when_python_ends():
    script = "from ballyhoo.testing import make_context; print(make_context().folder)"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    folder = Path(ran.stdout.strip())
    assert folder.is_absolute()
    assert not folder.exists()
