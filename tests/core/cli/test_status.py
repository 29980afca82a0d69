from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .shop import RECIPE, WRITTEN, open_shop

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def shop(run: Run) -> None:
    open_shop(run, ("ada", "bo", "cy"))


def test_without_a_run_the_newest_runs_are_listed(run: Run) -> None:
    assert run("status").out == "there is no run yet; 'ballyhoo run RECIPE' starts one\n"
    assert json.loads(run("status", "--json").out) == {"runs": []}
    run("run", "r.yaml", "--yes")
    run("run", "r.yaml", "--yes", "--new")
    head, *lines = run("status").out.splitlines()
    assert head.split() == ["run", "campaign", "state", "audience", "started"]
    assert [line.split()[:4] for line in lines] == [
        ["2", "letter", "finished", "3"],
        ["1", "letter", "finished", "3"],
    ]
    shown = json.loads(run("status", "--json").out)["runs"]
    assert [one["run"] for one in shown] == [2, 1]
    assert shown[0]["state"] == "finished"


def test_a_run_is_shown_with_what_it_waits_for(run: Run) -> None:
    Path("r.yaml").write_text(WRITTEN)
    run("run", "r.yaml", "--yes")
    out = run("status", "1").out
    assert out.startswith("run 1 of 'written': waiting\n")
    assert "  held             3\n" in out
    assert "waits for somebody's approval of 3 messages: 'ballyhoo approve 1 --show'\n" in out
    shown = json.loads(run("status", "1", "--json").out)
    assert shown["states"] == {"held": 3}
    assert shown["waits_for"].startswith("somebody's approval")
    assert shown["next_due_at"] is None
    assert shown["workers"] == 0


def test_moments_are_shown_in_the_zone_of_the_settings(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLYHOO_TIME_ZONE", "Asia/Tokyo")
    run("run", "r.yaml", "--yes")
    assert re.search(r"finished at \d{4}-\d\d-\d\d \d\d:\d\d JST", run("status", "1").out)


def test_the_status_is_0_whatever_became_of_the_messages(run: Run) -> None:
    Path("moods").mkdir()
    Path("moods/ada").write_text("failed")
    assert run("run", "r.yaml", "--yes").code == 1
    answer = run("status", "1", "--json")
    assert answer.code == 0
    assert json.loads(answer.out)["failed"] == {"refused": 1}


def test_watching_ends_when_the_run_is_through(run: Run) -> None:
    run("run", "r.yaml", "--yes")
    assert run("status", "1", "--watch").out == "finished: sent 3 of 3 people\n"


def test_watching_shows_changes_until_the_run_is_through(run: Run) -> None:
    Path("r.yaml").write_text(WRITTEN)
    run("run", "r.yaml", "--yes")
    watching = subprocess.Popen(
        # What runs in the background of a shell has SIGINT ignored, and so would the child.
        [sys.executable, "-uc", "import signal\nfrom ballyhoo.core.cli import main\n"
         "signal.signal(signal.SIGINT, signal.default_int_handler)\nmain()", "status", "1",
         "--watch"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watching.stdout is not None
    assert watching.stdout.readline().startswith("waiting: held 3 of 3 people; waits for somebody")
    run("cancel", "1")
    out, err = watching.communicate(timeout=60)
    assert (watching.returncode, err) == (0, "")
    assert out.splitlines()[-1] == "cancelled: cancelled 3 of 3 people"


def test_ctrl_c_leaves_the_watching_quietly(run: Run) -> None:
    Path("r.yaml").write_text(WRITTEN)
    run("run", "r.yaml", "--yes")
    watching = subprocess.Popen(
        # What runs in the background of a shell has SIGINT ignored, and so would the child.
        [sys.executable, "-uc", "import signal\nfrom ballyhoo.core.cli import main\n"
         "signal.signal(signal.SIGINT, signal.default_int_handler)\nmain()", "status", "1",
         "--watch"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert watching.stdout is not None
    watching.stdout.readline()
    watching.send_signal(signal.SIGINT)
    _, err = watching.communicate(timeout=60)
    assert (watching.returncode, err) == (0, "")


@pytest.mark.parametrize("arguments", [("--watch",), ("1", "--watch", "--json")])
def test_only_one_run_is_watched_and_only_by_a_person(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("status", *arguments).code == 2


def test_explain_tells_every_decision_in_order(run: Run) -> None:
    Path("r.yaml").write_text(
        RECIPE + "experiment: {variants: {warm: {}, plain: {}}, holdout: 1%}\n"
    )
    run("run", "r.yaml", "--yes")
    answer = run("explain", "1", "ada")
    assert answer.code == 0
    assert answer.out.startswith("customer 1 in run 1 of 'letter', finished\n")
    assert "yes country = 'DE'  (country is 'DE')\n" in answer.out
    found = re.findall(r"^  (\w+) ", answer.out, re.MULTILINE)
    assert found == ["segment", "segment", "policy", "holdout", "variant", "copy", "state"]


def test_explain_for_programs(run: Run) -> None:
    run("run", "r.yaml", "--yes")
    by_number = json.loads(run("explain", "1", "2", "--json").out)
    shown = json.loads(run("explain", "1", "bo", "--json").out)
    assert by_number == shown
    assert (shown["run"], shown["customer"], shown["state"], shown["reason"]) == (
        1, 2, "sent", None,
    )  # fmt: skip
    assert shown["sent_at"] is not None
    assert shown["conditions"][0]["holds"] is True
    assert shown["decisions"][-1]["what"] == "state"


def test_explain_says_when_a_message_is_due_on_her_own_clock(run: Run) -> None:
    Path("customers.csv").write_text(
        Path("customers.csv").read_text().replace("Ada,DE,,", "Ada,DE,Asia/Tokyo,")
    )
    run("import", "customers", "customers.csv")
    run("run", "r.yaml", "--yes", "--at", "2099-01-01T00:00+00:00")
    out = run("explain", "1", "ada").out
    assert "due      not before 2099-01-01 " in out
    assert ", which is 2099-01-01 09:00 JST for her\n" in out


def test_explain_does_not_repeat_the_name_of_somebody_unknown(run: Run) -> None:
    run("run", "r.yaml", "--yes")
    answer = run("explain", "1", "zoe@customers.example")
    assert answer.code == 2
    assert "there is no such customer" in answer.err
    assert "zoe" not in answer.err


def test_what_came_back_of_a_run_is_shown_with_its_rule(run: Run) -> None:
    from datetime import UTC, datetime, timedelta

    run("run", "r.yaml", "--yes")
    quiet = run("status", "1").out
    assert "what came back" not in quiet
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="seconds")
    rows = [f"1,ada,{soon},EUR,,1,10.00", f"2,ada,{soon},JPY,,1,500", f"3,bo,{soon},EUR,,1,5.50"]
    head = "order,customer,at,currency,sku,quantity,amount"
    Path("orders.csv").write_text("\n".join([head, *rows]) + "\n")
    assert run("import", "orders", "orders.csv").code == 0
    outcome = json.loads(run("status", "1", "--json").out)["outcome"]
    assert outcome["attribution"] == "last_sent"
    assert outcome["window"] == "7d"
    assert outcome["variants"] == {}
    assert outcome["holdout"] is None
    assert outcome["all"] == {
        "sent": 3, "opened": None, "opened_by_machines": None, "clicked": None,
        "clicked_by_machines": None, "converted": 2, "unsubscribed": 0, "complained": 0,
        "bounced": 0, "revenue": {"EUR": "15.50", "JPY": "500"}, "people": 3, "bought": 2,
        "spent": {"EUR": "15.50", "JPY": "500"},
    }  # fmt: skip
    shown = run("status", "1").out
    assert "15.50 EUR + 500 JPY" in shown
    assert f"converted, revenue: {outcome['rule']}" in shown
