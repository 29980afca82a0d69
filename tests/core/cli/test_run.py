from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.engine import executors

from .shop import RECIPE, WRITTEN, open_shop, read_post, set_mood

Run = Callable[..., Any]
NAMES = ("ada", "bo", "cy", "di", "ed")
BALLYHOO = [sys.executable, "-c", "from ballyhoo.core.cli import main; main()"]
BELL = '''\
"""An executor whose worker is a thread of this process."""

import threading

from ballyhoo.core.engine.embedded import run_here
from ballyhoo.core.engine.engine import open_engine


class Bell:
    def __init__(self, workspace):
        self.workspace = workspace

    def start(self, run_id):
        with open("rung.txt", "a") as file:
            file.write(f"{run_id}\\n")
        if (self.workspace.folder / "asleep").exists():
            return
        threading.Thread(target=self.work, args=(run_id,)).start()

    def work(self, run_id):
        with open_engine(self.workspace) as engine:
            run_here(engine, run_id)
'''


@pytest.fixture(autouse=True)
def shop(run: Run) -> None:
    open_shop(run, NAMES)


@pytest.fixture
def bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A broker, and an installed package with an executor for it."""
    site = tmp_path / "site"
    info = site / "bell-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "bell.py").write_text(BELL)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bell\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[ballyhoo.executors]\nbell = bell:Bell\n")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setattr(executors, "CELERY", "bell")
    monkeypatch.setenv("BALLYHOO_BROKER_URL", "bell://")
    yield
    sys.modules.pop("bell", None)


def start(*arguments: str, **how: Any) -> subprocess.Popen[str]:
    """Start a command as a process of its own."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    return subprocess.Popen([*BALLYHOO, *arguments], text=True, **{**streams, **how})


def wait_until(is_so: Callable[[], object]) -> None:
    ends = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_a_run_plans_sends_and_shows_a_receipt_that_adds_up(run: Run) -> None:
    answer = run("run", "r.yaml", "--yes", "--json")
    assert answer.code == 0
    shown = json.loads(answer.out)
    assert {name: shown[name] for name in ("run", "state", "audience", "states", "skipped")} == {
        "run": 1, "state": "finished", "audience": 5, "states": {"sent": 5}, "skipped": {},
    }  # fmt: skip
    assert shown["adds_up"] is True
    assert shown["way"] == "started"
    assert answer.err == "run 1 of 'letter' started\n"
    assert read_post()[0] == "ada@customers.example Hello Ada"
    assert len(read_post()) == 5


def test_the_receipt_is_for_people_too(run: Run) -> None:
    out = run("run", "r.yaml", "--yes").out
    assert out.startswith("run 1 of 'letter': finished at ")
    assert "  audience         5  and the receipt adds up\n  sent             5\n" in out


def test_without_a_terminal_and_without_yes_nothing_is_started(run: Run) -> None:
    answer = run("run", "r.yaml")
    assert answer.code == 2
    assert "--yes starts it without asking" in answer.err
    assert "there is no run yet" in run("status").out
    assert read_post() == []


@pytest.mark.parametrize(("said", "code", "sent"), [("y\n", 0, 5), ("n\n", 130, 0)])
def test_on_a_terminal_the_plan_is_shown_and_a_person_is_asked(
    said: str, code: int, sent: int
) -> None:
    ours, theirs = pty.openpty()
    process = start("run", "r.yaml", stdin=theirs)
    os.write(ours, said.encode())
    out, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == code
    assert out.startswith("letter: 5 messages for an audience of 5 people\n")
    assert "Start it? [y/N]:" in err
    assert len(read_post()) == sent


def test_on_a_terminal_the_json_has_standard_output_to_itself() -> None:
    ours, theirs = pty.openpty()
    process = start("run", "r.yaml", "--json", stdin=theirs)
    os.write(ours, b"y\n")
    out, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert json.loads(out)["states"] == {"sent": 5}
    assert "letter: 5 messages for an audience of 5 people\n" in err


def test_a_finished_run_shows_its_receipt_and_sends_nothing(run: Run) -> None:
    run("run", "r.yaml", "--yes")
    answer = run("run", "r.yaml", "--json")
    assert answer.code == 0
    shown = json.loads(answer.out)
    assert (shown["run"], shown["way"], shown["states"]) == (1, "finished", {"sent": 5})
    assert "run 1 of 'letter' is finished; --new starts another" in answer.err
    assert len(read_post()) == 5


def test_new_starts_another_run_in_which_nobody_is_written_to_again(run: Run) -> None:
    run("run", "r.yaml", "--yes")
    shown = json.loads(run("run", "r.yaml", "--new", "--yes", "--json").out)
    assert (shown["run"], shown["skipped"]) == (2, {"again": 5})
    assert len(read_post()) == 5


def test_a_limit_and_then_the_whole_write_to_each_once(run: Run) -> None:
    first = json.loads(run("run", "r.yaml", "--limit", "2", "--yes", "--json").out)
    assert first["skipped"] == {"limit": 3}
    whole = json.loads(run("run", "r.yaml", "--yes", "--json").out)
    assert (whole["run"], whole["skipped"]) == (2, {"again": 2})
    assert len(set(read_post())) == len(read_post()) == 5


def test_an_open_run_of_another_version_of_the_recipe_is_refused(run: Run) -> None:
    Path("r.yaml").write_text(WRITTEN)
    assert run("run", "r.yaml", "--yes").code == 0
    Path("r.yaml").write_text(WRITTEN + "# a remark\n")
    answer = run("run", "r.yaml", "--yes")
    assert answer.code == 2
    assert "run 1 of 'written' is still waiting, with another version of the recipe" in answer.err
    assert "'ballyhoo cancel 1'" in answer.err


def test_an_open_run_is_resumed_without_asking(run: Run) -> None:
    Path("r.yaml").write_text(WRITTEN)
    run("run", "r.yaml", "--yes")
    run("approve", "1")
    answer = run("run", "r.yaml", "--json", "--seed", "3")
    assert answer.code == 0
    shown = json.loads(answer.out)
    assert (shown["run"], shown["way"], shown["state"]) == (1, "resumed", "finished")
    assert "--seed and --at are for a new run" in answer.err
    assert "run 1 of 'written' goes on" in answer.err


def test_a_paused_run_is_not_resumed_by_running_it(run: Run) -> None:
    Path("r.yaml").write_text(WRITTEN)
    run("run", "r.yaml", "--yes")
    run("pause", "1", "--reason", "a typo")
    answer = run("run", "r.yaml", "--yes")
    assert answer.code == 2
    assert "is paused: a typo" in answer.err
    assert "'ballyhoo resume 1' lets it go on" in answer.err


def test_failed_and_unknown_messages_make_the_exit_code_1(run: Run) -> None:
    set_mood("ada", "failed")
    set_mood("bo", "unknown")
    answer = run("run", "r.yaml", "--yes")
    assert answer.code == 1
    assert "'ballyhoo retry 1' tries those again that failed" in answer.out
    assert "'ballyhoo resolve 1 --as sent'" in answer.out
    assert "       1  refused: the channel said that it will never take it\n" in answer.out
    assert run("run", "r.yaml").code == 0


def test_what_is_missing_makes_the_exit_code_3_and_the_run_goes_on_later(run: Run) -> None:
    text = Path("plugins/post.py").read_text()
    away = (
        "from ballyhoo import EnvironmentMissing\n    if True:\n"
        '        raise EnvironmentMissing("the mail server does not answer")\n    moods ='
    )
    Path("plugins/post.py").write_text(text.replace("moods =", away, 1))
    answer = run("run", "r.yaml", "--yes", "--json")
    assert answer.code == 3
    assert json.loads(answer.out)["waits_for"] == "the mail server does not answer"
    assert "it cannot go on: the mail server does not answer" in answer.err
    Path("plugins/post.py").write_text(text)
    assert run("run", "r.yaml").code == 0
    assert len(read_post()) == 5


def test_a_seed_is_kept_with_the_run(run: Run) -> None:
    assert json.loads(run("run", "r.yaml", "--seed", "7", "--yes", "--json").out)["seed"] == 7


def test_nothing_leaves_before_the_moment_that_is_given(run: Run) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    answer = run("run", "r.yaml", "--at", tomorrow.isoformat(), "--yes", "--json")
    assert answer.code == 0
    shown = json.loads(answer.out)
    assert (shown["state"], shown["states"]) == ("waiting", {"ready": 5})
    assert shown["next_due_at"] == shown["not_before"] == tomorrow.isoformat(timespec="seconds")
    assert shown["waits_for"] == "the moment that --at gave"
    assert read_post() == []
    said = run("run", "r.yaml").out
    assert f"waits for the moment that --at gave ({tomorrow:%Y-%m-%d %H:%M} " in said


def test_a_moment_without_an_offset_is_read_in_the_zone_of_the_settings(run: Run) -> None:
    with Path("ballyhoo.toml").open("r+") as file:
        text = file.read()
        file.seek(0)
        file.write('time_zone = "Asia/Tokyo"\n' + text)
    day = datetime.now(UTC) + timedelta(days=2)
    answer = run("run", "r.yaml", "--at", f"{day:%Y-%m-%d}T08:00", "--yes", "--json")
    assert f"nothing leaves before {day:%Y-%m-%d} 08:00 JST\n" in answer.err
    assert json.loads(answer.out)["next_due_at"] == (
        f"{day - timedelta(days=1):%Y-%m-%d}T23:00:00+00:00"
    )


@pytest.mark.parametrize(
    ("at", "said"), [("2026-01-01", "is over"), ("tomorrow", "is no moment"), ("25:00", "is no")]
)
def test_a_moment_that_is_none_or_over_is_refused(run: Run, at: str, said: str) -> None:
    answer = run("run", "r.yaml", "--at", at, "--yes")
    assert answer.code == 2
    assert said in answer.err
    assert "there is no run yet" in run("status").out


def test_a_recipe_that_is_wrong_starts_nothing(run: Run) -> None:
    Path("r.yaml").write_text(RECIPE.replace("deliver", "delver"))
    assert run("run", "r.yaml", "--yes").code == 2


def test_what_must_not_reach_people_is_refused_before_anybody_is_asked(run: Run) -> None:
    text = Path("plugins/post.py").read_text()
    Path("plugins/post.py").write_text(text.replace("reaches_people=False", "reaches_people=True"))
    answer = run("run", "r.yaml")
    assert answer.code == 2
    assert "the setting brand.legal_address is empty" in answer.err
    assert "base_url is no https:// address" in answer.err


def test_ctrl_c_stops_in_good_order_and_the_same_command_goes_on() -> None:
    Path("r.yaml").write_text(RECIPE.replace("plugin: post,", "plugin: post, seconds: 0.3,"))
    process = start("run", "r.yaml", "--yes")
    wait_until(read_post)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped in good order; the same command again goes on.\n" in err
    again = start("run", "r.yaml", "--json")
    out, err = again.communicate(timeout=60)
    assert again.returncode == 0
    assert json.loads(out)["states"] == {"sent": 5}
    assert len(set(read_post())) == len(read_post()) == 5


def test_a_run_that_is_killed_goes_on_and_nobody_is_missed_or_written_to_twice(run: Run) -> None:
    Path("r.yaml").write_text(RECIPE)
    process = start("run", "r.yaml", "--yes", env={**os.environ, "BALLYHOO_CRASH_AT": "marked:1"})
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    status = json.loads(run("status", "1", "--json").out)
    assert (status["state"], status["workers"], status["adds_up"]) == ("running", 0, True)
    again = start("run", "r.yaml", "--json")
    out, _ = again.communicate(timeout=60)
    shown = json.loads(out)
    assert shown["adds_up"] is True
    assert set(shown["states"]) <= {"sent", "unknown"}
    assert len(set(read_post())) == len(read_post())


def test_without_a_broker_nothing_can_be_detached(run: Run) -> None:
    answer = run("run", "r.yaml", "--detach", "--yes")
    assert answer.code == 3
    assert "set broker_url and start 'ballyhoo worker'" in answer.err
    assert "there is no run yet" in run("status").out


def test_with_a_broker_workers_are_rung_for_and_watched(run: Run, bell: None) -> None:
    answer = run("run", "r.yaml", "--yes", "--json")
    assert answer.code == 0
    assert json.loads(answer.out)["states"] == {"sent": 5}
    assert Path("rung.txt").read_text() == "1\n"


def test_a_detached_run_is_left_to_the_workers(run: Run, bell: None) -> None:
    Path("asleep").touch()
    answer = run("run", "r.yaml", "--yes", "--detach", "--json")
    assert answer.code == 0
    shown = json.loads(answer.out)
    assert (shown["state"], shown["audience"]) == ("planning", None)
    assert "the workers have it; 'ballyhoo status 1' shows how far they are" in answer.err
    assert "somebody to work on it: 'ballyhoo worker' does" in run("status", "1").out


def test_what_a_person_decides_rings_for_workers(run: Run, bell: None) -> None:
    set_mood("ada", "failed")
    assert run("run", "r.yaml", "--yes").code == 1
    Path("asleep").touch()
    answer = run("retry", "1")
    assert Path("rung.txt").read_text() == "1\n1\n"
    assert answer.err == ""


def test_a_broker_that_nothing_can_use_is_said(
    run: Run, bell: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "CELERY", "nobody")
    answer = run("run", "r.yaml", "--yes")
    assert answer.code == 3
    assert "no executor 'nobody' is installed" in answer.err
