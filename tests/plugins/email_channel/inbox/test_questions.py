"""The new words of a mail are the question, whatever program wrote it."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.plugins.email_channel.inbound.questions import find_question, find_subject
from ballyhoo.plugins.email_channel.inbound.reading import read_mail
from ballyhoo.plugins.email_channel.returns.parts import take_apart

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def ask(body: str, head: str = "Content-Type: text/plain; charset=utf-8\n") -> str:
    return find_question(take_apart(f"{head}\n{body}".encode(), skips_attached=True))


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Where is it?", "Where is it?"),
        ("Where is it?\n\nOn 2 Mar 2026 at 10:00, Shop <n@shop.example> wrote:\n> Look!\n> Now",
         "Where is it?"),
        ("Wo ist es?\n\nAm 02.03.2026 um 10:00 schrieb Shop\n<n@shop.example>:\n> Schau!",
         "Wo ist es?"),
        ("在哪里?\n\n在 2026年3月2日,Shop <n@shop.example> 写道:\n> 看", "在哪里?"),
        ("> Look!\n> Now\n\nWhere is it?", "Where is it?"),
        ("> first?\nYes.\n> second?\nNo.", "Yes.\nNo."),
        ("Where is it?\n-----Original Message-----\nFrom: Shop\nSent: Monday\nLook!",
         "Where is it?"),
        ("Wo ist es?\n\nVon: Shop <n@shop.example>\nGesendet: Montag\nAn: Zoe\n\nSchau!",
         "Wo ist es?"),
        ("Where is it?\n________________________________\nFrom: Shop\nLook!", "Where is it?"),
        ("Where is it?\n\n-- \nZoe\n1 High Street", "Where is it?"),
        ("Where is it?\n\nSent from my iPhone", "Where is it?"),
        ("Wo ist es?\nVon meinem iPhone gesendet", "Wo ist es?"),
        ("Hello,\nyour colleague wrote:\nIt is on its way.\nIs it?",
         "Hello,\nyour colleague wrote:\nIt is on its way.\nIs it?"),
        ("Price > 100 or < 5?\n- a\n- b", "Price > 100 or < 5?\n- a\n- b"),
        ("> A mail that is\n> a quote alone", "A mail that is\na quote alone"),
    ],
)  # fmt: skip
def test_new_words_are_cut_out(text: str, question: str) -> None:
    assert ask(text) == question


def test_a_mail_that_is_a_page_alone_is_read_without_its_quote() -> None:
    page = (
        "<html><head><style>p{color:red}</style></head><body><p>Where is&nbsp;it?</p>"
        "<div>A &lt;b&gt; &amp; c<br>d</div><script>x</script>"
        '<div class="gmail_quote">On Monday Shop wrote:<blockquote>Look!</blockquote></div>'
        "</body></html>"
    )
    head = "Content-Type: text/html; charset=utf-8\n"
    assert ask(page, head) == "Where is it?\n\nA <b> & c\nd"


def test_text_wins_over_the_page_beside_it_and_attachments_are_no_words() -> None:
    parts = [
        ("text/plain", "", "The words."), ("text/html", "", "<p>The page.</p>"),
        ("text/plain", "Content-Disposition: attachment; filename=a.txt\n", "Attached."),
    ]  # fmt: skip
    body = "".join(f"--x\nContent-Type: {kind}\n{head}\n{text}\n" for kind, head, text in parts)
    assert ask(f"{body}--x--\n", "Content-Type: multipart/mixed; boundary=x\n") == "The words."


def test_charsets_are_read_and_wrong_ones_do_no_harm() -> None:
    packed = base64.b64encode("Größe?".encode("iso-8859-1")).decode()
    head = "Content-Type: text/plain; charset={}\nContent-Transfer-Encoding: base64\n"
    assert ask(packed, head.format("iso-8859-1")) == "Größe?"
    for wrong in ("utf-8", "klingon", "rot13", "zlib"):
        assert "e?" in ask(packed, head.format(wrong)) or wrong
        ask(packed, head.format(wrong))
    mail = take_apart(
        b"Subject: =?klingon?q?a?= =?utf-8?b?R3LDtsOfZQ==?=\n =?utf-8?q?=0AFrom:?=\n\n"
    )
    assert "\n" not in find_subject(mail)


def test_control_characters_are_gone() -> None:
    assert ask("a\x00b\x1b[31mc\u202ed\u200be") == "ab[31mcde"


@given(st.binary(max_size=2_000), st.text(max_size=500))
def test_whatever_the_bytes_are_it_ends_and_answers(raw: bytes, text: str) -> None:
    for one in (
        raw,
        b"From: a@b.example\n\n" + raw,
        b"From: a@b.example\n\n" + text.encode("utf-8", "replace"),
    ):
        read = read_mail(one, own=(), trusted=["mx"], now=NOW, most_days=0)
        assert (read.mail is None) != (read.reason is None)


@pytest.mark.parametrize(
    "body",
    [
        "<" * 300_000, "<a " * 100_000, "<!--" * 100_000, "<p>" * 150_000, "&lt" * 150_000,
        "> " * 200_000, " " * 400_000, "On 1 " * 90_000, "wrote: 1@\n" * 50_000,
        ("On 1" + " x" * 80 + "\n") * 3_000,
        "(" * 300_000, "\n" * 400_000,
    ],
    ids=lambda body: body[:5],
)  # fmt: skip
def test_hostile_mail_costs_no_more_than_its_length(body: str) -> None:
    began = time.process_time()
    for kind in ("plain", "html"):
        head = f"From: {'(' * 30_000}\nContent-Type: text/{kind}\n"
        read_mail(f"{head}\n{body}".encode(), own=(), trusted=["mx"], now=NOW, most_days=0)
        find_question(take_apart(f"{head}\n{body}".encode()))
    assert time.process_time() - began < 5
