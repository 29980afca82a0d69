"""E-mails as a channel would send them, for tests of what reads them."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

from ballyhoo.core.letter import Letter, read_letter
from ballyhoo.testing import sample_messages

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
