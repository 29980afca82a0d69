from __future__ import annotations

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.policy import SMTP

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ballyhoo.plugins.email_channel.headers import (
    clean_text,
    encode_text,
    write_mailbox,
    write_raw,
    write_text,
)
from ballyhoo.testing import HOSTILE_TEXTS

texts = st.text(max_size=400) | st.sampled_from(HOSTILE_TEXTS)


def decode(field: bytes) -> str:
    name, _, value = field.decode("ascii").partition(": ")
    assert name
    return str(make_header(decode_header(re.sub(r"\r\n(?=[ \t])", "", value.removesuffix("\r\n")))))


@given(texts)
@example("A 💩 subject=?UTF-8?Q?=0A?=Bcc: injected@example.com")
@example("=?utf-8?q?=0D=0ABcc:_x@example.com?=")
@example("a\r\nBcc: x@example.com")
@example("a\u2028Bcc: x@example.com")
@example("\ud800")
@example("日本語の件名" * 40)
@example("x" * 2000)
def test_no_value_becomes_a_field_of_its_own_and_it_reads_as_it_was_written(value: str) -> None:
    field = write_text("Subject", value)
    assert field.endswith(b"\r\n")
    assert re.search(rb"\r\n(?![ \t])", field[:-2]) is None
    assert re.search(rb"[\r\n]", field.replace(b"\r\n", b"")) is None
    parsed = message_from_bytes(b"From: a@example.com\r\n" + field + b"\r\nbody", policy=SMTP)
    assert parsed.keys() == ["From", "Subject"]
    assert decode(field).split() == clean_text(value).split()


@given(texts)
def test_lines_are_short_and_encoded_words_are_within_the_limit(value: str) -> None:
    field = write_text("Subject", value)
    assert all(len(line) <= 78 for line in field.split(b"\r\n"))
    assert all(len(word) <= 75 for word in re.findall(rb"=\?\S+\?=", field))


@given(st.text(st.characters(categories=("L", "N", "S")), min_size=1, max_size=200))
def test_each_encoded_word_is_whole_by_itself(value: str) -> None:
    for word in encode_text(value, used=9).split("\r\n "):
        for raw, charset in decode_header(word):
            if charset:
                raw.decode(charset)  # no character is torn apart


@given(texts, st.sampled_from(["ada@example.com", "a.b+c@shop.example"]))
def test_a_mailbox_is_read_with_its_name_and_address(name: str, address: str) -> None:
    field = write_mailbox("From", name, address)
    parsed = message_from_bytes(field + b"\r\n", policy=SMTP)
    assert parsed.keys() == ["From"]
    assert re.search(rb"\r\n(?![ \t])", field[:-2]) is None
    found: tuple[Address, ...] = parsed["From"].addresses
    assert [one.addr_spec for one in found] == [address]
    plain = clean_text(name)
    if "=?" not in plain and plain.isascii():
        assert found[0].display_name.split() == plain.split()


@pytest.mark.parametrize(
    "address",
    ["", "a b@x.example", "a@x.example>", "<a@x.example", "a@x\r\n.example", "a,b@x.example",
     'a"b@x.example', "a@x.example\x00"],
)  # fmt: skip
def test_an_address_that_would_break_out_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="cannot stand"):
        write_mailbox("To", "", address)


@pytest.mark.parametrize("value", ["a\r\nB: c", "ä", "a\x00", "a\nb"])
def test_what_we_write_ourselves_is_plain_or_refused(value: str) -> None:
    with pytest.raises(ValueError, match="plain"):
        write_raw("List-ID", value)


def test_plain_text_stays_as_it_is() -> None:
    assert (
        write_text("Subject", "New for your next trail") == b"Subject: New for your next trail\r\n"
    )
    assert write_mailbox("From", "Shop, Inc.", "a@b.example") == (
        b'From: "Shop, Inc." <a@b.example>\r\n'
    )
