from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.core.html_reading import read_html
from ballyhoo.core.letter import is_email, read_letter, write_plainly
from ballyhoo.core.preview.warning import find_warnings
from ballyhoo.testing import HOSTILE_TEXTS, sample_messages

from .mails import HTML, LEAVE, TEXT, read, write_mail


def test_an_email_is_read_by_its_parts_as_a_mail_program_shows_it() -> None:
    letter = read(write_mail(subject="Grüße aus dem Wald"))
    assert letter.is_email
    assert (letter.sender, letter.subject) == ("Fernpfad", "Grüße aus dem Wald")
    assert letter.preheader == "Four things"
    assert letter.html is not None
    assert letter.html.strip() == HTML
    assert letter.text == TEXT
    assert letter.find_field("to") == "ada@customers.example"
    assert letter.part is not None
    assert letter.part.links == [(LEAVE, "Leave")]
    assert letter.part.pictures == [("https://shop.example/a.png", "A shoe")]
    assert find_warnings(letter) == []


def test_what_is_no_email_is_shown_as_text() -> None:
    letter = read(b"to: +43 1\n\nTrails are dry", preheader="")
    assert not letter.is_email
    assert (letter.sender, letter.subject, letter.preheader) == (
        "post",
        "to: +43 1",
        "to: +43 1 Trails are dry",
    )
    assert letter.text == "to: +43 1\n\nTrails are dry"
    assert find_warnings(letter) == []
    assert read(b"\x00\xff{}").text == "\ufffd\ufffd{}"


def test_an_inbox_shows_the_first_words_where_there_is_no_preheader() -> None:
    letter = read(write_mail(html=f"<p>Dry <b>trails</b></p><a href='{LEAVE}'>Leave</a>"))
    assert letter.preheader.startswith("Dry trails Leave")
    assert find_warnings(letter) == [
        "there is no preheader; an inbox shows the first words of the message instead"
    ]


@pytest.mark.parametrize("hostile", HOSTILE_TEXTS)
def test_any_text_in_a_page_is_read_without_an_error(hostile: str) -> None:
    part = read_html(f"<p>{hostile}</p>{hostile}<a href='{hostile}'>{hostile}")
    assert len(part.opening) <= 160


@given(st.binary(max_size=400))
def test_any_bytes_are_read(content: bytes) -> None:
    letter = read(content)
    assert letter.size == len(content)
    find_warnings(letter)


@given(st.binary(max_size=300))
def test_any_body_of_an_email_is_read(body: bytes) -> None:
    head = b"From: a@b.example\r\nDate: today\r\nContent-Type: text/html; charset=x-none\r\n\r\n"
    assert is_email(head + body)
    assert read(head + body).html is not None


def test_an_email_is_read_by_a_person_without_its_encodings() -> None:
    content = (
        b"From: =?utf-8?q?Caf=C3=A9?= <news@shop.example>\r\nTo: ada@mail.example\r\n"
        b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n"
        b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\nSch=C3=B6n.\r\n"
    )
    message = replace(sample_messages(1)[0], content=content)
    assert write_plainly(read_letter(message, "email")) == (
        "From: Café <news@shop.example>\nTo: ada@mail.example\nSubject: Grüße\n\nSchön.\n"
    )


def test_what_is_no_email_is_shown_as_it_is() -> None:
    message = replace(sample_messages(1)[0], content="Grüße".encode())
    assert write_plainly(read_letter(message, "sms")) == "Grüße"
