from __future__ import annotations

import base64
from functools import cache

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import example, given
from hypothesis import strategies as st

from ballyhoo import EnvironmentMissing
from ballyhoo.plugins.email_channel.dkim import Signer, make_signer

HEAD = (
    b"From: Shop <news@shop.example>\r\nTo: ada@example.com\r\nSubject: A long subject that is\r\n"
    b" folded over two lines\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n"
    b"Message-ID: <a.1@shop.example>\r\nList-Unsubscribe: <https://shop.example/u/x>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\n"
)
BODY = b"Hello  there \t x\r\n\r\nline\r\n\r\n\r\n"


@cache
def make_key(kind: str) -> tuple[str, bytes]:
    """Return a private key in PEM, and its record in the DNS."""
    if kind == "rsa":
        key = rsa.generate_private_key(65537, 2048)
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    else:
        other = ed25519.Ed25519PrivateKey.generate()
        public = other.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return pem, b"v=DKIM1; k=" + kind.encode() + b"; p=" + base64.b64encode(public)


def verify(content: bytes, record: bytes) -> bool:
    def look_up(name: bytes, timeout: int = 5) -> bytes:
        assert name.rstrip(b".") == b"mail._domainkey.shop.example"
        return record

    return bool(dkim.DKIM(content).verify(dnsfunc=look_up))


def signer(kind: str) -> Signer:
    return make_signer("shop.example", "mail", make_key(kind)[0])


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_signature_is_verified_by_somebody_else(kind: str) -> None:
    field = signer(kind).sign(HEAD, BODY, signed_at=1_772_442_000)
    assert verify(field + HEAD + b"\r\n" + BODY, make_key(kind)[1])
    assert all(len(line) <= 78 for line in field.split(b"\r\n"))


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"folded", b"forged"),
        (b"u/x>", b"u/y>"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Other"),
        (b"line", b"lime"),
        (b"ada@", b"eve@"),
        (b"Subject:", b"Subject: another\r\nSubject:"),
        (b"From: Shop", b"From: Eve <eve@evil.example>\r\nFrom: Shop"),
    ],
)
def test_what_was_changed_or_added_is_not_verified(kind: str, old: bytes, new: bytes) -> None:
    field = signer(kind).sign(HEAD, BODY, signed_at=1_772_442_000)
    changed = (HEAD + b"\r\n" + BODY).replace(old, new, 1)
    assert not verify(field + changed, make_key(kind)[1])


bodies = st.lists(
    st.sampled_from([b" ", b"\t", b"  ", b"\r\n", b"\r\n\r\n", b"x", b"=20", b"."]), max_size=30
).map(lambda parts: b"".join(parts) + b"\r\n")


@given(bodies)
@example(b"\r\n")
@example(b"")
@example(b" \r\n\r\n")
def test_any_body_is_verified_also_with_other_space(body: bytes) -> None:
    field = signer("ed25519").sign(HEAD, body, signed_at=1)
    assert verify(field + HEAD + b"\r\n" + body, make_key("ed25519")[1])
    relaxed = body.replace(b"\t", b" ").replace(b"  ", b" ")
    assert verify(field + HEAD.replace(b": ", b":  ") + b"\r\n" + relaxed, make_key("ed25519")[1])


def test_the_same_message_gets_the_same_signature() -> None:
    for kind in ("rsa", "ed25519"):
        first, second = (signer(kind).sign(HEAD, BODY, signed_at=5) for _ in range(2))
        assert first == second


def test_a_key_that_is_none_is_refused_with_what_to_do() -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    for pem in ("", "no key", _pem(curve)):
        with pytest.raises(EnvironmentMissing) as caught:
            make_signer("shop.example", "mail", pem)
        assert "openssl" in str(caught.value)


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
