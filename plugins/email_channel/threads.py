"""Writes the fields by which a reply belongs to the mail that it answers (RFC 5322, RFC 3834)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ballyhoo import Thread

from .headers import write_raw

MOST_REFERENCES = 20
_ID = re.compile(r"<[!-;=?-~]{1,250}>")


def write_thread(thread: Thread) -> list[bytes]:
    """Return the fields of what answers a mail.

    They say that a machine wrote it, so that no other machine answers. What the mail's own fields
    hold that is no Message-ID is left out: it was written by whoever sent it.
    """
    fields = [
        write_raw("Auto-Submitted", "auto-generated" if thread.is_internal else "auto-replied"),
        write_raw("X-Auto-Response-Suppress", "All"),
    ]
    own = list_ids([thread.message_id])[:1]
    if own:
        fields.append(write_raw("In-Reply-To", own[0]))
    known = list_ids([*thread.references, *own])
    if len(known) > MOST_REFERENCES:
        known = [known[0], *known[1 - MOST_REFERENCES :]]
    if known:
        fields.append(write_raw("References", " ".join(known)))
    return fields


def list_ids(values: Iterable[str]) -> list[str]:
    """Return the Message-IDs that stand in values of fields, each once, in order."""
    return list(dict.fromkeys(one for value in values for one in _ID.findall(value)))
