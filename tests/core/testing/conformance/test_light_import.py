"""What a plugin's import loads is found out in a new Python, wherever its module lies."""

from __future__ import annotations

import sys

import pytest

from ballyhoo.core.plugin_loading import load_plugins
from ballyhoo.core.testing.conformance.light_import import find_heavy_imports
from ballyhoo.plugins import outbox

HOOK = "from ballyhoo import hookimpl\n@hookimpl\ndef feedback(events): pass\n"


@pytest.fixture
def load(tmp_path):
    def load(source):
        (tmp_path / "acme.py").write_text(source)
        record = load_plugins(folder=tmp_path, files=["acme.py"]).find("acme")
        assert record is not None
        assert record.error is None
        return record.plugin

    yield load
    sys.modules.pop("ballyhoo_plugin_files.acme", None)


def test_installed_plugin_is_imported_by_its_name():
    assert find_heavy_imports(outbox) == []


def test_plugin_of_a_file_is_imported_from_there(load):
    assert find_heavy_imports(load(HOOK)) == []
    assert find_heavy_imports(load("import sqlalchemy\n" + HOOK)) == ["sqlalchemy"]


def test_what_is_loaded_here_already_does_not_count(load):
    import sqlalchemy

    assert sqlalchemy.__name__ in sys.modules
    assert find_heavy_imports(load(HOOK)) == []


def test_module_that_fails_in_a_new_python_is_an_error_with_its_reason(load):
    # The marker is set here and not there, as for something that only a test patches.
    sys.modules["only_here"] = sys
    try:
        plugin = load("import only_here\n" + HOOK)
        with pytest.raises(RuntimeError, match="No module named 'only_here'"):
            find_heavy_imports(plugin)
    finally:
        del sys.modules["only_here"]


def test_call_is_made_on_the_object_that_the_module_names(load):
    plugin = load(
        "from ballyhoo import hookimpl\n"
        "class Acme:\n"
        "    @hookimpl\n"
        "    def register_functions(self):\n"
        "        import sqlalchemy\n"
        "        return []\n"
        "acme = Acme()\n" + HOOK
    )
    assert find_heavy_imports(plugin.acme) == []
    assert find_heavy_imports(plugin.acme, call="register_functions") == ["sqlalchemy"]
