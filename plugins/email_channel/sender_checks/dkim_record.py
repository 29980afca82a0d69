"""Compares the key that the DNS has for a selector with the one that signs (RFC 6376, RFC 8463)."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Any

from ballyhoo import Sender

from .records import Records, read_tags

LEAST_BITS = 2048


def check_dkim(records: Records, sender: Sender, folder: Path) -> tuple[bool, str]:
    """Return whether receivers can verify what a sender signs, and what to do.

    Args:
        records: The DNS.
        sender: The sender.
        folder: The workspace, in which the key's file is looked for.

    Raises:
        NotAnsweredError: The DNS does not answer.
    """
    if not sender.dkim_selector or not (sender.dkim_key or sender.dkim_key_file):
        return False, "its mail is not signed; set dkim_selector and dkim_key_file"
    if not sender.domain:
        return False, "its mail is not signed; set domain, the one that signs"
    try:
        key = _load_key(sender, folder)
        kind, public = _describe(key)
    except (OSError, ValueError, TypeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is no private key as PEM"
        return False, f"the key cannot be read: {said}"
    name = f"{sender.dkim_selector}._domainkey.{sender.domain}"
    record = f'{name}. TXT "v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}"'
    found = [tags for tags in map(read_tags, records.read_texts(name)) if "p" in tags]
    if not found:
        return False, f"the DNS has no key for {name}; publish {record}"
    if len(found) > 1:
        return False, f"{name} has {len(found)} keys, so that receivers take any; keep one"
    if not found[0]["p"]:
        return False, f"the key of {name} is revoked; publish {record}"
    if found[0].get("k", "rsa").lower() != kind or _read_public(found[0]["p"], kind) != public:
        return (
            False,
            f"{name} has another key than the one that signs; publish {record}",
        )
    if kind == "rsa" and key.key_size < LEAST_BITS:
        return False, f"{name}: {key.key_size} bits are too few; make a key of {LEAST_BITS}"
    if "y" in found[0].get("t", "").lower().split(":"):
        return False, f"{name} says that it is a test (t=y), so that signatures do not count"
    return True, f"{name}: {kind}"


def _load_key(sender: Sender, folder: Path) -> Any:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if sender.dkim_key is not None:
        pem = sender.dkim_key.get_secret_value().encode()
    else:
        assert sender.dkim_key_file is not None
        pem = (folder / sender.dkim_key_file.expanduser()).read_bytes()
    return load_pem_private_key(pem, password=None)


def _describe(key: Any) -> tuple[str, bytes]:
    """Return the kind of a key, and its public half as a record has it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if isinstance(key, Ed25519PrivateKey):
        return "ed25519", key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    if isinstance(key, RSAPrivateKey):
        public = key.public_key()
        return "rsa", public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    raise ValueError("neither RSA nor Ed25519")


def _read_public(text: str, kind: str) -> bytes:
    """Return a public key as we write it; RSA keys are also published as PKCS #1."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_der_public_key,
    )

    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
        if kind == "ed25519":
            return raw
        key = load_der_public_key(raw)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return b""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
