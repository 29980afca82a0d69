"""What machines send, what lists pass on, and what came back gets no answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ..returns.mails import report
from .shop import Shop, mail

HEADS = {
    "automatic": (
        "Auto-Submitted: auto-replied\n",
        "Auto-Submitted: auto-generated; x=y\n",
        "Precedence: auto_reply\n",
        "X-Auto-Response-Suppress: DR, OOF, AutoReply\n",
        "X-Autoreply: yes\n",
    ),
    "list": (
        "List-Id: <all.lists.example>\n",
        "List-Unsubscribe: <https://x.example>\n",
        "Precedence: bulk\n",
        "Precedence: list\n",
    ),
    "bounce": ("Return-Path: <>\n",),
    "own": ("X-Ballyhoo-Message: aeaqcaibaeaqcaibaeaqcaib\n",),
}


@pytest.mark.parametrize(
    ("reason", "head"), [(reason, head) for reason, heads in HEADS.items() for head in heads]
)
def test_what_says_that_a_machine_wrote_it_is_not_answered(
    shop: Shop, reason: str, head: str
) -> None:
    said = shop.answer(mail(head=head))
    assert said["skipped"] == {reason: 1}
    assert shop.sent() == []


@pytest.mark.parametrize(
    ("reason", "sender"),
    [
        ("own", "Fernpfad <HELP@shop.example>"),
        ("own", "support@desk.example"),
        ("automatic", "noreply@shop.example"),
        ("automatic", "Postmaster <postmaster@mx.example>"),
        ("automatic", "bounces+1=2@lists.example"),
    ],
)
def test_who_cannot_be_answered_is_not(shop: Shop, reason: str, sender: str) -> None:
    assert shop.answer(mail(sender=sender))["skipped"] == {reason: 1}


def test_an_absence_is_no_question_but_an_absent_item_is(shop: Shop) -> None:
    away = mail("I am away.", subject="Out of office", head="In-Reply-To: <1@shop.example>\n")
    absent = mail("Can I return the rest?", subject="Absent item", message_id="<2@x>")
    said = shop.answer(away, absent)
    assert (said["answered"], said["skipped"]) == (1, {"automatic": 1})


def test_our_own_replies_are_not_answered_when_they_come_back(shop: Shop) -> None:
    shop.answer(mail())
    [path] = shop.folder.glob("outbox/*/*.eml")
    raw = path.read_bytes().replace(b"From: Fernpfad <help@shop.example>", b"From: x@y.example")
    assert shop.answer(raw)["skipped"] == {"own": 1}


def test_a_bounce_in_the_inbox_counts_as_one(shop: Shop) -> None:
    shop.answer(mail())
    [path] = shop.folder.glob("outbox/*/*.eml")
    raw = report(sent=path.read_text(), to="help@shop.example", recipient="zoe@new.example")
    said = shop.answer(raw)
    assert said["skipped"] == {"bounce": 1}
    assert said["suppressed"] == 1
    assert shop.ask("SELECT reason FROM suppressions") == ["bounce"]
    # After it, a person takes over.
    assert shop.answer(mail(message_id="<2@new.example>"))["handed_off"] == 1


def test_a_parcel_that_was_not_delivered_is_no_bounce(shop: Shop) -> None:
    text = "My parcel could not be delivered, my address is zoe@new.example. Can I return it?"
    said = shop.answer(mail(text, subject="Delivery failed"))
    assert (said["answered"], said["skipped"]) == (1, {})
    assert shop.ask("SELECT * FROM message_events WHERE kind = 'bounce'") == []


def test_a_mail_whose_subject_alone_asks_to_be_left_alone_is_answered(shop: Shop) -> None:
    said = shop.answer(mail("", subject="Unsubscribe"))
    assert (said["answered"], said["unsubscribed"]) == (1, 1)


def test_two_machines_that_answer_each_other_come_to_an_end(shop: Shop) -> None:
    answered = 0
    for number in range(13):
        answered += shop.answer(mail(message_id=f"<{number}@new.example>"))["answered"]
    assert answered == 10
    assert len(shop.sent()) == 10


def test_old_mail_is_not_answered(shop: Shop) -> None:
    said = shop.answer(mail(age=timedelta(days=15)), mail(message_id="<2@x>", age=-timedelta(1)))
    assert (said["answered"], said["skipped"]) == (1, {"old": 1})


def test_a_mail_without_words_is_not_answered(shop: Shop) -> None:
    assert shop.answer(mail("", subject="", message_id="<2@x>"))["skipped"] == {"empty": 1}
