"""Messages as files in the outbox, and the page that lists them."""

from __future__ import annotations

import os
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from ballyhoo.plugins.email_channel import eml_index
from ballyhoo.plugins.email_channel.eml import write_outbox
from ballyhoo.testing import MemoryDispatch, sample_messages

CONTENT = """\
To: {address}\r
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_=3Cb=3E{number}=3C/b=3E?=\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary="x"\r
\r
--x\r
Content-Type: text/plain; charset="utf-8"\r
\r
Hello\r
--x\r
Content-Type: text/html; charset="utf-8"\r
\r
<p>Hello number {number}, ü</p>\r
--x--\r
"""


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.found.append(dict(attributes)["href"])


def make(count):
    return [
        replace(
            message,
            content=CONTENT.format(address=message.address, number=number).encode(),
        )
        for number, message in enumerate(sample_messages(count), start=1)
    ]


def deliver(folder, messages, **hooks):
    with MemoryDispatch(messages, **hooks) as dispatch:
        write_outbox(folder, dispatch)
    assert not dispatch.breaches
    return dispatch


def test_each_message_is_a_whole_file_named_by_run_and_key(tmp_path):
    messages = make(5)
    dispatch = deliver(tmp_path, messages)
    assert set(dispatch.states.values()) == {"sent"}
    for message in messages:
        assert (tmp_path / "1" / f"{message.key}.eml").read_bytes() == message.content


def test_page_lists_whom_and_what_and_leads_to_both_files(tmp_path):
    messages = make(3)
    deliver(tmp_path, messages)
    page = (tmp_path / "1" / "index.html").read_text()
    links = Links()
    links.feed(page)
    assert len(links.found) == 6
    assert all((tmp_path / "1" / link).exists() for link in links.found)
    assert "Grüße &lt;b&gt;2&lt;/b&gt;" in page
    assert messages[0].address in page
    shown = (tmp_path / "1" / f"{messages[1].key}.html").read_text()
    assert "<p>Hello number 2, ü</p>" in shown


def test_refused_mark_leaves_neither_file_nor_line(tmp_path):
    messages = make(2)
    deliver(tmp_path, messages, refuse={messages[0].key})
    page = (tmp_path / "1" / "index.html").read_text()
    assert messages[0].address not in page
    assert messages[1].address in page
    assert not list((tmp_path / "1").glob(f"*{messages[0].key}*"))


def test_page_of_a_later_delivery_holds_the_former_messages_too(tmp_path):
    messages = make(4)
    deliver(tmp_path, messages[:2])
    deliver(tmp_path, messages[2:])
    page = (tmp_path / "1" / "index.html").read_text()
    assert all(message.address in page for message in messages)


def test_page_of_a_big_run_lists_the_newest(tmp_path, monkeypatch):
    monkeypatch.setattr(eml_index, "MOST_LISTED", 2)
    messages = make(3)
    deliver(tmp_path, messages)
    for moment, message in enumerate(messages, start=1):
        os.utime(tmp_path / "1" / f"{message.key}.eml", (moment, moment))
    eml_index.write_index(tmp_path / "1")
    page = (tmp_path / "1" / "index.html").read_text()
    assert messages[0].address not in page
    assert messages[2].address in page
    assert "3 messages" in page
    assert "the newest 2 are listed" in page


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"no header at all", b"To: a\r\n" * 50])
def test_what_is_no_mail_is_listed_all_the_same(tmp_path, content):
    message = replace(make(1)[0], content=content)
    dispatch = deliver(tmp_path, [message])
    assert set(dispatch.states.values()) == {"sent"}
    assert f"{message.key}.eml" in (tmp_path / "1" / "index.html").read_text()


def test_nothing_due_makes_no_folder(tmp_path):
    deliver(tmp_path / "outbox", [])
    assert not (tmp_path / "outbox").exists()
