"""A campaign by e-mail from the recipe to the server, also when its process is killed."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any, cast

import pytest

from .scripted_server import ScriptedServer

PEOPLE = 60
RECIPE = """\
campaign: spring
segment: {where: country = 'DE'}
deliver:
  from: Fernpfad <news@shop.example>
  connections: 4
  fields: {subject: "New for you, {first_name|friend}", body: "Come and look.\\n\\nSoon."}
"""


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with its people, of which each test gets a copy."""
    folder = tmp_path_factory.mktemp("template") / "shop"
    ballyhoo(folder.parent, "init", str(folder))
    with (folder / "people.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "email", "first_name", "country", "consent_email"])
        for number in range(PEOPLE):
            rows.writerow([f"C-{number}", f"p{number}@mail.example", f"Ä{number}", "DE", "yes"])
    (folder / "campaigns" / "spring.yaml").write_text(RECIPE)
    ballyhoo(folder, "import", "customers", "people.csv")
    return folder


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Path:
    return shutil.copytree(template, tmp_path / "shop")


def start(folder: Path, *words: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from ballyhoo.core.cli import main; main()", *words]
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ballyhoo(folder: Path, *words: str, **environment: str) -> str:
    process = start(folder, *words, **environment)
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 0, said + complained
    return said


def release(server: ScriptedServer) -> dict[str, str]:
    """The settings without which nothing is sent to people."""
    return {
        "BALLYHOO_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
        "BALLYHOO_BASE_URL": "https://news.shop.example",
        "BALLYHOO_BRAND__LEGAL_ADDRESS": "Fernpfad, 1 High Street, Springfield",
        "BALLYHOO_SENDERS__DEFAULT__RETURN_PATH": "bounce.shop.example",
    }


RUN: Sequence[str] = ("run", "campaigns/spring.yaml", "--yes", "--json")


def test_everybody_gets_one_whole_message(workspace: Path, server: ScriptedServer) -> None:
    receipt = json.loads(ballyhoo(workspace, *RUN, **release(server)))
    assert receipt["adds_up"]
    assert receipt["states"] == {"sent": PEOPLE}
    recipients = Counter(one.recipient for one in server.accepted)
    assert recipients == {f"p{number}@mail.example": 1 for number in range(PEOPLE)}
    senders = {one.sender for one in server.accepted}
    assert len(senders) == PEOPLE  # a return path of her own for each
    assert all(one.startswith("b+") and one.endswith("@bounce.shop.example") for one in senders)
    first = server.accepted[0]
    message = cast(EmailMessage, message_from_bytes(first.content, policy=SMTP))
    name = first.recipient.partition("@")[0].replace("p", "Ä")
    assert message["Subject"] == f"New for you, {name}"
    assert message["To"] == first.recipient
    link = message["List-Unsubscribe"].strip("<>")
    assert link.startswith("https://news.shop.example/unsubscribe/")
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        text = part.get_content()
        assert "Come and look." in text
        assert "1 High Street" in text
        assert link in text
    again = json.loads(ballyhoo(workspace, *RUN, **release(server)))
    assert again["states"] == {"sent": PEOPLE}
    assert len(server.accepted) == PEOPLE


def test_without_a_server_each_message_is_a_file_to_look_at(workspace: Path) -> None:
    receipt = json.loads(ballyhoo(workspace, *RUN))
    assert receipt["states"] == {"sent": PEOPLE}
    letters = list((workspace / "outbox").rglob("*.eml"))
    assert len(letters) == PEOPLE
    message = message_from_bytes(letters[0].read_bytes(), policy=SMTP)
    assert str(message["Subject"]).startswith("New for you, Ä")
    [index] = (workspace / "outbox").rglob("index.html")
    assert letters[0].name in index.read_text(encoding="utf-8")


def test_a_server_is_not_used_until_the_law_is_kept(
    workspace: Path, server: ScriptedServer
) -> None:
    process = start(workspace, *RUN, BALLYHOO_SMTP_URL=release(server)["BALLYHOO_SMTP_URL"])
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "legal_address" in said
    assert "https://" in said
    assert not server.commands


def test_a_server_that_is_not_there_is_said_and_nothing_is_lost(
    workspace: Path, server: ScriptedServer
) -> None:
    server.close()
    process = start(workspace, *RUN, **release(server))
    said, complained = process.communicate(timeout=120)
    assert process.returncode in (0, 3), said + complained
    assert "Traceback" not in complained
    server.listen()
    ballyhoo(workspace, *RUN, **release(server))
    assert Counter(one.recipient for one in server.accepted).most_common(1)[0][1] == 1
    assert len(server.accepted) == PEOPLE


@pytest.mark.parametrize("step", ["MAIL", "BODY", "DOT"])
def test_a_process_that_is_killed_while_it_talks_writes_to_nobody_twice(
    workspace: Path, server: ScriptedServer, step: str
) -> None:
    """Killed three times, at another message each, before the answer to a step was read."""
    kill_at = {7, 21, 40}
    victim: dict[str, Any] = {}
    is_started = threading.Event()

    def strike(asked: str, count: int) -> bytes | None:
        if asked == step and count in kill_at and is_started.wait(10):
            kill_at.discard(count)
            victim["process"].send_signal(signal.SIGKILL)
        return None

    server.script = strike
    codes: list[int] = []
    while not codes or codes[-1] != 0:
        is_started.clear()
        victim["process"] = start(workspace, *RUN, **release(server))
        is_started.set()
        said, complained = victim["process"].communicate(timeout=120)
        codes.append(victim["process"].returncode)
        assert codes[-1] in (-signal.SIGKILL, 0, 1), said + complained
        if codes[-1] == 1:
            break
    receipt = json.loads(said)
    assert receipt["adds_up"]
    assert receipt["state"] == "finished"
    assert not kill_at
    counted = Counter(one.recipient for one in server.accepted)
    assert max(counted.values()) == 1
    sent, unknown = receipt["states"]["sent"], receipt["states"].get("unknown", 0)
    assert sent + unknown == PEOPLE
    assert sent <= len(counted) <= sent + unknown
    # At most two of each of the four connections, at each death.
    assert unknown <= 3 * 4 * 2
