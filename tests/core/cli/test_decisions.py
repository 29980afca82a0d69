"""Pause, resume, cancel, retry, resolve and approve: what each prints, and when it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .shop import WRITTEN, open_shop, read_post, set_mood

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def shop(run: Run) -> None:
    open_shop(run, ("ada", "bo", "cy"))


@pytest.fixture
def held(run: Run) -> None:
    """Run 1 waits for approval of three messages."""
    Path("r.yaml").write_text(WRITTEN)
    assert run("run", "r.yaml", "--yes").code == 0


def read_json(answer: Any) -> dict[str, Any]:
    assert answer.code == 0
    found: dict[str, Any] = json.loads(answer.out)
    return found


def test_pause_says_why_and_what_comes_next(run: Run, held: None) -> None:
    answer = run("pause", "1", "--reason", "the offer is wrong")
    assert answer.code == 0
    assert answer.out.startswith("run 1 of 'written' is paused: the offer is wrong\n")
    assert "'ballyhoo resume 1' lets it go on" in answer.out
    again = run("pause", "1")
    assert again.code == 2
    assert "run 1 of 'written' is paused already" in again.err


def test_pause_for_programs(run: Run, held: None) -> None:
    assert read_json(run("pause", "1", "--reason", "x", "--json")) == {
        "run": 1, "state": "paused", "reason": "x",
    }  # fmt: skip


def test_resume_goes_on_with_the_work(run: Run, held: None) -> None:
    run("pause", "1")
    run("approve", "1")
    Path("r.yaml").unlink()
    shown = read_json(run("resume", "1", "--json"))
    assert (shown["way"], shown["state"], shown["states"]) == ("resumed", "finished", {"sent": 3})
    assert len(read_post()) == 3


def test_a_finished_run_is_not_resumed(run: Run) -> None:
    run("run", "r.yaml", "--yes")
    answer = run("resume", "1")
    assert answer.code == 2
    assert "run 1 of 'letter' is finished; it cannot be resumed" in answer.err
    assert "'ballyhoo retry 1' tries failed messages again" in answer.err


def test_cancel_says_how_many_messages_will_not_leave(run: Run, held: None) -> None:
    answer = run("cancel", "1")
    assert (answer.code, answer.out) == (0, "run 1 is cancelled: 3 messages will not leave\n")
    assert run("cancel", "1").code == 2
    shown = read_json(run("status", "1", "--json"))
    assert (shown["state"], shown["states"], shown["adds_up"]) == (
        "cancelled", {"cancelled": 3}, True,
    )  # fmt: skip


def test_cancel_for_programs(run: Run, held: None) -> None:
    assert read_json(run("cancel", "1", "--json")) == {
        "run": 1, "state": "cancelled", "messages": 3, "in_flight": False,
    }  # fmt: skip


def test_a_cancelled_run_and_its_repetition_write_to_each_once(run: Run, held: None) -> None:
    run("cancel", "1")
    Path("r.yaml").write_text(WRITTEN.replace(", approval: all", ""))
    assert run("run", "r.yaml", "--yes").code == 0
    assert len(set(read_post())) == len(read_post()) == 3


def test_retry_tries_failed_messages_and_no_others(run: Run) -> None:
    set_mood("ada", "failed")
    set_mood("bo", "unknown")
    assert run("run", "r.yaml", "--yes").code == 1
    set_mood("ada", None)
    answer = run("retry", "1", "--failed")
    assert answer.code == 0
    assert answer.out == "1 failed message of run 1 will be tried again\n"
    assert answer.err == "'ballyhoo resume 1' goes on with it\n"
    shown = json.loads(run("resume", "1", "--json").out)
    assert shown["states"] == {"sent": 2, "unknown": 1}
    assert run("retry", "1").out == "no message of run 1 failed\n"


def test_retry_for_programs(run: Run) -> None:
    set_mood("ada", "failed")
    run("run", "r.yaml", "--yes")
    assert read_json(run("retry", "1", "--json")) == {"run": 1, "state": "running", "messages": 1}


def test_resolve_takes_unknown_messages_for_sent(run: Run) -> None:
    set_mood("bo", "unknown")
    assert run("run", "r.yaml", "--yes").code == 1
    answer = run("resolve", "1", "--as", "sent")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "1 unknown message of run 1: taken for sent\n"
    assert run("status", "1", "--json").code == 0
    assert read_json(run("status", "1", "--json"))["states"] == {"sent": 3}
    assert run("resolve", "1", "--as", "sent").out == "no message of run 1 is unknown\n"


def test_resolve_sends_unknown_messages_again(run: Run) -> None:
    set_mood("bo", "unknown")
    run("run", "r.yaml", "--yes")
    set_mood("bo", None)
    assert read_json(run("resolve", "1", "--as", "resend", "--json")) == {
        "run": 1, "state": "running", "as": "resend", "messages": 1,
    }  # fmt: skip
    assert json.loads(run("resume", "1", "--json").out)["states"] == {"sent": 3}


def test_resolve_needs_to_be_told_what_they_are(run: Run) -> None:
    answer = run("resolve", "1")
    assert answer.code == 2
    assert "--as" in answer.err


def test_what_waits_for_approval_is_shown_and_stays(run: Run, held: None) -> None:
    answer = run("approve", "1", "--show")
    assert answer.code == 0
    assert "Customer 1:\n  subject: For {first_name|you}\n  body: Come and look.\n" in answer.out
    assert answer.out.endswith(
        "3 messages wait for approval; 'ballyhoo approve 1' lets them leave\n"
    )
    shown = read_json(run("approve", "1", "--show", "--json"))
    assert shown["held"] == len(shown["messages"]) == 3


def test_approve_lets_messages_leave_but_for_those_named(run: Run, held: None) -> None:
    answer = run("approve", "1", "--skip", "ada", "--skip", "2")
    assert answer.code == 0
    assert answer.out == "1 message of run 1 approved, 2 skipped\n"
    shown = json.loads(run("run", "r.yaml", "--json").out)
    assert shown["states"] == {"sent": 1, "skipped": 2}
    assert shown["skipped"] == {"not_approved": 2}


def test_approve_for_programs(run: Run, held: None) -> None:
    assert read_json(run("approve", "1", "--json")) == {
        "run": 1, "state": "waiting", "messages": 3, "skipped": 0,
    }  # fmt: skip


def test_nobody_is_approved_when_a_name_is_wrong(run: Run, held: None) -> None:
    answer = run("approve", "1", "--skip", "zoe@customers.example")
    assert answer.code == 2
    assert "there is no such customer" in answer.err
    assert "zoe" not in answer.err
    assert read_json(run("status", "1", "--json"))["states"] == {"held": 3}


@pytest.mark.parametrize("command", ["pause", "resume", "cancel", "retry", "approve"])
def test_a_run_that_is_not_there_is_bad_input(run: Run, command: str) -> None:
    answer = run(command, "99")
    assert answer.code == 2
    assert "there is no run 99" in answer.err
    assert run(command, "x").code == 2
