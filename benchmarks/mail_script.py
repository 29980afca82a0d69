"""The script that somebody would write instead: Jinja2, EmailMessage, dkimpy and smtplib."""

from __future__ import annotations

import smtplib
import time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid

TEXT = "Come and have a look, {{ name }}. The trails are dry again.\n\nUnsubscribe: {{ url }}\n"


def measure_script(port: int, *, messages: int, html: str, key: bytes) -> float:
    """Return how many messages a second the script sends over one connection.

    Args:
        port: Of the server.
        messages: How many.
        html: The template of the HTML part, about as long as our own.
        key: The private DKIM key, PEM.
    """
    import dkim
    from jinja2 import Environment

    page = Environment(autoescape=True).from_string(html)
    text = Environment().from_string(TEXT)
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as server:
        for number in range(messages):
            to = f"u{number}@d{number % 50}.example"
            facts = {"name": f"Ada{number}", "url": f"https://shop.example/u/{number}"}
            message = EmailMessage(policy=SMTP)
            message["From"] = "Fernpfad <news@shop.example>"
            message["To"] = to
            message["Subject"] = f"Ada{number}, new for your next trail"
            message["Date"] = formatdate()
            message["Message-ID"] = make_msgid(domain="shop.example")
            message["List-Unsubscribe"] = f"<{facts['url']}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            message.set_content(text.render(facts))
            message.add_alternative(page.render(facts), subtype="html")
            content = message.as_bytes()
            signature = dkim.sign(content, b"news", b"shop.example", key)
            server.sendmail("b@shop.example", [to], signature + content)
    return messages / (time.perf_counter() - began)
