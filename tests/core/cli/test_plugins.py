from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_plugins_are_listed_with_hooks_and_options(run: Run) -> None:
    answer = run("plugins")
    assert answer.code == 0
    assert "outbox (ballyhoo 0." in answer.out
    assert "  deliver: folder, template" in answer.out
    assert "plugins loaded, 0 failed" in answer.out


def test_what_failed_is_listed_with_its_reason_and_the_rest_works(run: Run) -> None:
    Path("ballyhoo.toml").write_text("[plugins]\nfiles = ['broken.py']")
    Path("broken.py").write_text("import no_such_module_at_all")
    answer = run("plugins", "--json")
    assert answer.code == 0
    listed = {record["name"]: record for record in json.loads(answer.out)}
    assert set(listed["broken"]) >= {"name", "version", "hooks", "error", "origin", "options"}
    assert listed["broken"]["error"].startswith("ModuleNotFoundError")
    assert listed["broken"]["origin"] == "broken.py"
    assert listed["outbox"]["error"] is None
    assert listed["outbox"]["hooks"] == ["render", "deliver", "channel"]
    assert "folder" in listed["outbox"]["options"]["deliver"]
    assert "did not load: ModuleNotFoundError" in run("plugins").out


def test_what_may_not_load_is_no_failure(run: Run) -> None:
    run("init", "shop")
    Path("shop/ballyhoo.toml").write_text("[plugins]\nallow = ['outbox', 'list_segment']")
    listed = run("--workspace", "shop", "plugins").out
    assert "  not in [plugins] allow of ballyhoo.toml" in listed
    assert listed.endswith("2 plugins loaded, 0 failed, 7 not allowed\n")
    assert run("--workspace", "shop", "doctor").code == 0


def test_what_a_plugin_prints_while_it_is_imported_does_not_stand_in_the_json(run: Run) -> None:
    Path("ballyhoo.toml").write_text("[plugins]\nfiles = ['chatty.py']")
    Path("chatty.py").write_text(
        "from ballyhoo import hookimpl\nprint('here I am')\n"
        "@hookimpl\ndef segment(context):\n    yield 1\n"
    )
    answer = run("plugins", "--json")
    assert "chatty" in [record["name"] for record in json.loads(answer.out)]
    assert answer.err == "here I am\n"
