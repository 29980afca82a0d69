"""Looks at who may send for a domain (RFC 7208)."""

from __future__ import annotations

from .records import Records

MOST_LOOKUPS = 10
"""More, and receivers take the record for broken (RFC 7208, 4.6.4)."""


def check_spf(records: Records, domain: str, server: str) -> tuple[bool, str]:
    """Return whether a domain says who may send for it, and what to do.

    Args:
        records: The DNS.
        domain: The domain of the return path.
        server: The server that mail leaves by, for the record to publish; empty when not known.

    Raises:
        NotAnsweredError: The DNS does not answer.
    """
    found = _find(records, domain)
    if not found:
        record = f'{domain}. TXT "v=spf1 {f"a:{server}" if server else "mx"} -all"'
        return False, f"{domain} does not say who may send for it; publish {record}"
    if len(found) > 1:
        return False, f"{domain} has {len(found)} SPF records, so that none counts; keep one"
    policy, lookups, broken = _follow(records, found[0], {domain})
    if broken:
        return False, f"{domain}: SPF: {broken}"
    if lookups > MOST_LOOKUPS:
        return False, (
            f"{domain}: SPF needs {lookups} look-ups, of which receivers do {MOST_LOOKUPS}; "
            "name networks (ip4:) instead of including"
        )
    if policy in ("", "?", "+"):
        said = {"": "ends without 'all'", "?": "ends with '?all'", "+": "allows everybody"}[policy]
        return False, f"{domain}: SPF {said}, so that anybody may send for it; end it with -all"
    return True, f"{domain}: {found[0]}" if len(found[0]) < 120 else f"{domain}: {policy}all"


def _find(records: Records, domain: str) -> list[str]:
    texts = [text.strip() for text in records.read_texts(domain)]
    return [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]


def _follow(records: Records, record: str, seen: set[str]) -> tuple[str, int, str]:
    """Return the sign before `all`, how many look-ups the record needs, and what is broken."""
    policy, lookups, redirect = "", 0, ""
    for term in record.split()[1:]:
        sign = term[0] if term[0] in "+-~?" else "+"
        name = term.lstrip("+-~?").lower()
        if name == "all":
            policy = sign
        elif name.startswith("redirect="):
            redirect = name.partition("=")[2]
        elif name.startswith("include:"):
            inner = name.partition(":")[2]
            lookups += 1
            more, broken = _include(records, inner, seen, lookups)
            if broken:
                return policy, lookups, broken
            lookups += more
        elif name.partition(":")[0].partition("/")[0] in ("a", "mx", "ptr", "exists"):
            lookups += 1
    if redirect and not policy:
        target = _find(records, redirect) if redirect not in seen else []
        if not target:
            return "", lookups, f"it leads to {redirect}, which has none"
        if lookups <= MOST_LOOKUPS:
            policy, more, broken = _follow(records, target[0], seen | {redirect})
            return policy, lookups + 1 + more, broken
    return policy, lookups, ""


def _include(records: Records, name: str, seen: set[str], lookups: int) -> tuple[int, str]:
    if "%" in name or lookups > MOST_LOOKUPS:
        return 0, ""  # a macro is for the moment of a mail
    if name in seen:
        return 0, f"it includes {name}, which includes it again"
    found = _find(records, name)
    if not found:
        return 0, f"it includes {name}, which has no record"
    _, more, broken = _follow(records, found[0], seen | {name})
    return more, broken
