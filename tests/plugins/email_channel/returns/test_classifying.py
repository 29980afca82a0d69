"""Any mail is told apart: bounces for good and for a time, complaints, answers, and the rest."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.plugins.email_channel.returns import KINDS, classify_return

from .mails import EXIM, QMAIL, REFERENCE, SENT, TOKEN, complaint, plain, report
from .samples import EXPECTED, find_samples, measure_bounce_accuracy


@pytest.mark.parametrize(
    ("status", "said", "kind", "reason"),
    [
        ("5.1.1", "smtp; 550 5.1.1 <x@y.example>: User unknown", "hard", "no_user"),
        ("5.0.0", "smtp; 550 No such user here", "hard", "no_user"),
        ("5.2.1", "smtp; 550 5.2.1 The account is disabled", "hard", "no_user"),
        ("5.2.2", "smtp; 552 5.2.2 Mailbox full", "soft", "full"),
        ("5.0.0", "smtp; 552 Quota exceeded for this user", "soft", "full"),
        ("5.1.2", "smtp; 550 Host unknown (Name server: host not found)", "hard", "no_domain"),
        ("4.4.7", "smtp; 451 4.4.7 retry time expired", "soft", "busy"),
        ("4.2.2", "smtp; 452 4.2.2 over quota", "soft", "full"),
        ("5.7.1", "smtp; 554 5.7.1 Service refused: 192.0.2.1 is listed at zen.spamhaus.org",
         "soft", "policy"),
        ("5.7.26", "smtp; 550-5.7.26 Unauthenticated email is not accepted due to domain's DMARC "
         "policy", "soft", "policy"),
        ("5.1.3", "smtp; 553 blocked using a blocklist", "soft", "policy"),
        ("5.7.1", "smtp; 550 5.7.1 Unknown recipient", "hard", "no_user"),
        ("5.1.8", "smtp; 553 5.1.8 Sender address rejected: Domain not found", "soft", "sender"),
        ("5.3.4", "smtp; 552 5.3.4 Message size exceeds fixed limit", "soft", "too_large"),
        ("4.1.1", "smtp; 450 4.1.1 <x@y.example>: User unknown in local table", "hard", "no_user"),
        ("4.0.0", "smtp; The domain returned Null MX", "hard", "no_domain"),
        ("5.4.4", None, "hard", "no_domain"),
        ("5.0.0", None, "hard", "unknown"),
        ("5.7.17", "smtp; 550 5.7.17 changed hands", "hard", "policy"),
    ],
)  # fmt: skip
def test_what_a_report_says_decides(status: str, said: str | None, kind: str, reason: str) -> None:
    found = classify_return(report(status=status, said=said))
    assert (found.kind, found.reason) == (kind, reason)
    assert found.is_final


@pytest.mark.parametrize(
    ("action", "kind", "is_final"),
    [
        ("failed", "hard", True),
        ("delayed", "soft", False),
        ("relayed", "none", True),
        ("delivered", "none", True),
        ("expanded", "none", True),
    ],
)
def test_only_a_server_that_gave_up_is_a_bounce_for_good(
    action: str, kind: str, is_final: bool
) -> None:
    found = classify_return(report(action=action))
    assert (found.kind, found.is_final) == (kind, is_final)


def test_a_block_is_something_for_the_sender_to_look_at() -> None:
    assert classify_return(report(status="5.7.1", said="smtp; 550 spam")).is_about_sender
    assert not classify_return(report()).is_about_sender


def test_a_report_about_several_people_tells_the_worst_of_them() -> None:
    both = report(status="5.2.2", said="smtp; 552 Mailbox full").replace(
        b"Final-Recipient:",
        b"Final-Recipient: rfc822; ben@customers.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"Diagnostic-Code: smtp; 550 User unknown\r\nFinal-Recipient:",
    )
    found = classify_return(both)
    assert (found.kind, found.recipients) == ("hard", ("ben@customers.example",))


@pytest.mark.parametrize("raw", [QMAIL, EXIM])
def test_systems_that_write_no_report_are_read_too(raw: bytes) -> None:
    found = classify_return(raw)
    assert (found.kind, found.recipients) == ("hard", ("ann@customers.example",))
    assert found.tokens == (TOKEN,)
    assert found.references == ((REFERENCE, 12),)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Your message to ann@customers.example has been delayed. No action is needed; it will be "
         "retried. 450 4.2.2 Mailbox full", "soft"),
        ("Ihre Nachricht konnte nicht zugestellt werden: Empfänger unbekannt", "hard"),
        ("Ihre Nachricht konnte nicht zugestellt werden: Das Postfach ist voll", "soft"),
        ("Votre message n'a pas pu être remis : utilisateur inconnu", "hard"),
        ("El mensaje no se ha podido entregar: el buzón está lleno", "soft"),
        ("您的邮件无法送达：用户不存在", "hard"),
        ("The mail could not be delivered.", "soft"),
        ("The mail could not be delivered. This is a permanent error.", "hard"),
    ],
)  # fmt: skip
def test_words_are_read_in_several_languages(words: str, kind: str) -> None:
    assert classify_return(plain(words)).kind == kind


@pytest.mark.parametrize(
    ("kind", "expected", "reason"),
    [
        ("abuse", "complaint", "abuse"),
        ("fraud", "complaint", "fraud"),
        ("opt-out", "complaint", "unsubscribe"),
        ("not-spam", "none", "feedback"),
        ("auth-failure", "none", "feedback"),
    ],
)
def test_feedback_reports_are_complaints_when_somebody_complains(
    kind: str, expected: str, reason: str
) -> None:
    found = classify_return(complaint(kind))
    assert (found.kind, found.reason) == (expected, reason)
    assert found.tokens == (TOKEN,)


@pytest.mark.parametrize(
    ("subject", "head", "reason"),
    [
        ("Automatic reply: New for your next trail", "", "away"),
        ("Out of Office: holidays", "Auto-Submitted: auto-replied\n", "away"),
        ("Abwesenheitsnotiz", "", "away"),
        ("Réponse automatique : absence", "", "away"),
        ("自动回复: 您好", "", "away"),
        ("Re: New for your next trail", "X-Autoreply: yes\n", "answer"),
        ("Thank you", "Precedence: auto_reply\n", "answer"),
        ("Please confirm your message", "Auto-Submitted: auto-replied\n", "challenge"),
    ],
)
def test_automatic_answers_are_no_bounces(subject: str, head: str, reason: str) -> None:
    words = "I am away, and my mailbox is full of letters. The user unknown to you is Ben."
    found = classify_return(
        plain(words, sender="ann@customers.example", subject=subject, head=head)
    )
    assert (found.kind, found.reason) == ("auto_reply", reason)


@pytest.mark.parametrize(
    "subject", ["Re: New for your next trail", "a question about my order", "Hello"]
)
def test_what_people_write_is_none_of_it(subject: str) -> None:
    words = f"Is the shoe there in 42? My mailbox is full, ha.\n\n> {SENT}"
    assert classify_return(plain(words, sender="ann@customers.example", subject=subject)).kind == (
        "none"
    )


def test_a_wish_to_be_written_to_no_more_is_no_complaint_about_spam() -> None:
    raw = plain("", sender="ann@customers.example", subject="unsubscribe")
    assert classify_return(raw).reason == "unsubscribe"


def test_no_address_stands_in_the_detail() -> None:
    said = "smtp; 550 5.1.1 <ann@customers.example>: unknown, ask postmaster@customers.example"
    found = classify_return(report(said=said))
    assert "@" not in found.detail
    assert "unknown" in found.detail


def test_the_same_return_by_another_way_is_the_same() -> None:
    raw = report()
    forwarded = b"Received: from a by b\r\nX-Original-To: returns@shop.example\r\n" + raw
    unix = raw.replace(b"\r\n", b"\n")
    identities = {classify_return(one).identity for one in (raw, forwarded, unix)}
    assert len(identities) == 1
    assert classify_return(report(message_id="<report-2@mx.example>")).identity not in identities


def test_a_report_without_a_name_of_its_own_is_told_by_what_it_says() -> None:
    first, again, other = (
        classify_return(report(message_id="", status=status)).identity
        for status in ("5.1.1", "5.1.1", "5.2.2")
    )
    assert first == again != other


def test_a_report_that_lost_its_content_type_is_still_one() -> None:
    raw = report().replace(
        b'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; '
        b'boundary="=_cut"\r\n', b"",
    )  # fmt: skip
    assert classify_return(raw).status == "5.1.1"


@given(st.binary(max_size=2_000))
def test_whatever_the_bytes_are_there_is_an_answer(raw: bytes) -> None:
    assert classify_return(raw).kind in KINDS


HOSTILE = (
    b"Content-Type: multipart/report; boundary=a\n\n", b"--a\n", b"\n\n", b"--a--",
    b"Content-Type: message/delivery-status\n\n", b"Final-Recipient: rfc822; x@y.zz\n",
    b"Status: 5.1.1\n", b"Action: failed\n", b"Content-Transfer-Encoding: base64\n",
    b"=?utf-8?b?!!!?=", b"\x00\xff", b"Date: 99 Foo\n", b"Feedback-Type: abuse\n",
    b"Content-Type: text/plain; charset=idna\n\n", b"b+" + b"a" * 24 + b"@", b"user unknown ",
)  # fmt: skip


@settings(max_examples=200)
@given(st.lists(st.sampled_from(HOSTILE), max_size=40))
def test_whatever_parts_of_mails_are_put_together_there_is_an_answer(parts: list[bytes]) -> None:
    assert classify_return(b"".join(parts)).kind in KINDS


@pytest.mark.parametrize(
    "raw",
    [
        b"From: MAILER-DAEMON\n\n" + b"user " * 400_000,
        b"From: MAILER-DAEMON\n\n" + b"mailbox is not " * 200_000,
        b"Subject: " + b"=?utf-8?q?a?= " * 100_000,
        b"a:" * 1_000_000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n)
                 for n in range(20_000)),
        b"Content-Type: multipart/report; boundary=x\n\n" + b"--x\n\n" * 300_000,
        b"Content-Type: text/html\n\n" + b"<" * 3_000_000,
        b"Content-Type: text/html\n\n" + b"<style " * 500_000,
        b"Content-Type: text/html\n\n" + b"<script>" * 400_000,
        b"From: MAILER-DAEMON\n\n" + b"a" * 3_000_000 + b"@",
        b"From: MAILER-DAEMON\n\n" + b"a@a." * 300_000,
        b"To: " + b"b+" * 500_000 + b"\n\n",
        b"From: MAILER-DAEMON\n\n" + b"-" * 2_000_000,
        b"From: MAILER-DAEMON\n\n" + b"copy of the " * 200_000,
    ],
    ids=range(14),
)  # fmt: skip
def test_reading_mail_that_means_harm_comes_to_an_end(raw: bytes) -> None:
    def give_up(*_: object) -> None:
        raise AssertionError("a minute of work on one mail: what it costs grows with its square")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, 60)
    try:
        assert classify_return(raw).kind in KINDS
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<STYLE>p {}</STYLE><p>user<b> unknown</b>", "hard"),
        ("<script>a</script><p>user unknown<style>never closed", "hard"),
        ("<style>never closed, user unknown", "hard"),
        ("<style>user unknown</style>hello", "none"),
    ],
)
def test_words_of_a_page_are_read_without_its_styles_and_scripts(html: str, kind: str) -> None:
    raw = f"From: MAILER-DAEMON@x.example\nContent-Type: text/html\n\n{html}"
    assert classify_return(raw.encode()).kind == kind


def test_the_table_of_the_shared_samples_has_no_name_twice() -> None:
    names = " ".join(EXPECTED.values()).split()
    assert len(names) == len(set(names)) == 53


@pytest.mark.shared_data
def test_real_returns_are_told_apart() -> None:
    folder = find_samples()
    if folder is None:
        pytest.skip("no real data: the shared folder is not there; set BALLYHOO_SHARED_DATA")
    assert {path.stem for path in Path(folder).glob("*.eml")} == set(
        " ".join(EXPECTED.values()).split()
    )
    share, wrong = measure_bounce_accuracy(folder)
    assert share >= 0.95, wrong
