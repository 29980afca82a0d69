from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.core.html_reading import read_html
from ballyhoo.core.letter import Letter, is_email, read_letter, write_plainly
from ballyhoo.core.preview.schemes import force_scheme
from ballyhoo.core.preview.warning import find_warnings, list_warnings
from ballyhoo.testing import HOSTILE_TEXTS, sample_messages

LEAVE = "https://shop.example/leave/1"
HTML = (
    "<html><head><title>no</title><style>p { color: red }</style></head><body>"
    "<div style='display:none'>Four things\u200c\u034f &nbsp;\u200c</div><h1>Dry trails</h1>"
    f"<img src='https://shop.example/a.png' alt='A shoe'><a href='{LEAVE}'>Leave</a></body></html>"
)
TEXT = f"Dry trails\n\nLeave: {LEAVE}\n"


def write_mail(
    *, html: str | None = HTML, text: str | None = TEXT, subject: str = "Hello", leave: str = LEAVE
) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Fernpfad <news@shop.example>"
    mail["To"] = "ada@customers.example"
    mail["Subject"] = subject
    mail["Date"] = "Thu, 26 Nov 2026 10:00:00 +0000"
    if leave:
        mail["List-Unsubscribe"] = f"<{leave}>"
    if text is not None:
        mail.set_content(text)
    if html is not None and text is not None:
        mail.add_alternative(html, subtype="html")
    elif html is not None:
        mail.set_content(html, subtype="html")
    return mail.as_bytes()


def read(content: bytes, **fields: str) -> Letter:
    return read_letter(replace(sample_messages(1)[0], content=content, fields=fields), "post")


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


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": "x" * 61}, "the subject is longer than 60 characters; phones cut it"),
        ({"subject": ""}, "the subject is empty"),
        ({"html": HTML + "<p>" + "x" * 102_000}, "the HTML part has more than 102 kB; "),
        ({"html": HTML + "<img src=https://a.example/b>"}, "a picture has no alternative text"),
        ({"html": HTML + "<a href='http://a.example'>a</a>"}, "not https: http://a.example"),
        ({"html": "<i hidden>a</i>b"}, "the HTML part has no link to unsubscribe"),
        ({"text": "Dry"}, "the text part has no link to unsubscribe"),
        ({"leave": ""}, "the head has no List-Unsubscribe"),
        ({"html": None}, "there is no HTML part"),
        ({"text": None}, "there is no text part"),
        ({"subject": "Hello {first_name|you}"}, "'{first_name|you}' looks like something"),
        ({"html": HTML.replace("Dry", "{{ headline }}")}, "'{{ headline }}' looks like something"),
    ],
)
def test_what_a_person_should_know_is_found_in_the_bytes(
    changes: dict[str, str], said: str
) -> None:
    warnings = find_warnings(read(write_mail(**changes)))
    assert len(warnings) == 1
    assert warnings[0].startswith(said)


def test_a_decorative_picture_needs_no_words() -> None:
    html = HTML.replace("alt='A shoe'", "alt=''")
    assert find_warnings(read(write_mail(html=html))) == []


def test_a_warning_is_told_once_with_the_messages_it_is_about() -> None:
    told = list_warnings([(1, ["a", "b"]), (2, ["b"])])
    assert [(one.warning, one.messages) for one in told] == [("a", (1,)), ("b", (1, 2))]


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


def test_a_scheme_is_forced_in_styles_and_not_in_text() -> None:
    html = (
        "<head><style>@media (prefers-color-scheme: dark) and (max-width:9px) {p{color:red}}"
        "</style></head><source media='(prefers-color-scheme:light)'>"
        "on (prefers-color-scheme: dark)"
    )
    dark, light = force_scheme(html, "dark"), force_scheme(html, "light")
    assert "@media (min-width: 0) and (max-width:9px)" in dark
    assert "media='(max-width: 0)'" in dark
    assert "only dark" in dark.partition("</head>")[0]
    assert "@media (max-width: 0) and (max-width:9px)" in light
    assert "media='(min-width: 0)'" in light
    for forced in (dark, light):
        assert forced.endswith("on (prefers-color-scheme: dark)")
    assert force_scheme("<p>x", "dark").endswith("<p>x")


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
