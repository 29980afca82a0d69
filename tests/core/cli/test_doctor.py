from __future__ import annotations

import json
import socket
import threading
import zoneinfo
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.policy.zones import find_zone

Run = Callable[..., Any]


@pytest.fixture
def workspace(run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    run("init", "shop")
    monkeypatch.chdir(Path("shop"))
    return Path.cwd()


@pytest.fixture
def greeting_server() -> Iterator[int]:
    """A server that greets as a mail server does."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"220 mail.example ready\r\n")

        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(timeout=5)


def find(run: Run, what: str) -> dict[str, Any]:
    findings = {finding["what"]: finding for finding in json.loads(run("doctor", "--json").out)}
    found = findings[what]
    assert isinstance(found, dict)
    return found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_new_workspace_is_well(run: Run, workspace: Path) -> None:
    answer = run("doctor")
    assert answer.code == 0
    assert all(line.startswith("ok ") for line in answer.out.splitlines())
    assert {"what", "ok", "hint"} == set(find(run, "workspace"))


def test_without_a_workspace_it_says_how_to_make_one(run: Run) -> None:
    answer = run("doctor")
    assert answer.code == 1
    assert "'ballyhoo init DIR' makes a workspace" in answer.out


def test_machine_without_a_time_zone_database_is_found(run: Run, workspace: Path) -> None:
    if find_spec("tzdata") is not None:
        pytest.skip("the package tzdata is installed, so there always is one")
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()
    find_zone.cache_clear()
    try:
        found = find(run, "time zones")
    finally:
        zoneinfo.reset_tzpath()
        find_zone.cache_clear()
    assert found["ok"] is False
    assert found["hint"].endswith("pip install tzdata")


def test_a_recipe_with_mistakes_is_found(run: Run, workspace: Path) -> None:
    Path("campaigns/hello.yaml").write_text("campaing: x\n")
    found = find(run, "campaigns/hello.yaml")
    assert found["ok"] is False
    assert found["hint"] == "3 mistakes; 'ballyhoo check campaigns/hello.yaml' lists them"


@pytest.mark.parametrize(
    ("variable", "url", "what"),
    [
        ("BALLYHOO_BROKER_URL", "redis://:hush@127.0.0.1:{port}/0", "broker"),
        ("BALLYHOO_BROKER_URL", "amqp://me:hush@127.0.0.1:{port}//", "broker"),
        ("BALLYHOO_SMTP_URL", "smtp://me:hush@127.0.0.1:{port}", "smtp"),
        ("BALLYHOO_SMTP_URL", "hush", "smtp"),
        ("BALLYHOO_DATABASE_URL", "sqlite:////no/such/folder/hush/x.db", "database"),
    ],
)
def test_a_server_that_does_not_answer_is_found_and_no_password_shown(
    run: Run,
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    url: str,
    what: str,
) -> None:
    monkeypatch.setenv(variable, url.format(port=free_port()))
    found = find(run, what)
    assert found["ok"] is False
    if "@" in url:
        assert "hush" not in found["hint"]


def test_a_mail_server_that_greets_is_well(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch, greeting_server: int
) -> None:
    monkeypatch.setenv("BALLYHOO_SMTP_URL", f"smtp://127.0.0.1:{greeting_server}")
    assert find(run, "smtp") == {
        "what": "smtp",
        "ok": True,
        "hint": f"smtp://127.0.0.1:{greeting_server}",
    }


def test_a_database_that_answers_is_well(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLYHOO_DATABASE_URL", f"sqlite:///{workspace}/other.db")
    assert find(run, "database")["ok"] is True


def test_misspelt_variables_settings_and_missing_keys_are_found(
    run: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLYHOO_DATABSE_URL", "x")
    assert find(run, "BALLYHOO_DATABSE_URL")["ok"] is False
    Path("ballyhoo.local.toml").unlink()
    assert find(run, "keys")["hint"].startswith("set secret_key, assignment_key, suppression_key")
    Path("ballyhoo.toml").write_text("[plugins.outbx]\nx = 1")
    assert (
        find(run, "plugin outbx")["hint"] == "[plugins.outbx] is set, but there is no such plugin"
    )
    Path("ballyhoo.toml").write_text("[brand]\nnam = 'x'")
    assert find(run, "settings")["hint"] == (
        "ballyhoo.toml: brand.nam: unknown setting; did you mean 'name'?"
    )
