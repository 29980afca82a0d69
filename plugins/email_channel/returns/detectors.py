"""Asks flufl.bounce about mail that nothing else recognised, within bounds."""

from __future__ import annotations

import logging
from email.message import Message

from .parts import Mail

MOST_WORDS = 20_000
_FIELDS = ("from", "to", "subject", "return-path", "x-failed-recipients")


def detect_failures(mail: Mail, words: str) -> tuple[list[str], list[str]]:
    """Return the addresses that failed for a time, and those that failed for good.

    The detectors get a mail without parts: they were not written for bytes that mean harm.
    """
    from flufl.bounce import all_failures

    # It logs what it fails on, addresses included.
    logging.getLogger("flufl.bounce").propagate = False
    flat = Message()
    for name in _FIELDS:
        if mail.first(name):
            flat[name] = mail.first(name)[:400].encode("ascii", "replace").decode()
    flat.set_type("text/plain")
    flat.set_payload(words[:MOST_WORDS].encode("ascii", "replace").decode())
    try:
        temporary, permanent = all_failures(flat)
    except Exception:  # whatever it is, the mail is then one that nobody recognised
        return [], []
    return _to_texts(temporary), _to_texts(permanent)


def _to_texts(found: frozenset[bytes]) -> list[str]:
    return sorted(address.decode("ascii", "replace") for address in found)
