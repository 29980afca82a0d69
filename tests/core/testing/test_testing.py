"""`ballyhoo.testing` names what it has, loads it on use, and needs pytest for kits only."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ballyhoo.testing

KITS = [name for name in ballyhoo.testing.__all__ if name.endswith("Conformance")]


def run(script: str) -> str:
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def test_every_public_name_is_there_and_known_to_type_checkers():
    tree = ast.parse(Path(ballyhoo.testing.__file__).read_text(encoding="utf-8"))
    [checking] = [node for node in tree.body if isinstance(node, ast.If)]
    imported = {
        (alias.name, node.module.removeprefix("core.testing."))
        for node in checking.body
        for alias in node.names
    }
    assert {name for name, _ in imported} == set(ballyhoo.testing.__all__)
    for name, module in imported:
        assert getattr(ballyhoo.testing, name) is not None
        loaded = sys.modules[f"ballyhoo.core.testing.{module}"]
        assert getattr(loaded, name) is getattr(ballyhoo.testing, name)
    assert dir(ballyhoo.testing) == sorted(ballyhoo.testing.__all__)


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        ballyhoo.testing.Nothing  # noqa: B018 - asking for it is the test


def test_there_is_a_kit_for_every_hook():
    from ballyhoo.core.registry import hook_names

    covered = {getattr(ballyhoo.testing, name).hook for name in KITS}
    assert covered | {"render", "channel"} == set(hook_names())


def test_fakes_and_samples_need_no_pytest():
    names = sorted(set(ballyhoo.testing.__all__) - set(KITS))
    script = f"from ballyhoo.testing import {', '.join(names)}\nimport sys\n"
    assert run(script + "print('pytest' in sys.modules)") == "False"


def test_importing_ballyhoo_loads_nothing_to_test_with():
    script = "import ballyhoo, ballyhoo.core.cli, sys\n"
    loaded = "[name for name in sys.modules if 'testing' in name and 'ballyhoo' in name]"
    assert run(f"{script}print({loaded})") == "[]"


@pytest.mark.parametrize("name", KITS)
def test_kit_is_not_collected_and_names_its_fixtures(name):
    kit = getattr(ballyhoo.testing, name)
    assert kit.__test__ is False
    assert "Fixtures to supply: `plugin`" in kit.__doc__
