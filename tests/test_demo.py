"""`make demo`, without its installation: it is what a newcomer sees first.

The shop is a smaller one. What its campaigns left is looked at through what was sent.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.cli import main

ROOT = Path(__file__).parent.parent
RUNS = ("win-back", "new-arrivals", "replenishment", "price-drop", "cross-sell", "holiday")
PEOPLE = "200"
pytestmark = pytest.mark.xdist_group("demo")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the demo once; give its workspace and what it printed."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "tools", folder / "tools")
    done = subprocess.run(
        [sys.executable, "tools/demo.py"],
        cwd=folder,
        env={**os.environ, "DEMO_PEOPLE": PEOPLE},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return folder / "demo", done.stdout


def ask(workspace: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Mapping[str, Any]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as stop:
        main(["--workspace", str(workspace), *arguments, "--json"])
    assert stop.value.code == 0
    told: Mapping[str, Any] = json.loads(capsys.readouterr().out)
    return told


def read_mails(workspace: Path, campaign: str) -> list[EmailMessage]:
    folder = workspace / "outbox" / str(RUNS.index(campaign) + 1)
    parser = BytesParser(policy=policy.default)
    return [parser.parsebytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def read_text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


def test_it_ends_by_naming_what_it_made(shown: tuple[Path, str]) -> None:
    workspace, said = shown
    ending = said[said.index("Made, in demo/") :]
    for name in ("preview/preview.html", "report.html", "overview.html", "outbox/6/index.html"):
        assert f"demo/{name}" in ending
        assert (workspace / name).stat().st_size > 1_000
    assert "holiday" in (workspace / "report.html").read_text(encoding="utf-8")
    assert "broken.yaml:3:10: segment.where: unknown field 'contry'" in said


def test_the_whole_shop_is_imported(shown: tuple[Path, str]) -> None:
    counts = [line for line in shown[1].splitlines() if " read: " in line]
    assert len(counts) == 7
    assert all(line.endswith("0 updated, 0 unchanged, 0 rejected") for line in counts)


@pytest.mark.parametrize("campaign", RUNS)
def test_the_receipt_of_each_campaign_adds_up(
    campaign: str, shown: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, _ = shown
    told = ask(workspace, capsys, "status", str(RUNS.index(campaign) + 1))
    assert (told["campaign"], told["state"], told["adds_up"]) == (campaign, "finished", True)
    assert told["states"]["sent"] == len(read_mails(workspace, campaign)) > 0
    assert told["audience"] == sum(told["states"].values())


@pytest.mark.parametrize("campaign", RUNS)
def test_its_messages_are_whole(campaign: str, shown: tuple[Path, str]) -> None:
    for mail in read_mails(shown[0], campaign):
        assert mail["List-Unsubscribe"]
        assert str(mail["To"]).partition("@")[2].startswith("example.")
        text = read_text(mail)
        assert not {"{", "}"} & set(text + mail["Subject"])
        assert "https://fernpfad.example.com/products/" in text or "/c/" in text


def test_messages_say_what_their_campaign_is_about(shown: tuple[Path, str]) -> None:
    workspace, _ = shown
    assert all("BACK10" in read_text(one) for one in read_mails(workspace, "win-back"))
    reduced = read_mails(workspace, "price-drop")
    assert all("now €" in one["Subject"] or "jetzt" in one["Subject"] for one in reduced)
    assert all("instead of" in read_text(one) or "statt" in read_text(one) for one in reduced)
    codes = {"GOLD20", "LIGHTS10"}
    found = [codes & set(read_text(one).replace(".", " ").split()) for one in holiday(workspace)]
    assert all(len(one) == 1 for one in found)
    assert set.union(*found) == codes


def test_the_holiday_promotion_is_told_in_two_ways_and_two_languages(
    shown: tuple[Path, str],
) -> None:
    texts = [read_text(one) for one in holiday(shown[0])]
    for words in ("the kettle sings", "der Kessel singt", "Ideas for", "Ideen für"):
        assert any(words in text for text in texts)


def holiday(workspace: Path) -> list[EmailMessage]:
    return read_mails(workspace, "holiday")


def test_people_reacted_and_the_report_counts_them(
    shown: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    told = ask(shown[0], capsys, "report", str(len(RUNS)))
    steps = {one["step"]: one["people"] for one in told["funnel"]}
    assert 0 < steps["clicked"] < steps["sent"]
    assert told["lift"]["held_out"]["people"] > 0
    assert {one["variant"] for one in told["variants"]["results"]} == {"plain", "story"}
    assert told["products"]["bought_recommended"] > 0
    assert "To discover" in str(told["products"]["offline"])
    assert "earns its place: its nDCG@10" in str(told["products"]["offline"])
