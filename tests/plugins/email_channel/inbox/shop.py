"""A shop whose mail is answered by the plugin `desk`."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest

from ballyhoo.core.cli import main

MX = "mx.shop.example"
SETTINGS = f"""
[plugins.email_channel]
trusted_servers = ["{MX}"]
"""
ARTICLES = "id,title,body,language\nreturns,Returns,You have 30 days to send it back.,en\n"
ORDERS = (
    "order_id,customer_id,placed_at,state,currency,sku,quantity,price\n"
    "A-77,ann,2026-03-01T10:00:00Z,shipped,EUR,SHOE,1,119.00\n"
    "B-88,ben,2026-03-01T10:00:00Z,paid,EUR,SHOE,1,119.00\n"
)
_numbers = count(1)


class Answer:
    """What a command said."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shop:
    """A workspace with two customers, an article and the recipe of answers."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder / "shop"
        self.capsys = capsys
        assert self.run("init", str(self.folder)).code == 0
        os.chdir(self.folder)
        settings = Path("ballyhoo.toml")
        known = settings.read_text()
        assert "[plugins]\n" in known
        known = known.replace("[plugins]\n", '[plugins]\nfiles = ["desk.py"]\n')
        settings.write_text(known + SETTINGS)
        shutil.copy(Path(__file__).parent / "desk.py", "desk.py")
        self.write_answers()
        people = "".join(
            f"{name},{name}@mail.example,{name.title()},yes\n" for name in ("ann", "ben")
        )
        self.load("customers", "id,email,first_name,consent_email\n" + people)
        self.load("articles", ARTICLES)
        self.box = self.folder / "box"
        for part in ("new", "cur", "tmp"):
            (self.box / part).mkdir(parents=True)

    def write_answers(
        self,
        *,
        respond: str = "",
        handoff: str | None = "support@desk.example",
        sender: str = "Fernpfad <help@shop.example>",
    ) -> None:
        """Write the recipe of answers anew."""
        lines = ["respond:", "  plugin: desk"]
        lines += [f"  handoff: {handoff}"] if handoff is not None else []
        lines += [f"  {respond}"] if respond else []
        lines += ["deliver:", f"  from: {sender}"]
        Path("campaigns/answers.yaml").write_text("\n".join(lines) + "\n")

    def load(self, kind: str, text: str) -> None:
        path = Path(f"{kind}.csv")
        path.write_text(text)
        answer = self.run("import", kind, str(path))
        assert answer.code == 0, answer.out + answer.err

    def run(self, *arguments: str) -> Answer:
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        said = self.capsys.readouterr()
        return Answer(int(stop.value.code or 0), said.out, said.err)

    def put(self, *mails: bytes) -> list[Path]:
        """Put mails into the Maildir."""
        paths = [self.box / "new" / f"{next(_numbers):06}.box" for _ in mails]
        for path, raw in zip(paths, mails, strict=True):
            path.write_bytes(raw)
        return paths

    def inbox(self, *arguments: str) -> Answer:
        return self.run("inbox", "box", "--json", *arguments)

    def answer(self, *mails: bytes) -> Any:
        """Have mails answered, and return what was said of it."""
        self.put(*mails)
        answer = self.inbox()
        assert answer.code == 0, answer.err
        return answer.json

    def sent(self) -> list[EmailMessage]:
        """Return the messages in the outbox, in the order in which they were made."""
        paths = sorted(
            self.folder.glob("outbox/*/*.eml"), key=lambda path: int(path.stem.rpartition("-")[2])
        )
        return [
            cast(EmailMessage, message_from_bytes(path.read_bytes(), policy=SMTP)) for path in paths
        ]

    def ask(self, query: str) -> list[Any]:
        with sqlite3.connect("ballyhoo.db") as database:
            rows = database.execute(query).fetchall()
        database.close()
        return [row[0] if len(row) == 1 else row for row in rows]

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        """Start the reading of the Maildir as a process of its own."""
        code = "from ballyhoo.core.cli import main; main()"
        return subprocess.Popen(
            [sys.executable, "-c", code, "inbox", "box", "--json", *words],
            cwd=self.folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def read_text(message: EmailMessage, kind: str = "plain") -> str:
    """Return a part of a message."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def mail(
    text: str = "How do I return it?",
    *,
    sender: str = "Zoe <zoe@new.example>",
    subject: str = "A question",
    message_id: str | None = "<1@new.example>",
    head: str = "",
    age: timedelta = timedelta(minutes=5),
    proved: str | None = None,
) -> bytes:
    """Return a raw mail.

    Args:
        text: Its words.
        sender: Its From.
        subject: Its subject.
        message_id: None for one without.
        head: More fields, each with its line end.
        age: How old it is.
        proved: The domain that our own server found to be right.
    """
    results = ""
    if proved is not None:
        results = (
            f"Authentication-Results: {MX}; spf=pass smtp.mailfrom=x@{proved};\n"
            f" dmarc=pass (p=reject) header.from={proved}\n"
        )
    own = "" if message_id is None else f"Message-ID: {message_id}\n"
    return (
        f"{results}Received: from out.example by {MX}; Fri, 27 Nov 2026 10:00:00 +0000\n"
        f"From: {sender}\nTo: help@shop.example\nSubject: {subject}\n"
        f"Date: {format_datetime(datetime.now(UTC) - age)}\n{own}{head}"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    ).encode()
