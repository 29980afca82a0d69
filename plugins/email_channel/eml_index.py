"""Writes the page of a run's folder in `outbox/`: its newest messages, each to be looked at."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import lru_cache
from heapq import nlargest
from pathlib import Path
from urllib.parse import quote

from ballyhoo import render_template

MOST_LISTED = 1_000
MOST_BYTES = 5_000_000
"""A bigger file is listed, and not read."""

PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Outbox: run {{ run }}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8885;
  vertical-align: top }
td { overflow-wrap: anywhere }
</style>
<h1>Outbox of run {{ run }}</h1>
<p>{{ total }} messages, none of them sent to anybody\
{% if listed|length < total %}; the newest {{ listed|length }} are listed{% endif %}.</p>
<table>
<tr><th>To<th>Subject<th>Look at
{% for one in listed %}<tr><td>{{ one.to }}<td>{{ one.subject }}<td>\
{% if one.page %}<a href="{{ one.page }}">page</a> {% endif %}<a href="{{ one.file }}">.eml</a>
{% endfor %}</table>
</html>
"""

_PARSER = BytesParser(policy=policy.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of the page.

    Attributes:
        to: Whom it goes to, as the message says.
        subject: Its subject.
        file: URL of the `.eml` file, seen from the page.
        page: URL of its HTML part as a page; empty when it has none.
    """

    to: str
    subject: str
    file: str
    page: str


def write_index(place: Path) -> None:
    """Write `index.html` of a run's folder anew, and the HTML parts it leads to.

    Nothing depends on it: what the disk refuses is left out.

    Args:
        place: The run's folder.
    """
    with suppress(OSError):
        found = [
            (entry.stat().st_mtime_ns, entry.name)
            for entry in os.scandir(place)
            if entry.name.endswith(".eml")
        ]
        listed = [_read(place / name, at) for at, name in nlargest(MOST_LISTED, found)]
        facts = {"run": place.name, "total": len(found), "listed": listed}
        page = render_template(PAGE, facts, escape=True, name="the outbox's page")
        _write(place / "index.html", page)


def _read(file: Path, changed_at: int) -> Listed:
    to = subject = page = ""
    shown = file.with_suffix(".html")
    if shown.exists():
        # The page is made again after each delivery: a body is read for its own page only.
        to, subject = _read_headers(file, changed_at)
        page = quote(shown.name)
    elif file.stat().st_size <= MOST_BYTES:
        message = _PARSER.parsebytes(file.read_bytes())
        to, subject = str(message["to"] or ""), str(message["subject"] or "")
        if _write_part(message, shown):
            page = quote(shown.name)
    return Listed(to=to, subject=subject, file=quote(file.name), page=page)


@lru_cache(maxsize=4 * MOST_LISTED)
def _read_headers(file: Path, changed_at: int) -> tuple[str, str]:
    """Return to whom and about what; a file that has not changed is read once by a process."""
    message = _PARSER.parsebytes(file.read_bytes(), headersonly=True)
    return str(message["to"] or ""), str(message["subject"] or "")


def _write_part(message: EmailMessage, shown: Path) -> bool:
    part = message.get_body(("html",))
    if part is None:
        return False
    html = str(part.get_content())
    # A file has no header that says it.
    charset = "" if "<meta charset" in html.lower() else '<meta charset="utf-8">\n'
    _write(shown, charset + html)
    return True


def _write(path: Path, text: str) -> None:
    """Write a file that is there whole, or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)
