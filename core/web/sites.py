"""Knows the shop's sites: their publishable keys, their origins, and who comes from a message."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode, urlsplit, urlunsplit

from ..tokens import BadToken, Tokens

VISIT = "visit"
"""The purpose of the token that a tracked link hands to the page it leads to."""

PARAMETER = "bh"
"""The parameter that holds it; the script takes it out of the address at once."""

VISIT_DAYS = 30
MINUTE = 60_000


def read_origin(url: str) -> str | None:
    """Return the origin of an address, as browsers write it; None when it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port in (None, usual) else f":{port}")


class Sites:
    """The sites of an installation.

    Args:
        keys: The origins of each publishable key.
        tokens: What signs visits.
    """

    def __init__(self, keys: Mapping[str, Sequence[str]], tokens: Tokens) -> None:
        self._keys = {key: frozenset(origins) for key, origins in keys.items()}
        self._origins = frozenset(origin for some in self._keys.values() for origin in some)
        self._tokens = tokens

    @property
    def origins(self) -> frozenset[str]:
        """The origins of all keys."""
        return self._origins

    def may(self, key: str, origin: str) -> bool:
        """Whether a page of this origin may use a key."""
        return origin in self._keys.get(key, ())

    def is_known(self, origin: str) -> bool:
        """Whether any key has this origin."""
        return origin in self._origins

    def add_visit(self, url: str, message_id: int, at: int) -> str:
        """Return an address that tells a page of ours from which message a visitor comes.

        Args:
            url: Where a link leads; one to elsewhere stays as it is.
            message_id: The ledger's id.
            at: Now, in UTC milliseconds.
        """
        if not self._origins or read_origin(url) not in self._origins:
            return url
        parts = urlsplit(url)
        token = self._tokens.sign_pair(VISIT, message_id, at // MINUTE)
        query = "&".join(one for one in (parts.query, urlencode({PARAMETER: token})) if one)
        return urlunsplit(parts._replace(query=query))

    def read_visit(self, token: str, at: int) -> int | None:
        """Return the message that a visitor came from; None when the token is old or not ours."""
        try:
            message_id, minute = self._tokens.read_pair(VISIT, token)
        except BadToken:
            return None
        age = at // MINUTE - minute
        return message_id if -5 <= age <= VISIT_DAYS * 24 * 60 else None


def sign_identity(secret: str, customer: str, expires: int) -> str:
    """Return what the shop's server writes into a page for a customer who is logged in.

    Args:
        secret: Shared with us.
        customer: The shop's id of the customer.
        expires: When it ends, in seconds since 1970.
    """
    said = f"v1.{expires}.{_encode(customer.encode())}"
    return f"{said}.{_encode(hmac.digest(secret.encode(), said.encode(), 'sha256'))}"


def read_identity(identity: str, secrets: Iterable[str], *, now: float) -> str | None:
    """Return the shop's id of a customer, when one of the secrets signed it and it has not ended.

    Args:
        identity: As the page sent it.
        secrets: That are shared; during a rotation there are two.
        now: In seconds since 1970.
    """
    match identity.split("."):
        case ["v1", expires, told, _] if expires.isascii() and expires.isdecimal():
            pass
        case _:
            return None
    if len(expires) > 15 or int(expires) < now:
        return None
    try:
        customer = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode()
    except (binascii.Error, ValueError):
        return None
    own = [sign_identity(secret, customer, int(expires)) for secret in secrets if secret]
    is_signed = sum(hmac.compare_digest(one.encode(), identity.encode()) for one in own) > 0
    return customer if is_signed else None


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
