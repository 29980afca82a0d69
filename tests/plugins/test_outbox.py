"""The outbox: the kit for channels over its folder, and what happens when the disk fails."""

from __future__ import annotations

import errno
import logging
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ballyhoo import FILE_LANES
from ballyhoo.plugins import outbox
from ballyhoo.testing import (
    DeliverConformance,
    MemoryDispatch,
    World,
    make_context,
    sample_messages,
)


class OutboxFolder(World):
    """The file system: a message is accepted when its file is there under its final name."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        self.monkeypatch = monkeypatch

    def accepted(self):
        return [file.stem for file in self.folder.rglob("*.txt")]

    @contextmanager
    def lose_answers(self):
        def link_and_fail(source, target, link=os.link):
            link(source, target)
            raise OSError(errno.EIO, "the disk went away")

        with self.monkeypatch.context() as patch:
            patch.setattr(os, "link", link_and_fail)
            yield

    def refuse(self):
        return self._fail_to_link(errno.ENAMETOOLONG)

    def defer(self):
        return self._fail_to_link(errno.ENOSPC)

    @contextmanager
    def _fail_to_link(self, number):
        def fail(source, target):
            raise OSError(number, os.strerror(number))

        with self.monkeypatch.context() as patch:
            patch.setattr(os, "link", fail)
            yield

    @contextmanager
    def go_down(self):
        """A file stands where the outbox should be: nothing can be written below it."""
        aside = self.folder.with_name("aside")
        if self.folder.exists():
            self.folder.rename(aside)
        self.folder.write_text("in the way")
        yield
        self.folder.unlink()
        if aside.exists():
            aside.rename(self.folder)


class TestOutboxKeepsTheContract(DeliverConformance):
    @pytest.fixture
    def plugin(self):
        return outbox

    @pytest.fixture
    def connections(self):
        return FILE_LANES

    @pytest.fixture
    def world(self, folder, monkeypatch):
        return OutboxFolder(folder / "outbox", monkeypatch)


class TestOutboxWithATemplateKeepsTheContract(TestOutboxKeepsTheContract):
    @pytest.fixture
    def options(self, folder):
        (folder / "templates").mkdir()
        (folder / "templates" / "note.txt").write_text("{{ address }}\n{{ fields.body }}\n")
        return {"folder": "outbox/notes", "template": "note.txt"}


@pytest.fixture
def message():
    return replace(sample_messages(1)[0], content=b"Hello Noor")


@pytest.fixture
def final(tmp_path, message):
    return tmp_path / "outbox" / "1" / f"{message.key}.txt"


def deliver(folder: Path, *messages, **hooks) -> MemoryDispatch:
    context = make_context("outbox", folder=folder)
    with MemoryDispatch(messages, **hooks) as dispatch:
        outbox.deliver(context, outbox.OutboxOptions(), dispatch)
    return dispatch


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_message_is_a_file_named_by_run_and_key(tmp_path, message, final):
    dispatch = deliver(tmp_path, message)
    assert final.read_bytes() == b"Hello Noor"
    assert files(tmp_path) == [final]
    assert dispatch.receipts[message.key].provider_id == final.name


KILLED_AT_THE_LINK = """
import os, sys
from dataclasses import replace
from pathlib import Path
from ballyhoo.plugins import outbox
from ballyhoo.testing import MemoryDispatch, make_context, sample_messages
os.link = lambda source, target: os._exit(9)
message = replace(sample_messages(1)[0], content=b"half a")
context = make_context("outbox", folder=Path(sys.argv[1]))
outbox.deliver(context, outbox.OutboxOptions(), MemoryDispatch([message]))
"""


def test_crash_before_the_link_leaves_a_temporary_file_and_a_later_attempt_succeeds(
    tmp_path, message, final
):
    killed = subprocess.run([sys.executable, "-c", KILLED_AT_THE_LINK, tmp_path], check=False)
    assert killed.returncode == 9
    [leftover] = files(tmp_path)
    assert leftover.name.startswith(f".{message.key}.")

    assert deliver(tmp_path, message).states == {message.key: "sent"}
    assert final.read_bytes() == b"Hello Noor"


def test_existing_file_is_evidence_and_is_not_replaced(tmp_path, message, final):
    final.parent.mkdir(parents=True)
    final.write_bytes(b"from an earlier attempt")
    dispatch = deliver(tmp_path, message)
    assert dispatch.receipts[message.key].outcome == "sent"
    assert "already" in dispatch.receipts[message.key].detail
    assert final.read_bytes() == b"from an earlier attempt"
    assert files(tmp_path) == [final]


def test_refused_mark_leaves_no_file_at_all(tmp_path, message):
    deliver(tmp_path, message, refuse={message.key})
    assert files(tmp_path) == []


def test_file_is_whole_when_it_appears(tmp_path, message, final, monkeypatch):
    seen = []

    def look(source, target, link=os.link):
        seen.append(Path(source).read_bytes())
        link(source, target)

    monkeypatch.setattr(os, "link", look)
    deliver(tmp_path, message)
    assert seen == [b"Hello Noor"]


def test_full_disk_while_writing_is_later_without_a_mark(tmp_path, message, monkeypatch):
    def fail(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    dispatch = deliver(tmp_path, message)
    assert dispatch.receipts[message.key].outcome == "later"
    assert dispatch.marked == []
    assert files(tmp_path) == []


def test_folder_that_cannot_be_synced_leaves_the_message_unknown(tmp_path, message, monkeypatch):
    def sync_files_only(descriptor, fsync=os.fsync):
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):  # noqa: PTH112 - a descriptor, no path
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", sync_files_only)
    first, second = message, replace(message, key="sample-1-2", id=2)
    dispatch = deliver(tmp_path, first, second)
    assert dispatch.states == {first.key: "unknown", second.key: "unknown"}


def test_leftover_that_cannot_be_removed_does_not_change_the_receipt(
    tmp_path, message, final, monkeypatch
):
    def fail(self, missing_ok=False):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "unlink", fail)
    assert deliver(tmp_path, message).states == {message.key: "sent"}
    assert deliver(tmp_path, message, refuse={message.key}).states == {message.key: "skipped"}


def test_name_that_the_disk_can_never_hold_is_failed(tmp_path, message):
    long = replace(message, key="k" * 300)
    dispatch = deliver(tmp_path, long)
    assert dispatch.states == {long.key: "failed"}
    assert dispatch.marked == []


def test_subject_with_line_breaks_stays_one_line(tmp_path):
    message = sample_messages(1)[0]
    broken = replace(message, fields={"subject": "New\r\nto: all@example.com", "body": "Hello"})
    context = make_context("outbox", folder=tmp_path)
    [content] = outbox.render(context, outbox.OutboxOptions(), [broken])
    lines = content.decode().splitlines()
    assert lines[1] == "subject: New to: all@example.com"
    assert [line for line in lines if line.startswith("to:")] == [f"to: {message.address}"]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("  Noor@EXAMPLE.com ", "Noor@example.com"),
        ("noor@example.com", "noor@example.com"),
        ("pigeon loft 7", "pigeon loft 7"),
    ],
)
def test_address_has_one_form(written, normal):
    assert outbox.channel().normalise(written) == normal


def test_nothing_is_logged_about_a_delivery(tmp_path, message, caplog):
    caplog.set_level(logging.DEBUG)
    deliver(tmp_path, message)
    assert caplog.text == ""
