from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ballyhoo import Customer
from ballyhoo.core.campaign import Campaign, load_campaign
from ballyhoo.core.cli import main
from ballyhoo.core.plugin_loading import load_plugins
from ballyhoo.core.registry import Registry
from ballyhoo.testing import FakeStore, Rehearsal, SimulatedClock, rehearse

ROOT = Path(__file__).parents[2]
KEYS = {f"C-{number}": number for number in range(1001, 1007)}


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return load_plugins(folder=tmp_path)


@pytest.fixture
def campaign(registry: Registry, tmp_path: Path) -> Campaign:
    path = ROOT / "campaigns/two-subjects.yaml"
    return load_campaign(path, registry=registry, workspace=tmp_path)


@pytest.fixture
def rehearsal(campaign: Campaign, registry: Registry, tmp_path: Path) -> Rehearsal:
    people = {one: {"email": f"c{one}@Shop.Example", "first_name": "Ada"} for one in KEYS.values()}
    people[1006] = {"first_name": "Nobody"}
    del people[1005]["first_name"]
    store = FakeStore(
        customers=[Customer(id=one, language="en") for one in KEYS.values()], keys=KEYS
    )
    return rehearse(
        campaign,
        registry=registry,
        store=store,
        people=people,
        workspace=tmp_path,
        clock=SimulatedClock(datetime(2026, 3, 2, 9, tzinfo=UTC)),
    )


def test_everybody_with_an_address_gets_a_letter(rehearsal: Rehearsal) -> None:
    assert rehearsal.states == dict.fromkeys(range(1001, 1006), "sent")
    assert rehearsal.skipped == {1006: "no_address"}
    assert rehearsal.breaches == []


def test_the_letters_lie_in_the_outbox(rehearsal: Rehearsal, tmp_path: Path) -> None:
    files = sorted((tmp_path / "outbox/1").iterdir())
    assert [file.name for file in files] == [f"1-{one}.txt" for one in range(1001, 1006)]
    text = files[0].read_text()
    assert text.startswith("to: c1001@shop.example\nsubject: ")
    assert "Dear Ada," in text
    assert "Dear customer," in files[4].read_text()


def test_each_variant_has_its_own_subject(rehearsal: Rehearsal) -> None:
    subjects = {message.fields["subject"] for message in rehearsal.messages.values()}
    assert subjects <= {
        "Ada, the trails are dry again",
        "Hello, the trails are dry again",
        "New in: shoes and jackets for spring",
    }
    assert len(subjects) >= 2


def test_the_same_people_get_the_same_subject_every_time(
    rehearsal: Rehearsal, campaign: Campaign, registry: Registry, tmp_path: Path
) -> None:
    first = {one: message.fields["subject"] for one, message in rehearsal.messages.items()}
    people = {one: {"email": f"c{one}@shop.example", "first_name": "Ada"} for one in first}
    people[1005].pop("first_name")
    store = FakeStore(
        customers=[Customer(id=one, language="en") for one in reversed(KEYS.values())], keys=KEYS
    )
    again = rehearse(
        campaign,
        registry=registry,
        store=store,
        people=people,
        workspace=tmp_path,
        seed=7,
        run_id=2,
    )
    assert {one: message.fields["subject"] for one, message in again.messages.items()} == first


def find_daytime() -> str:
    """Return a time zone where it is about noon now, so that the quiet hours of the recipe pass."""
    east = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-east:+}"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with the recipe and the six customers, of whom one has no address."""
    monkeypatch.chdir(tmp_path)
    call("init", ".")
    shutil.copy(ROOT / "campaigns/two-subjects.yaml", tmp_path / "campaigns")
    rows = ["id,email,first_name,time_zone,consent_email,consent_at"]
    for number in range(1001, 1007):
        address = "" if number == 1006 else f"c{number}@shop.example"
        name = "" if number == 1005 else "Ada"
        rows.append(f"C-{number},{address},{name},{find_daytime()},yes,2026-01-15")
    Path("customers.csv").write_text("\n".join(rows) + "\n")
    call("import", "customers", "customers.csv")
    return tmp_path


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    return stop.value.code if isinstance(stop.value.code, int) else 0


def test_the_campaign_is_run_from_the_store(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert call("plan", "campaigns/two-subjects.yaml", "--json") == 0
    planned = json.loads(capsys.readouterr().out)
    assert call("run", "campaigns/two-subjects.yaml", "--yes", "--json") == 0
    receipt = json.loads(capsys.readouterr().out)
    assert receipt["state"] == "finished"
    assert receipt["audience"] == planned["audience"] == 6
    assert receipt["states"]["sent"] == planned["messages"]
    assert receipt["variants"] == {
        name: count for name, count in planned["variants"].items() if count
    }
    assert receipt["skipped"]["no_address"] == 1
    assert receipt["adds_up"] is True
    letters = sorted((shop / "outbox/1").glob("*.txt"))
    assert len(letters) == planned["messages"]
    assert all("See you outside!" in letter.read_text() for letter in letters)
