"""Signs messages (DKIM, RFC 6376 and RFC 8463), so that receivers know who they are from."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ballyhoo import EnvironmentMissing

LEAST_RSA_BITS = 1024
"""Receivers refuse shorter keys; 2048 are asked for."""

SIGNED = (
    b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version",
    b"content-type", b"list-id", b"list-unsubscribe", b"list-unsubscribe-post", b"feedback-id",
    b"in-reply-to", b"references", b"auto-submitted",
)  # fmt: skip
"""What is signed of the head, where it is there; RFC 8058 wants both unsubscribe fields."""

OVERSIGNED = (b"from", b"subject", b"to", b"date")
"""Signed once more than they are there, so that nobody can add a second one."""

_FIELD = re.compile(rb"([!-9;-~]+):((?:[^\r]|\r(?!\n)|\r\n[ \t])*)\r\n")
_SPACES = re.compile(rb"[ \t]{2,}|\t")
_LINE_CHARS = 72


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs in the name of a domain.

    Attributes:
        domain: The domain that signs (`d=`).
        selector: Under which its public key stands in the DNS (`s=`).
        key: The private key.
    """

    domain: str
    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey

    def sign(self, head: bytes, body: bytes, *, signed_at: int) -> bytes:
        """Return the signature as a field to stand before the head.

        Args:
            head: The fields, with CRLF, without the empty line after them.
            body: The body, with CRLF.
            signed_at: Seconds since 1970; the same give the same signature.
        """
        fields = [(name.lower(), name, value) for name, value in _FIELD.findall(head)]
        by_name: dict[bytes, list[bytes]] = {}
        for lower, _, value in fields:
            by_name.setdefault(lower, []).append(value)
        names: list[bytes] = []
        hashed: list[bytes] = []
        for name in SIGNED:
            values = by_name.get(name, [])
            # From the last one up (section 5.4.2).
            for value in reversed(values):
                names.append(name)
                hashed.append(name + b":" + _relax(value) + b"\r\n")
            if name in OVERSIGNED:
                names.append(name)
        digest = base64.b64encode(hashlib.sha256(relax_body(body)).digest())
        kind = b"rsa" if isinstance(self.key, RSAPrivateKey) else b"ed25519"
        value = _fold(
            (
                b"v=1;", b"a=" + kind + b"-sha256;", b"c=relaxed/relaxed;",
                b"d=" + self.domain.encode("ascii") + b";",
                b"s=" + self.selector.encode("ascii") + b";",
                b"t=" + str(signed_at).encode() + b";",
                *_separate(b"h=", names), b"bh=" + digest + b";", b"b=",
            )
        )  # fmt: skip
        hashed.append(b"dkim-signature:" + _relax(b" " + value))
        signature = base64.b64encode(self._sign(b"".join(hashed)))
        pieces = [signature[at : at + _LINE_CHARS] for at in range(0, len(signature), _LINE_CHARS)]
        return b"DKIM-Signature: " + value + b"\r\n " + b"\r\n ".join(pieces) + b"\r\n"

    def _sign(self, data: bytes) -> bytes:
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(data, PKCS1v15(), SHA256())
        return self.key.sign(hashlib.sha256(data).digest())


@lru_cache(maxsize=32)
def make_signer(domain: str, selector: str, pem: str) -> Signer:
    """Return what signs with a key.

    Args:
        domain: The domain that signs.
        selector: Under which its public key stands in the DNS.
        pem: The private key, RSA or Ed25519, unencrypted.

    Raises:
        EnvironmentMissing: It is no such key.
    """
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise EnvironmentMissing(
            f"the DKIM key of {domain} cannot be read",
            hint="it is a private key in PEM, RSA with 2048 bits or Ed25519, without a password: "
            "openssl genrsa -out dkim.pem 2048",
        ) from None
    if isinstance(key, RSAPrivateKey):
        if key.key_size < LEAST_RSA_BITS:
            raise EnvironmentMissing(
                f"the DKIM key of {domain} has {key.key_size} bits; receivers refuse it",
                hint="openssl genrsa -out dkim.pem 2048",
            )
    elif not isinstance(key, Ed25519PrivateKey):
        raise EnvironmentMissing(
            f"the DKIM key of {domain} is neither RSA nor Ed25519",
            hint="openssl genrsa -out dkim.pem 2048",
        )
    return Signer(domain, selector, key)


def relax_body(body: bytes) -> bytes:
    """Return a body in relaxed form (RFC 6376, section 3.4.4)."""
    if b"\t" in body or b"  " in body:
        body = _SPACES.sub(b" ", body)
    if b" \r\n" in body:
        body = body.replace(b" \r\n", b"\r\n")
    stripped = body.rstrip(b"\r\n")
    if stripped.endswith(b" "):
        stripped = stripped[:-1]
    if not stripped:
        return b""
    return stripped + b"\r\n"


def _relax(value: bytes) -> bytes:
    return _SPACES.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")


def _separate(start: bytes, names: Sequence[bytes]) -> list[bytes]:
    words = [name + b":" for name in names[:-1]] + [names[-1] + b";"]
    words[0] = start + words[0]
    return words


def _fold(words: Sequence[bytes]) -> bytes:
    lines = [b""]
    for word in words:
        room = _LINE_CHARS if len(lines) > 1 else _LINE_CHARS - len(b"DKIM-Signature:")
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
        else:
            lines[-1] = lines[-1] + b" " + word if lines[-1] else word
    return b"\r\n ".join(lines)
