"""What arrives is what was sent, byte for byte; what the server cannot take is not sent."""

from __future__ import annotations

import socket

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.plugins.email_channel.smtp import Envelope
from ballyhoo.plugins.email_channel.smtp.envelope import stuff_dots

from ..scripted_server import ScriptedServer
from .posting import SENDER, make_messages, outcomes, post, with_content

PIECES = st.sampled_from([b".", b"..", b"\r\n", b"\r", b"\n", b"a", b"\x00", b"\xff", b"x" * 70])
CONTENTS = st.lists(PIECES, max_size=30).map(b"".join)


def normalise(content: bytes) -> bytes:
    """Say what a content is with all its line ends written as CRLF, the last one included."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    ended = lines if lines[-1] == b"" else [*lines, b""]
    return b"\r\n".join(ended)


@given(CONTENTS | st.binary(max_size=500))
def test_stuffed_message_ends_nowhere_but_at_its_end(content):
    stuffed = stuff_dots(content)
    assert b"\r\n.\r\n" not in b"\r\n" + stuffed
    assert stuffed.replace(b"\r\n", b"").count(b"\n") == 0
    assert stuffed.replace(b"\r\n", b"").count(b"\r") == 0
    lines = [line[1:] if line.startswith(b".") else line for line in stuffed.split(b"\r\n")]
    assert b"\r\n".join(lines) == normalise(content)


def test_any_bytes_arrive_as_they_were_sent():
    with ScriptedServer() as server:

        @settings(max_examples=60, deadline=None)
        @given(st.lists(CONTENTS, min_size=1, max_size=4))
        def send(contents):
            server.accepted.clear()
            messages = [
                with_content(message, content)
                for message, content in zip(make_messages(4), contents, strict=False)
            ]
            assert outcomes(post(server, messages)) == ["sent"] * len(messages)
            assert [one.content for one in server.accepted] == [
                normalise(content) for content in contents
            ]

        send()


def test_big_message_arrives_whole():
    big = b"Subject: big\r\n\r\n" + b".0123456789\r\n" * 400_000
    with ScriptedServer() as server:
        post(server, make_messages(2, content=big))
    assert [one.content for one in server.accepted] == [big, big]


class Kept:
    """What aiosmtpd hands on."""

    def __init__(self) -> None:
        self.envelopes: list[object] = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 aiosmtpd calls it so
        self.envelopes.append(envelope)
        return "250 OK"


def test_another_server_reads_the_same():
    content = b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\n.\r\n..\r\nGr\xc3\xbc\xc3\x9fe\r\n"
    kept = Kept()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    try:
        dispatch = post(
            None, make_messages(3, content=content), url=f"smtp://127.0.0.1:{port}", connections=2
        )
    finally:
        controller.stop()
    assert outcomes(dispatch) == ["sent"] * 3
    assert {one.content for one in kept.envelopes} == {content}
    assert {one.mail_from for one in kept.envelopes} == {SENDER}
    assert len({tuple(one.rcpt_tos) for one in kept.envelopes}) == 3


@pytest.mark.parametrize(
    ("extensions", "envelope", "said"),
    [
        (("SIZE 20",), Envelope(SENDER, "a@example.org", b"x" * 21), "the server takes 20"),
        ((), Envelope(SENDER, "a@example.org", b"\xc3\xbc"), "7-bit"),
        ((), Envelope(SENDER, "ü@example.org", b"x", True), "SMTPUTF8"),
        ((), Envelope(SENDER, "ü@example.org", b"x"), "SMTPUTF8"),
        ((), Envelope(SENDER, "a@example.org>\r\nRCPT TO:<b@example.org", b"x"), "its address"),
        ((), Envelope(SENDER, "", b"x"), "its address"),
        ((), Envelope("a b", "a@example.org", b"x"), "return path"),
    ],
)
def test_message_that_the_server_cannot_take_fails_before_anything_is_said(
    extensions, envelope, said
):
    with ScriptedServer(extensions=extensions) as server:
        dispatch = post(server, make_messages(2), finds=lambda message: envelope)
    assert outcomes(dispatch) == ["failed", "failed"]
    assert said in dispatch.receipts["1-1"].detail
    assert not server.counts["MAIL"]
    assert not dispatch.marked


def test_server_is_told_what_it_wants_to_know_of_a_message():
    with ScriptedServer() as server:
        post(
            server,
            make_messages(1),
            finds=lambda message: Envelope("", "ü@example.org", "ü\r\n".encode(), True),
        )
    assert server.commands[1] == "MAIL FROM:<> SIZE=4 BODY=8BITMIME SMTPUTF8"


def test_plain_message_to_a_server_without_extensions_has_no_parameters():
    with ScriptedServer(extensions=()) as server:
        post(server, make_messages(1))
    assert server.commands[1] == f"MAIL FROM:<{SENDER}>"
