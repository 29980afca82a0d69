"""Says whether the server that we trust found that a mail is from where it says (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .heads import Head
from .senders import Sender
from .tokens import join_plain, split_at, split_field

FIELD = "authentication-results"

_METHOD = re.compile(r"\s*dmarc(?:\s*/\s*\d+)?\s*=\s*([a-z]+)(?![\w-])", re.IGNORECASE)
_FROM = re.compile(r"(?<![\w.-])header\.from\s*=\s*([^\s;]+)", re.IGNORECASE)


def is_proved(head: Head, sender: Sender, trusted: Iterable[str]) -> bool:
    """Whether DMARC passed for the domain of the sender.

    Only the topmost field of a trusted server counts: it puts its own above whatever came with
    the mail, and what stands below may be the sender's invention.

    Args:
        head: Of the mail.
        sender: Whom it says it is from.
        trusted: Names by which our own servers sign their results (`authserv-id`).
    """
    names = {name.strip().lower() for name in trusted}
    if not (names and head.is_whole and sender.is_plain):
        return False
    for value in head.list_values(FIELD):
        tokens = split_field(value)
        if tokens is None:
            # Nobody can say whose it is: it may be the trusted server's, with a refusal in it.
            return False
        told, *results = split_at(tokens, ";")
        # A version may follow the name.
        words = join_plain(told).replace('"', "").split()
        if not words or words[0].lower().rstrip(".") not in names:
            continue
        # What is quoted is said by others: a reason, or the sender's own words.
        found = ["".join('""' if it.is_quoted else it.text for it in one) for one in results]
        judged = [one for one in found if _METHOD.match(one)]
        return len(judged) == 1 and _passes(judged[0], sender.domain)
    return False


def _passes(result: str, domain: str) -> bool:
    method = _METHOD.match(result)
    domains = [one.lower().rstrip(".") for one in _FROM.findall(result)]
    if method is None or method[1].lower() != "pass" or len(domains) != 1:
        return False
    try:
        known = domains[0].encode("idna").decode("ascii") if domains[0] else ""
    except UnicodeError:
        return False
    return known == domain
