"""At most one reply to each mail, whoever is killed when, and however many read the same box."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from ballyhoo.core.engine.crash_points import INBOX_POINTS

from ..returns.imap_server import Mailbox, serve
from ..scripted_server import ScriptedServer
from .shop import Shop, mail

SENDING = ("claimed", "composed", "mark_stored", "marked", "answered", "receipt_stored", "settled")
MAILS = 3
KILLED = -signal.SIGKILL


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


def put_some(shop: Shop) -> None:
    shop.put(
        *(
            mail(sender=f"p{number}@new.example", message_id=f"<{number}@new.example>")
            for number in range(MAILS - 1)
        ),
        mail("Can I paint it?", sender="last@new.example", message_id="<last@new.example>"),
    )


@pytest.mark.parametrize("point", [*INBOX_POINTS, *SENDING])
def test_a_reading_that_is_killed_is_gone_on_with_and_repeats_nothing(
    shop: Shop, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    put_some(shop)
    outside = {
        "BALLYHOO_SMTP_URL": f"smtp://127.0.0.1:{server.port}",
        "BALLYHOO_BRAND__LEGAL_ADDRESS": "Fernpfad, 1 High Street, Springfield",
    }
    killed = shop.start(BALLYHOO_CRASH_AT=f"{point}:1", **outside)
    said = killed.communicate(timeout=60)
    assert killed.returncode == KILLED, said
    for name, value in outside.items():
        monkeypatch.setenv(name, value)
    for _ in range(2):
        assert shop.inbox().code in (0, 1)
    assert shop.ask("SELECT count(*) FROM enquiries") == [MAILS]
    assert shop.ask("SELECT count(*) FROM replies") == [MAILS]
    assert shop.ask("SELECT step, count(*) FROM messages GROUP BY step ORDER BY step") == [
        ("handoff", 1), ("reply", MAILS),
    ]  # fmt: skip
    counted = Counter(one.recipient for one in server.accepted)
    assert max(counted.values()) == 1
    states = Counter(shop.ask("SELECT state FROM messages WHERE reason IS NULL"))
    assert states["sent"] + states["unknown"] == MAILS
    assert states["sent"] <= len(counted) <= states["sent"] + states["unknown"]
    if point in INBOX_POINTS:
        assert states["sent"] == MAILS
    assert not list((shop.box / "new").iterdir())
    assert shop.ask("SELECT audience FROM runs") == [MAILS + 1]


def test_several_that_read_the_same_mailbox_answer_each_mail_once(shop: Shop) -> None:
    shop.answer()  # the run is there
    for number in range(12):
        shop.put(mail(sender=f"p{number}@new.example", message_id=f"<{number}@new.example>"))
    processes = [shop.start() for _ in range(3)]
    said = [process.communicate(timeout=90) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert sum(json.loads(out)["new"] for out, _ in said) == 12
    assert sum(json.loads(out)["answered"] for out, _ in said) == 12
    assert len(shop.sent()) == len({one["To"] for one in shop.sent()}) == 12
    assert shop.ask("SELECT state, audience FROM runs") == [("running", 12)]


def test_replies_leave_by_the_mail_server(
    shop: Shop, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLYHOO_SMTP_URL", f"smtp://127.0.0.1:{server.port}")
    shop.put(mail())
    refused = shop.inbox()
    assert refused.code == 2
    assert "legal_address" in refused.err
    assert not server.accepted
    monkeypatch.setenv("BALLYHOO_BRAND__LEGAL_ADDRESS", "Fernpfad, 1 High Street")
    monkeypatch.setenv("BALLYHOO_SENDERS__DEFAULT__RETURN_PATH", "bounce.shop.example")
    assert shop.inbox().json["states"] == {"sent": 1}
    [accepted] = server.accepted
    assert accepted.recipient == "zoe@new.example"
    assert accepted.sender.startswith("b+")
    message = message_from_bytes(accepted.content, policy=SMTP)
    assert message["In-Reply-To"] == "<1@new.example>"


def test_a_server_that_is_away_loses_nothing(
    shop: Shop, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLYHOO_SMTP_URL", f"smtp://127.0.0.1:{server.port}")
    monkeypatch.setenv("BALLYHOO_BRAND__LEGAL_ADDRESS", "Fernpfad, 1 High Street")
    server.close()
    shop.put(mail())
    answer = shop.inbox()
    assert answer.code == 3, answer.err
    server.listen()
    assert shop.inbox().code == 0
    assert len(server.accepted) == 1


def test_a_mailbox_is_read_by_imap_and_marked_when_the_mail_is_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BALLYHOO_IMAP_PASSWORD", "p")
    mailbox = Mailbox([mail(), mail("Can I paint it?", message_id="<2@new.example>")])
    kept: list[list[int]] = []

    def watch(command: str) -> bool:
        if command.startswith("UID STORE"):
            kept.append(shop.ask("SELECT count(*) FROM messages WHERE step = 'reply'"))
        return True

    mailbox.on_command = watch
    with serve(mailbox) as port:
        source = f"imap://u@127.0.0.1:{port}/INBOX"
        said = shop.run("inbox", source, "--json").json
        assert (said["answered"], said["handed_off"]) == (1, 1)
        assert kept == [[1], [2]]
        assert mailbox.seen == set(mailbox.mails)
        assert shop.run("inbox", source, "--json").json["read"] == 0
        mailbox.seen.clear()
        assert shop.run("inbox", source, "--json").json["known"] == 2


def test_a_folder_and_an_mbox_are_read_and_left_or_moved(shop: Shop) -> None:
    Path("plain").mkdir()
    (Path("plain") / "1.eml").write_bytes(mail())
    assert shop.run("inbox", "plain", "--json").json["new"] == 1
    assert shop.run("inbox", "plain", "--json", "--move").json["known"] == 1
    assert shop.run("inbox", "plain", "--json").json["read"] == 0
    Path("box.mbox").write_bytes(
        b"From a@b Fri Nov 27 10:00:00 2026\n" + mail(message_id="<9@new.example>") + b"\n"
    )
    assert shop.run("inbox", "box.mbox", "--json").json["answered"] == 1
    for wrong in ("nowhere", "pop3://x"):
        assert shop.run("inbox", wrong).code == 2


def test_whoever_watches_answers_what_comes_until_it_is_stopped(shop: Shop) -> None:
    shop.answer()
    process = shop.start("--watch", "0.2")
    shop.put(mail())
    ends = time.monotonic() + 60
    while not shop.sent() and time.monotonic() < ends:
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    out, complained = process.communicate(timeout=30)
    assert process.returncode == 0, complained
    assert json.loads(out)["answered"] == 1
