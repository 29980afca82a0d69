"""`ballyhoo bounces` reads folders, mbox files and mailboxes, and keeps each return once."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.cli import main
from ballyhoo.core.links import make_links
from ballyhoo.core.settings import load_settings

from .imap_server import Mailbox, serve
from .mails import SENT, complaint, plain, report

Run = Callable[..., Any]

NAMES = ("ann", "ben", "cleo", "dora", "emil")


class Answer:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shop:
    """A workspace whose recipe was sent to some people."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        assert self.run("init", "shop").code == 0
        os.chdir("shop")
        lines = [f"{name},{name}@customers.example,yes" for name in NAMES]
        Path("people.csv").write_text("id,email,consent_email\n" + "\n".join(lines) + "\n")
        assert self.run("import", "customers", "people.csv").code == 0
        Path("campaigns/all.yaml").write_text(
            "campaign: all\nsegment: {where: consent_email}\n"
            "deliver: {plugin: outbox, fields: {subject: Hello, body: Look.}}\n"
        )
        assert self.run("run", "campaigns/all.yaml", "--yes").code == 0
        self.tokens = make_links(load_settings(Path.cwd())).tokens

    def run(self, *arguments: str) -> Answer:
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        said = self.capsys.readouterr()
        return Answer(int(stop.value.code or 0), said.out, said.err)

    def ask(self, query: str) -> list[Any]:
        with sqlite3.connect("ballyhoo.db") as database:
            rows = database.execute(query).fetchall()
        database.close()
        return [row[0] if len(row) == 1 else row for row in rows]

    def return_path(self, name: str) -> str:
        [id] = self.ask(
            "SELECT m.id FROM messages m JOIN customers c ON c.id = m.recipient "
            f"WHERE c.key = '{name}'"
        )
        return f"b+{self.tokens.sign_return_path(id)}@bounces.shop.example"

    def report(self, name: str, **facts: Any) -> bytes:
        given = {"sent": "Subject: gone\n", "message_id": f"<for-{name}@mx.example>", **facts}
        return report(to=self.return_path(name), recipient=f"{name}@customers.example", **given)


@pytest.fixture
def shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shop:
    monkeypatch.chdir(tmp_path)
    return Shop(tmp_path, capsys)


def fill(folder: Path, mails: list[bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for number, raw in enumerate(mails):
        (folder / f"{number}.eml").write_bytes(raw)
    return folder


def test_a_folder_is_read_counted_and_left_as_it_is(shop: Shop) -> None:
    stranger = report(recipient="who@elsewhere.example", message_id="<s@mx.example>")
    mails = [
        shop.report("ann"),
        shop.report("ben", status="4.2.2", said="smtp; 452 4.2.2 Mailbox full"),
        complaint(sent=SENT.replace("b+aeaqcaibaeaqcaibaeaqcaib@bounces.shop.example",
                                    shop.return_path("cleo"))),
        plain("I am away.", sender="dora@customers.example", subject="Out of office"),
        plain("Do you have it in 42?", sender="emil@customers.example", subject="A question"),
        stranger,
    ]  # fmt: skip
    folder = fill(Path("came-back"), mails)
    answer = shop.run("bounces", "came-back", "--json")
    assert answer.code == 0
    assert answer.json == {
        "read": 6, "hard": 2, "soft": 1, "complaint": 1, "auto_reply": 1, "none": 1,
        "new": 3, "known": 0, "strangers": 1, "unproven": 0, "suppressed": 2, "blocks": {},
    }  # fmt: skip
    assert sorted(shop.ask("SELECT reason FROM suppressions")) == ["bounce", "complaint"]
    assert len(list(folder.iterdir())) == 6
    again = shop.run("bounces", "came-back", "--json").json
    assert (again["new"], again["known"], again["suppressed"]) == (0, 3, 0)
    assert len(shop.ask("SELECT id FROM message_events WHERE source = 'email_channel'")) == 3
    assert "customers.example" not in str(shop.ask("SELECT data FROM message_events"))


def test_what_is_shown_says_what_the_sender_was_refused_for(shop: Shop) -> None:
    fill(Path("b"), [shop.report("ann", status="5.7.1", said="smtp; 550 5.7.1 listed at spamhaus")])
    answer = shop.run("bounces", "b")
    assert answer.out.splitlines() == [
        "1 mail read: 0 hard bounces, 1 soft bounces, 0 complaints, 0 automatic answers, 0 others",
        "1 new, 0 known before, 0 about no message of ours",
        "0 addresses are not written to any more",
    ]
    assert answer.err.strip() == "the sender was refused once with 5.7.1; see 'ballyhoo doctor'"


def test_the_settings_say_how_often_an_address_may_fail(shop: Shop) -> None:
    with Path("ballyhoo.toml").open("a") as file:
        file.write("\n[plugins.email_channel]\nsoft_bounces = 1\n")
    fill(Path("b"), [shop.report("ann", status="4.2.2", said="smtp; 452 full")])
    assert shop.run("bounces", "b", "--json").json["suppressed"] == 1


@pytest.mark.parametrize("value", ["soft_bounces = -1", "soft_bouncs = 1"])
def test_wrong_settings_are_said(shop: Shop, value: str) -> None:
    with Path("ballyhoo.toml").open("a") as file:
        file.write(f"\n[plugins.email_channel]\n{value}\n")
    answer = shop.run("bounces", ".")
    assert answer.code == 2
    assert "plugins.email_channel" in answer.err


def test_what_was_read_is_moved_when_asked_for(shop: Shop) -> None:
    folder = fill(Path("b"), [shop.report("ann")])
    shop.run("bounces", "b", "--move")
    assert [path.name for path in folder.iterdir()] == ["returns-read"]
    assert shop.run("bounces", "b", "--json").json["read"] == 0


def test_a_maildir_is_read_and_marked_as_seen_when_asked_for(shop: Shop) -> None:
    for part in ("new", "cur", "tmp"):
        Path("box", part).mkdir(parents=True)
    Path("box/new/1.host").write_bytes(shop.report("ann"))
    Path("box/cur/2.host:2,F").write_bytes(shop.report("ben"))
    Path("box/tmp/3.host").write_bytes(shop.report("cleo"))
    assert shop.run("bounces", "box", "--move", "--json").json["new"] == 2
    assert sorted(path.name for path in Path("box/cur").iterdir()) == ["1.host:2,S", "2.host:2,FS"]


def test_an_mbox_file_is_read_mail_by_mail(shop: Shop) -> None:
    mails = [shop.report(name).replace(b"\r\n", b"\n") for name in ("ann", "ben")]
    parts = [b"From MAILER-DAEMON Mon Mar  2 09:00:00 2026\n" + raw + b"\n" for raw in mails]
    Path("box").write_bytes(b"".join(parts))
    assert shop.run("bounces", "box", "--json").json["new"] == 2
    assert shop.run("bounces", "box", "--move").code == 2


def test_a_mail_from_a_file_and_from_an_mbox_is_the_same(shop: Shop) -> None:
    raw = shop.report("ann")
    fill(Path("b"), [raw])
    Path("box").write_bytes(b"From x Mon Mar  2 09:00:00 2026\n" + raw.replace(b"\r\n", b"\n"))
    assert shop.run("bounces", "b", "--json").json["new"] == 1
    assert shop.run("bounces", "box", "--json").json["known"] == 1


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("nowhere", 2, "there is no nowhere"),
        ("people.csv", 2, "is no mbox file"),
        ("pop3://u:secret@host/", 2, "the source is no mailbox"),
        ("imap://host/", 2, "the source is no mailbox"),
        ("imap://u@host/", 3, "there is no password for the mailbox at host"),
        ("imap://u:secret@127.0.0.1:1/", 3, "cannot be reached"),
        ("imap://u:secret@127.0.0.1:99999/", 2, "the source is no mailbox"),
    ],
)
def test_a_source_that_cannot_be_read_is_said_without_its_password(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, source: str, code: int, said: str
) -> None:
    monkeypatch.delenv("BALLYHOO_IMAP_PASSWORD", raising=False)
    answer = shop.run("bounces", source)
    assert answer.code == code
    assert said in answer.err
    assert "secret" not in answer.err


def test_of_a_mailbox_only_the_unseen_is_read_and_marked_as_seen(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox = Mailbox([shop.report(name) for name in NAMES], user='u "x"', password="p\\w@")
    mailbox.seen.add(11)
    monkeypatch.setenv("BALLYHOO_IMAP_PASSWORD", "p\\w@")
    with serve(mailbox) as port:
        url = f"imap://u%20%22x%22@127.0.0.1:{port}/INBOX"
        assert shop.run("bounces", url, "--json").json["new"] == 4
        assert mailbox.seen == set(mailbox.mails)
        assert shop.run("bounces", url, "--json").json["read"] == 0


def test_a_wrong_password_and_a_wrong_folder_are_said(shop: Shop) -> None:
    with serve(Mailbox([])) as port:
        for url in (f"imap://u:secret@127.0.0.1:{port}", f"imap://u:p@127.0.0.1:{port}/Sent"):
            answer = shop.run("bounces", url)
            assert answer.code == 3
            assert "lets nobody in" in answer.err
            assert "secret" not in answer.err


def test_a_mailbox_that_breaks_off_is_gone_on_with(shop: Shop) -> None:
    mailbox = Mailbox([shop.report(name) for name in NAMES])
    asked: list[str] = []

    def break_off(command: str) -> bool:
        asked.append(command)
        return sum(one.startswith("UID STORE") for one in asked) < 2

    mailbox.on_command = break_off
    with serve(mailbox) as port:
        url = f"imap://u:p@127.0.0.1:{port}/"
        answer = shop.run("bounces", url)
        assert (answer.code, "broke off" in answer.err) == (3, True)
        kept = len(shop.ask("SELECT id FROM message_events WHERE kind = 'bounce'"))
        assert kept == len(mailbox.seen) + 1  # kept first, marked after
        mailbox.on_command = lambda command: True
        again = shop.run("bounces", url, "--json").json
    assert (again["new"], again["known"]) == (5 - kept, 1)
    assert len(shop.ask("SELECT id FROM message_events WHERE kind = 'bounce'")) == 5


def test_who_is_killed_in_the_middle_leaves_nothing_half_done(shop: Shop) -> None:
    mailbox = Mailbox([shop.report(name) for name in NAMES])
    stored: list[str] = []

    def kill(command: str) -> bool:
        if command.startswith("UID STORE"):
            stored.append(command)
            if len(stored) == 3:
                process.send_signal(signal.SIGKILL)
                process.wait()
                return False
        return True

    mailbox.on_command = kill
    with serve(mailbox) as port:
        url = f"imap://u:p@127.0.0.1:{port}/"
        code = "from ballyhoo.core.cli import main; main()"
        process = subprocess.Popen([sys.executable, "-c", code, "bounces", url])
        assert process.wait(timeout=60) == -signal.SIGKILL
        assert len(shop.ask("SELECT id FROM message_events WHERE kind = 'bounce'")) == 3
        again = shop.run("bounces", url, "--json").json
    assert (again["new"], again["known"]) == (2, 1)
    assert len(shop.ask("SELECT hash FROM suppressions")) == 5
    assert len(shop.ask("SELECT id FROM message_events WHERE kind = 'bounce'")) == 5
