"""Looks at the policy of the domain in From, and whether sender and From belong together."""

from __future__ import annotations

from dataclasses import dataclass

from .records import Records, is_within, read_tags

MOST_PARENTS = 4


@dataclass(frozen=True, slots=True)
class Policy:
    """The DMARC record that counts for a domain (RFC 7489)."""

    domain: str
    tags: dict[str, str]


def find_policy(records: Records, domain: str) -> Policy | None:
    """Return the policy of a domain: its own, or that of the nearest domain above.

    Raises:
        NotAnsweredError: The DNS does not answer.
    """
    labels = domain.split(".")
    for start in range(min(len(labels) - 1, MOST_PARENTS)):
        name = ".".join(labels[start:])
        found = [
            tags
            for tags in map(read_tags, records.read_texts(f"_dmarc.{name}"))
            if tags.get("v", "").upper() == "DMARC1"
        ]
        if len(found) == 1:
            return Policy(name, found[0])
    return None


def check_dmarc(policy: Policy | None, domain: str) -> tuple[bool, str]:
    """Return whether the domain in From has a policy, and what to do."""
    if policy is None:
        record = f'_dmarc.{domain}. TXT "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"'
        return False, f"{domain} has no DMARC policy, which Gmail and Yahoo want; publish {record}"
    stated = policy.tags.get("p", "").lower()
    if stated not in ("none", "quarantine", "reject"):
        return False, f"_dmarc.{policy.domain} has no p=; make it none, quarantine or reject"
    hint = "; once all your mail is signed, make it reject" if stated == "none" else ""
    return True, f"_dmarc.{policy.domain}: p={stated}{hint}"


def check_alignment(
    policy: Policy | None, from_domain: str, signing: str, return_path: str
) -> tuple[bool, str]:
    """Return whether what is signed, or the return path, speaks for the domain in From.

    Args:
        policy: The policy that counts for it.
        from_domain: The domain in From.
        signing: The domain that signs; empty without one.
        return_path: The domain that bounces come back to; empty without one.
    """
    tags = policy.tags if policy is not None else {}
    above = policy.domain if policy is not None else ""
    signed = _is_aligned(from_domain, signing, tags.get("adkim", "r"), above)
    returned = _is_aligned(from_domain, return_path, tags.get("aspf", "r"), above)
    if signed:
        beside = "" if returned or not return_path else f"; {return_path} does not, which is well"
        return True, f"{signing} signs for {from_domain}{beside}"
    if returned:
        return True, f"{return_path} speaks for {from_domain} by SPF alone; a forward breaks that"
    return False, (
        f"From is at {from_domain}, but mail is signed by {signing or 'nobody'}: set the sender's "
        f"domain to {from_domain}, or write from one of its addresses"
    )


def _is_aligned(from_domain: str, domain: str, mode: str, above: str) -> bool:
    if not domain:
        return False
    if mode.lower() == "s":
        return domain == from_domain
    near = is_within(domain, from_domain) or is_within(from_domain, domain)
    return near or bool(above and is_within(domain, above) and is_within(from_domain, above))
