"""The commands of workers, and `ballyhoo run` with a broker: what is missing, they say at once."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ballyhoo.core.cli import main

from .redis_server import RedisServer, find_port
from .shop import PLAIN, Shop, run_command

PATIENCE_SECONDS = 15
"""The machine may be busy; the time limits of sockets are three seconds."""


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


Run = Callable[..., Answer]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line in the workspace of a shop, which has to answer soon."""

    def run_here(folder: Path, *arguments: str) -> Answer:
        monkeypatch.chdir(folder)
        capsys.readouterr()
        began = time.monotonic()
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert time.monotonic() - began < PATIENCE_SECONDS
        captured = capsys.readouterr()
        return Answer(int(stop.value.code or 0), captured.out, captured.err)

    return run_here


@pytest.fixture
def silent_url() -> Iterator[str]:
    """The URL of a broker that takes connections and never says anything."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        yield f"redis://:secret@127.0.0.1:{silent.getsockname()[1]}/0"


@pytest.fixture
def dead_url() -> str:
    """The URL of a broker that is down."""
    return f"redis://:secret@127.0.0.1:{find_port()}/0"


def write_settings(folder: Path, **settings: str) -> None:
    text = "".join(f'{name} = "{value}"\n' for name, value in settings.items())
    (folder / "ballyhoo.toml").write_text(text, encoding="utf-8")


def write_recipe(shop: Shop, name: str) -> str:
    file = shop.folder / "campaigns" / f"{name}.yaml"
    file.write_text(PLAIN.format(name=name, more=""), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_without_a_broker_they_say_what_to_set(command: str, tmp_path: Path, run: Run):
    answer = run(tmp_path, command)
    assert answer.code == 3
    assert "there is no broker" in answer.err
    assert "BALLYHOO_BROKER_URL" in answer.err


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_with_the_broker_down_they_end_and_say_so(
    command: str, dead_url: str, tmp_path: Path, run: Run
):
    write_settings(tmp_path, broker_url=dead_url)
    answer = run(tmp_path, command)
    assert answer.code == 3
    assert "Error: the broker redis://127.0.0.1:" in answer.err
    assert "secret" not in answer.err


def test_a_broker_that_never_answers_is_not_waited_for(silent_url: str, tmp_path: Path, run: Run):
    write_settings(tmp_path, broker_url=silent_url)
    answer = run(tmp_path, "worker")
    assert answer.code == 3
    assert "cannot be used: Timeout" in answer.err


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_on_sqlite_they_say_that_they_need_postgresql(
    command: str, redis_server: RedisServer, tmp_path: Path, run: Run
):
    write_settings(tmp_path, broker_url=redis_server.make_url())
    answer = run(tmp_path, command)
    assert answer.code == 3
    assert "need PostgreSQL" in answer.err
    assert not (tmp_path / "ballyhoo.db").exists()


def test_a_misspelt_queue_is_an_error_that_names_the_nearest(tmp_path: Path, run: Run):
    answer = run(tmp_path, "worker", "--queues", "plan,delivery")
    assert answer.code == 2
    assert "there is no queue 'delivery'; did you mean 'deliver'?" in answer.err


def test_run_with_a_broker_lets_workers_do_the_work_and_watches(shop: Shop, run: Run):
    recipe = write_recipe(shop, "watched")
    with run_command(shop, "worker") as worker:
        answer = run(shop.folder, "run", recipe, "--yes", "--json")
        lines = worker.lines
    assert answer.code == 0
    told = json.loads(answer.out)
    assert (told["state"], told["states"]) == ("finished", {"sent": 270, "skipped": 30})
    assert told["adds_up"] is True
    [planned] = [line for line in lines if line["message"] == "planned"]
    assert (planned["run"], planned["step"]) == (told["run"], "plan")
    assert planned["worker"].endswith(f":{worker.pid}")
    assert planned["task"]
    assert "@workers.example" not in worker.said
    assert "Name1" not in worker.said


@pytest.mark.parametrize("broker", ["dead_url", "silent_url"])
def test_run_with_the_broker_down_says_so_and_the_run_is_found_later(
    broker: str, shop: Shop, run: Run, request: pytest.FixtureRequest
):
    recipe = write_recipe(shop, "waiting")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BALLYHOO_BROKER_URL", request.getfixturevalue(broker))
        answer = run(shop.folder, "run", recipe, "--yes", "--detach")
    assert answer.code == 3
    assert "the broker redis://127.0.0.1:" in answer.err
    assert "run 1 is in the ledger" in answer.err
    assert "secret" not in answer.err
    assert shop.read(1).state == "planning"
    if broker == "dead_url":
        with run_command(shop, "worker"):
            assert shop.wait_for_end(1).states == {"sent": 270, "skipped": 30}
