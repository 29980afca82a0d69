"""Says of any mail what kind of return it is, and about which message; it never raises."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.utils import getaddresses
from itertools import pairwise
from typing import Any

from .answers import find_answer
from .feedback import find_complaint, find_recipients
from .parts import Mail, take_apart
from .reports import Outcome, read_report
from .returned import Kind, Return
from .traces import find_references, find_tokens, make_identity, read_date
from .verdict import hide_addresses, judge
from .wording import FOR_GOOD, GIVES_UP, TRIES_ON, read_wording

MOST_RECIPIENTS = 20

Judged = tuple[Kind, dict[str, Any]]
"""A kind, and the facts of the return that go with it."""

_DAEMON = re.compile(
    r"mailer.?daemon|post\s?master|mail (?:delivery|administrator|system)|mdaemon|"
    r"delivery[ -](?:sub)?system|bounce",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|returned mail|returned to sender|delivery (?:status|failure|report|notification|"
    r"has failed|failed|problem)|failure notice|mail (?:system error|delivery|failure)|"
    r"(?:could|can) ?not be delivered|unzustellbar|nicht zugestellt|non remis|no entregado|"
    r"message not delivered|доставлен|退信|配信",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^[ \t>]*(?:[-=*_ ]{2,}.{0,30}\b(?:copy|original)\b.{0,60}|"
    r".{0,30}\bcopy of (?:the|your)\b.{0,80}|"
    r"[-=* ]*(?:original |returned )?message (?:headers? )?follows?\W*|.{0,30}original mail info.*|"
    r"[-=* ]+.{0,10}headers? of the .{0,40}|[-=* ]*original message[-=*: ]*)$"
    r"|^(?:received|return-path|message-id|dkim-signature): ?",
    re.IGNORECASE | re.MULTILINE,
)
_ADDRESS = re.compile(r"[^\s<>@:;,()\"'\[\]]{1,64}@[\w.-]{1,250}\.[\w-]{2,63}")
_OWN_LINE = re.compile(rf"^[ \t]*[<\"]?{_ADDRESS.pattern}", re.MULTILINE)
_GAP = re.compile(r"[ \t]{3,}")
# No tag reaches over another's beginning: what is cut off costs no second look.
_TAG = re.compile(r"<(/?)(style\b|script\b|)[^<>]{0,2000}>", re.IGNORECASE)


def classify_return(raw: bytes) -> Return:
    """Say what a mail that came back is.

    Args:
        raw: The whole mail as it came, with whatever bytes; only its beginning is looked at.

    Returns:
        Its kind, the status that decided, what may lead to our message. For a report about
        several recipients it is the worst that became of one of them.
    """
    mail = take_apart(raw)
    plain = mail.plain or _without_tags(mail.html)
    words, rest = _separate(plain)
    kind, facts = _classify(mail, words)
    return Return(
        kind=kind,
        tokens=find_tokens(mail, rest),
        references=find_references(mail, rest),
        message_id=mail.first("message-id").strip().strip("<>")[:300],
        dated_at=read_date(mail),
        identity=make_identity(mail, raw),
        **facts,
    )


def _without_tags(html: str) -> str:
    """Return the words of a page; styles and scripts are none."""
    words: list[str] = []
    hidden, since, seen = "", 0, 0
    for tag in _TAG.finditer(html):
        name = tag[2].lower()
        if not hidden:
            words.append(html[seen : tag.start()])
            hidden, since = ("", 0) if tag[1] else (name, tag.end())
        elif tag[1] and name == hidden:
            hidden = ""
        seen = tag.end()
    words.append(html[since if hidden else seen :])
    return " ".join(words)


def _classify(mail: Mail, words: str) -> Judged:
    complaint = find_complaint(mail)
    if complaint is not None:
        return "complaint", {"reason": complaint, "recipients": _clean(find_recipients(mail))}
    if mail.feedback:
        return "none", {"reason": "feedback"}
    outcomes = read_report(mail, words)
    if outcomes:
        return _sum_up(mail, outcomes)
    is_report = bool(mail.reports) or "delivery-status" in mail.first("content-type").lower()
    if is_report or _looks_returned(mail):
        judged = _judge_words(mail, words, is_certain=is_report)
        if judged is not None:
            return judged
    answer = find_answer(mail, words)
    if answer is not None:
        return "auto_reply", {"reason": answer}
    return _ask_detectors(mail, words)


def _sum_up(mail: Mail, outcomes: Sequence[Outcome]) -> Judged:
    """Return the worst of what became of the recipients."""
    failed = [one for one in outcomes if one.verdict is not None]
    if not failed:
        return "none", {"reason": "delivered"}
    worst = max(failed, key=lambda one: (_is_hard(one), one.is_final))
    assert worst.verdict is not None
    # The others of a report about several people say nothing about their addresses here.
    alike = [one.recipient for one in failed if _is_hard(one) == _is_hard(worst)]
    return worst.verdict.kind, {
        "is_final": worst.is_final,
        "status": worst.verdict.status,
        "reason": worst.verdict.reason,
        "detail": worst.verdict.detail,
        "is_about_sender": worst.verdict.is_about_sender,
        "recipients": _clean(alike),
    }


def _is_hard(outcome: Outcome) -> bool:
    return outcome.verdict is not None and outcome.verdict.kind == "hard"


def _looks_returned(mail: Mail) -> bool:
    """Whether a mail without a report comes from where returns come from."""
    sender = mail.first("from")
    path = mail.first("return-path").strip()
    return bool(
        mail.first("x-failed-recipients")
        or _DAEMON.search(sender)
        or _SUBJECT.search(mail.first("subject"))
        or path in ("<>", "<MAILER-DAEMON>")
        or sender.strip().endswith("<>")
    )


def _judge_words(mail: Mail, words: str, *, is_certain: bool) -> Judged | None:
    """Judge a return by what stands in it for people; None when it says nothing of the kind."""
    subject = mail.first("subject")
    failed = mail.first("x-failed-recipients")
    head = f"{subject}\n{words}"
    tries_on = bool(TRIES_ON.search(head[:4_000])) and not failed
    gives_up = bool(failed or GIVES_UP.search(head[:6_000]))
    wording = read_wording(words[:6_000])
    is_known = _DAEMON.search(mail.first("from")) or _SUBJECT.search(subject)
    if not (is_certain or gives_up or tries_on or (wording and is_known)):
        return None
    judged = max((judge(said) for said in _divide(words)), key=lambda one: one.kind == "hard")
    kind: Kind = "soft" if tries_on else judged.kind
    if not wording and not judged.status and not tries_on:
        # Nothing says why: it is held against the address only when it is said to be for good.
        kind = "hard" if failed or FOR_GOOD.search(words[:4_000]) else "soft"
    named = [failed] if failed else _ADDRESS.findall(words)
    return kind, {
        "is_final": not tries_on,
        "status": judged.status,
        "reason": judged.reason,
        "detail": judged.detail if judged.status or wording else hide_addresses(subject),
        "is_about_sender": judged.is_about_sender and not tries_on,
        "recipients": _clean(named),
    }


def _divide(words: str) -> list[str]:
    """Return what is said of each recipient, where each has lines that begin with the address."""
    starts = [match.start() for match in _OWN_LINE.finditer(words)][:MOST_RECIPIENTS]
    return [words[a:b] for a, b in pairwise([*starts, len(words)])] or [words]


def _ask_detectors(mail: Mail, words: str) -> Judged:
    """Ask flufl.bounce, which knows systems that write reports like nobody else."""
    from .detectors import detect_failures

    temporary, permanent = detect_failures(mail, words)
    if permanent:
        return "hard", {"reason": "unknown", "recipients": _clean(permanent)}
    if temporary:
        return "soft", {"reason": "unknown", "recipients": _clean(temporary)}
    return "none", {}


def _separate(text: str) -> tuple[str, str]:
    """Return what is written for people, and the copy of our own mail behind it."""
    text = _GAP.sub("  ", text)  # over a long one, patterns that skip spaces take its square
    match = _COPY.search(text)
    return (text, "") if match is None else (text[: match.start()], text[match.start() :])


def _clean(addresses: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for one in addresses[: MOST_RECIPIENTS * 2]:
        try:
            parsed = [address for _, address in getaddresses([one[:400]]) if "@" in address]
        except (ValueError, IndexError, TypeError, AttributeError):
            parsed = []
        found += parsed or _ADDRESS.findall(one[:400])
    return tuple(dict.fromkeys(one for one in found if len(one) <= 320))[:MOST_RECIPIENTS]
