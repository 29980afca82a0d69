"""Returned mail in the style of many systems, written for these tests."""

from __future__ import annotations

TOKEN = "aeaqcaibaeaqcaibaeaqcaib"
REFERENCE = "abcdefghijklmnopqrstuvwx"

SENT = f"""\
Return-Path: <b+{TOKEN}@bounces.shop.example>
From: Shop <news@shop.example>
To: ann@customers.example
Subject: New for your next trail
Message-ID: <{REFERENCE}.12@shop.example>
X-Ballyhoo-Message: {TOKEN}

Come and look.
"""


def report(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str | None = "smtp; 550 5.1.1 User unknown",
    words: str = "Your mail could not be delivered.",
    recipient: str = "ann@customers.example",
    to: str = f"b+{TOKEN}@bounces.shop.example",
    sent: str = SENT,
    message_id: str = "<report-1@mx.example>",
) -> bytes:
    """Return a delivery report (RFC 3464) as most servers write it."""
    diagnostic = f"Diagnostic-Code: {said}\n" if said is not None else ""
    return f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: {to}
Subject: Undelivered Mail Returned to Sender
Date: Mon, 2 Mar 2026 09:00:00 +0000
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_cut"

--=_cut
Content-Type: text/plain; charset=us-ascii

{words}

--=_cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 2 Mar 2026 08:59:00 +0000

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
{diagnostic}
--=_cut
Content-Type: message/rfc822

{sent}
--=_cut--
""".replace("\n", "\r\n").encode()


def plain(
    words: str,
    *,
    sender: str = "MAILER-DAEMON@mx.example",
    subject: str = "failure notice",
    head: str = "",
) -> bytes:
    """Return a mail without parts."""
    return f"""\
From: {sender}
To: b+{TOKEN}@bounces.shop.example
Subject: {subject}
Message-ID: <plain-1@mx.example>
{head}
{words}
""".encode()


def complaint(kind: str = "abuse", sent: str = SENT) -> bytes:
    """Return a feedback report (RFC 5965)."""
    return f"""\
From: feedback@provider.example
To: abuse@shop.example
Subject: FW: New for your next trail
Message-ID: <arf-1@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=part

--part
Content-Type: text/plain

This is a report of abuse.

--part
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Provider/1.0
Version: 1
Original-Rcpt-To: ann@customers.example

--part
Content-Type: message/rfc822

{sent}
--part--
""".encode()


QMAIL = plain(
    """\
Hi. This is the mail-send program at mx.example.
I was not able to deliver your message to the following addresses.
This is a permanent error; I have given up.

<ann@customers.example>:
Remote host said: 550 sorry, no mailbox here by that name (#5.7.17)

--- Below this line is a copy of the message.

"""
    + SENT
)
EXIM = plain(
    """\
This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. The following address(es) failed:

  ann@customers.example
    host mx.customers.example [192.0.2.9]
    SMTP error from remote mail server after RCPT TO:<ann@customers.example>:
    550 No such user

------ This is a copy of your message, including all the headers. ------

"""
    + SENT,
    subject="Mail delivery failed: returning message to sender",
    head="X-Failed-Recipients: ann@customers.example\nAuto-Submitted: auto-replied\n",
)
