from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ballyhoo.plugins.email_channel.mime import encode_part, write_body
from ballyhoo.testing import HOSTILE_TEXTS

BOUNDARY = "=_abcdefghijklmnop"
PIECES = ["From ", ".", "=", "\r", "\n", " ", "\t", "ä", "x" * 80, "山"]
texts = (
    st.text(max_size=500)
    | st.sampled_from(HOSTILE_TEXTS)
    | st.lists(
        st.sampled_from(["From ", ".", "=", "\r", "\n", " ", "\t", "ä", "x" * 80, "山"])
    ).map("".join)
)


def parse(text: str, html: str) -> EmailMessage:
    head, body = write_body(text, html, BOUNDARY)
    parsed = message_from_bytes(b"Subject: x\r\n" + head + b"\r\n" + body, policy=SMTP)
    return cast(EmailMessage, parsed)


def as_lines(text: str) -> str:
    """As mail keeps it: breaks are line ends, and halves of pairs are none."""
    return re.sub(r"\r\n|\r|\n", "\n", text).encode("utf-8", "replace").decode()


@given(texts, texts)
@example("From here\n.\nFrom there\n", "<p>.</p>")
@example(f"--{BOUNDARY}--\n", f"--{BOUNDARY}\n")
@example("trailing \nspace\t", "x" * 5000)
@example("\x00\x01\x7f", "\x0b\x0c")
def test_both_parts_are_read_as_they_were_written(text: str, html: str) -> None:
    message = parse(text, html)
    assert message.get_content_type() == "multipart/alternative"
    parts = cast("list[EmailMessage]", message.get_payload())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    for part, given_text in zip(parts, (text, html), strict=True):
        raw = cast(bytes, part.get_payload(decode=True))
        assert raw.decode().replace("\r\n", "\n") == as_lines(given_text)
        assert part.get_content_charset() == "utf-8"
        assert not part.defects
    assert not message.defects


@given(texts, texts)
@example("x" * 5000, "ä" * 5000)
def test_lines_keep_to_the_limits_and_end_in_crlf(text: str, html: str) -> None:
    head, body = write_body(text, html, BOUNDARY)
    whole = head + b"\r\n" + body
    assert re.search(rb"[\r\n]", whole.replace(b"\r\n", b"")) is None
    assert max(len(line) for line in whole.split(b"\r\n")) <= 998
    assert whole.isascii()
    assert re.search(rb"^From ", body, re.MULTILINE) is None


@given(st.text(max_size=500))
def test_quoted_lines_have_76_characters_at_most(text: str) -> None:
    encoding, encoded = encode_part(re.sub(r"\r\n|\r|\n", "\r\n", text).encode(), BOUNDARY.encode())
    if encoding != b"7bit":
        assert all(len(line) <= 76 for line in encoded.split(b"\r\n"))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("<p>plain</p>\r\n", b"7bit"),
        ("Größe 42 für den nächsten Weg, mit Versand\r\n", b"quoted-printable"),
        ("下一次远足的新品\r\n", b"base64"),
        ("x" * 1000, b"quoted-printable"),
        ("From me\r\n", b"quoted-printable"),
        ("space \r\n", b"quoted-printable"),
    ],
)
def test_each_part_gets_the_encoding_that_fits_it(text: str, encoding: bytes) -> None:
    assert encode_part(text.encode(), BOUNDARY.encode())[0] == encoding
