from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from ballyhoo.core import plugin_loading
from ballyhoo.core.plugin_loading import load_plugins

GOOD = """
from ballyhoo import hookimpl

@hookimpl
def segment(context):
    return [1, 2]
"""


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_bundled_plugins_load_by_their_entry_points(tmp_path: Path) -> None:
    registry = load_plugins(folder=tmp_path)
    assert {"copy_guard", "list_segment", "outbox"} <= set(registry.names())
    record = registry.find("outbox")
    assert record is not None
    assert record.origin == "ballyhoo"
    assert record.version
    assert record.hooks == ("render", "deliver", "channel")


def test_a_file_is_a_plugin_of_its_own_name(tmp_path: Path) -> None:
    write(tmp_path, "vip.py", GOOD)
    registry = load_plugins(folder=tmp_path, files=["vip.py"])
    assert registry.call("vip", "segment", context=None, options=None) == [1, 2]


def test_a_folder_holds_a_plugin_in_each_file_and_package(tmp_path: Path) -> None:
    write(tmp_path, "mine/one.py", GOOD)
    write(tmp_path, "mine/two/__init__.py", GOOD)
    write(tmp_path, "mine/_notes.py", "raise RuntimeError('not a plugin')")
    registry = load_plugins(folder=tmp_path, files=["mine"])
    assert {"one", "two"} <= set(registry.names("segment"))
    assert registry.find("_notes") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import no_such_module_at_all", "ModuleNotFoundError: No module named 'no_such_module"),
        ("def (:", "SyntaxError: invalid syntax"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("x = 1", "plugin 'bad' implements no hook"),
        (GOOD.replace("def segment", "def segmnt"), "there is no hook 'segmnt'"),
    ],
)
def test_a_plugin_that_fails_is_reported_and_leaves_the_rest_working(
    tmp_path: Path, text: str, reason: str
) -> None:
    write(tmp_path, "bad.py", text)
    write(tmp_path, "good.py", GOOD)
    registry = load_plugins(folder=tmp_path, files=["bad.py", "good.py"])
    bad = registry.find("bad")
    assert bad is not None
    assert reason in (bad.error or "")
    assert bad.origin == "bad.py"
    assert registry.call("good", "segment", context=None, options=None) == [1, 2]
    assert "bad" not in registry.names()


def test_a_missing_file_is_reported_by_name(tmp_path: Path) -> None:
    record = load_plugins(folder=tmp_path, files=["gone.py"]).find("gone")
    assert record is not None
    assert record.error == "gone.py does not exist"


def test_an_entry_point_that_fails_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = [
        EntryPoint("broken", "no_such_module_at_all", "ballyhoo"),
        EntryPoint("outbox", "ballyhoo.plugins.outbox", "ballyhoo"),
    ]
    monkeypatch.setattr(plugin_loading, "find_entry_points", lambda group: points)
    registry = load_plugins(folder=tmp_path)
    broken = registry.find("broken")
    assert broken is not None
    assert broken.error == "ModuleNotFoundError: No module named 'no_such_module_at_all'"
    assert registry.names() == ["outbox"]


def test_two_plugins_of_one_name_are_both_reported(tmp_path: Path) -> None:
    write(tmp_path, "outbox.py", GOOD)
    registry = load_plugins(folder=tmp_path, files=["outbox.py"])
    errors = [record.error for record in registry if record.name == "outbox" and record.error]
    assert len(errors) == 1
    assert "the name is taken by ballyhoo" in errors[0]
    assert "deliver" in (registry.find("outbox") or pytest.fail("gone")).hooks


def test_the_allow_list_takes_plugins_and_distributions(tmp_path: Path) -> None:
    write(tmp_path, "vip.py", GOOD)
    by_distribution = load_plugins(folder=tmp_path, files=["vip.py"], allow={"ballyhoo"})
    assert {"outbox", "list_segment", "copy_guard"} <= set(by_distribution.names())
    vip = by_distribution.find("vip")
    assert vip is not None
    assert vip.error == "not in [plugins] allow of ballyhoo.toml"
    assert load_plugins(folder=tmp_path, files=["vip.py"], allow={"vip"}).names() == ["vip"]


def test_what_may_not_load_is_not_even_imported(tmp_path: Path) -> None:
    write(tmp_path, "loud.py", f"open({str(tmp_path / 'ran')!r}, 'w').close()\n{GOOD}")
    load_plugins(folder=tmp_path, files=["loud.py"], allow=set())
    assert not (tmp_path / "ran").exists()


def test_a_file_does_not_hide_an_installed_module(tmp_path: Path) -> None:
    write(tmp_path, "json.py", GOOD)
    registry = load_plugins(folder=tmp_path, files=["json.py"])
    assert "json" in registry.names()
    assert sys.modules["json"].__name__ == "json"
    assert hasattr(sys.modules["json"], "loads")


def test_reserved_names_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "allow.py", GOOD)
    record = load_plugins(folder=tmp_path, files=["allow.py"]).find("allow")
    assert record is not None
    assert record.error == "ValueError: 'allow' cannot be a plugin's name"
