"""Finds what is asked in a mail: its new words, clean and within bounds."""

from __future__ import annotations

import re
import unicodedata

from ..headers import clean_text
from ..returns.parts import Mail
from .pages import make_text
from .quotes import cut_quotes

MOST_QUESTION_CHARS = 8_000
MOST_SUBJECT_CHARS = 300
MOST_TOKENS = 20

_LINK = re.compile(r"/(?:unsubscribe|preferences)/([A-Za-z0-9_.-]{10,300})")
_KEPT = frozenset("\n\t\u200c\u200d")
"""Line ends, and the joiners that some scripts are written with."""


def find_question(mail: Mail) -> str:
    """Return what somebody wrote; empty when there are no words in it."""
    plain = cut_quotes(_clean(mail.plain))
    if not plain:
        plain = cut_quotes(_clean(make_text(mail.html)))
    return plain[:MOST_QUESTION_CHARS].strip()


def find_subject(mail: Mail) -> str:
    """Return the headline of a mail, on one line."""
    return clean_text(mail.first("subject"))[:MOST_SUBJECT_CHARS].strip()


def find_links(mail: Mail) -> tuple[str, ...]:
    """Return what may be tokens of the links of a message of ours that is quoted."""
    found = _LINK.findall(mail.plain) + _LINK.findall(mail.html)
    return tuple(dict.fromkeys(found))[:MOST_TOKENS]


def _clean(text: str) -> str:
    return "".join(
        one
        for one in text.replace("\r\n", "\n").replace("\r", "\n")
        if one in _KEPT or unicodedata.category(one) not in ("Cc", "Cs", "Co", "Cf")
    )
