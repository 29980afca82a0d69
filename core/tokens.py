"""Signs what stands in customers' links and return paths, and reads it back."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .errors import DataError, EnvironmentMissing

if TYPE_CHECKING:
    from itsdangerous import URLSafeSerializer

MAC_BYTES = 10
"""Of a return path: a local part has at most 64 characters."""


class BadToken(DataError):
    """A token is not ours, or was tampered with."""


@dataclass(frozen=True)
class Tokens:
    """Signs by the newest key, and reads what any of the keys signed.

    Attributes:
        keys: The signing keys, the newest first.
    """

    keys: Sequence[str] = field(repr=False)

    @property
    def newest(self) -> str:
        """The key that signs.

        Raises:
            EnvironmentMissing: There is none.
        """
        if not self.keys or not self.keys[0]:
            raise EnvironmentMissing(
                "the setting secret_key is empty, and links cannot be signed without it",
                hint="'ballyhoo init' makes one in ballyhoo.local.toml; all machines need the same",
            )
        return self.keys[0]

    @cached_property
    def _serializers(self) -> dict[str, URLSafeSerializer]:
        return {}

    @cached_property
    def _derived(self) -> dict[str, list[tuple[bytes, str]]]:
        return {}

    def sign_link(self, purpose: str, message_id: int) -> str:
        """Return a token for a link of a message; it never expires.

        Args:
            purpose: What the link does; a token of one purpose is none of another.
            message_id: The ledger's id.

        Raises:
            EnvironmentMissing: There is no key that signs.
        """
        return str(self._serializer(purpose).dumps(message_id))

    def read_link(self, purpose: str, token: str) -> int:
        """Return the message's id that a link's token was signed for.

        Raises:
            BadToken: It was not signed by one of the keys, or for something else.
        """
        number = self._load(purpose, token)
        if not isinstance(number, int):
            raise BadToken("this link is not one of ours")
        return number

    def sign_pair(self, purpose: str, message_id: int, other: int) -> str:
        """Return a token for something of a message, such as one of its links.

        Args:
            purpose: What it does; a token of one purpose is none of another.
            message_id: The ledger's id.
            other: What of it.

        Raises:
            EnvironmentMissing: There is no key that signs.
        """
        return str(self._serializer(purpose).dumps([message_id, other]))

    def read_pair(self, purpose: str, token: str) -> tuple[int, int]:
        """Return the two numbers that a token of `sign_pair` was signed for.

        Raises:
            BadToken: It was not signed by one of the keys, or for something else.
        """
        match self._load(purpose, token):
            case [int(message_id), int(other)]:
                return message_id, other
        raise BadToken("this link is not one of ours")

    def sign_values(self, purpose: str, *values: int | str) -> str:
        """Return a token for a message and what else its link says.

        Args:
            purpose: What it does; a token of one purpose is none of another.
            values: The ledger's id first.

        Raises:
            EnvironmentMissing: There is no key that signs.
        """
        return str(self._serializer(purpose).dumps(list(values)))

    def read_values(self, purpose: str, token: str) -> list[object]:
        """Return what a token of `sign_values` was signed for.

        Raises:
            BadToken: It was not signed by one of the keys, or for something else.
        """
        values = self._load(purpose, token)
        if not isinstance(values, list):
            raise BadToken("this link is not one of ours")
        return values

    def sign_return_path(self, message_id: int) -> str:
        """Return a token for the local part of a return path: small letters and digits only.

        Raises:
            EnvironmentMissing: There is no key that signs.
        """
        number = message_id.to_bytes((message_id.bit_length() + 7) // 8 or 1, "big")
        token = base64.b32encode(number + self._mac(self.newest, number))
        return token.decode().rstrip("=").lower()

    def read_return_path(self, token: str) -> int:
        """Return the message's id that a return path was signed for, in whatever case it came.

        Raises:
            BadToken: It was not signed by one of the keys.
        """
        padded = token.upper() + "=" * (-len(token) % 8)
        try:
            raw = base64.b32decode(padded)
        except (binascii.Error, ValueError):
            raise BadToken("this return path is not one of ours") from None
        number, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
        if not number or not any(
            hmac.compare_digest(mac, self._mac(key, number)) for key in self.keys
        ):
            raise BadToken("this return path is not one of ours")
        return int.from_bytes(number, "big")

    @staticmethod
    def _mac(key: str, number: bytes) -> bytes:
        return hmac.digest(key.encode(), b"ballyhoo return path\x1f" + number, "sha256")[:MAC_BYTES]

    def _load(self, purpose: str, token: str) -> object:
        """Return what a token was signed for.

        The same as the serializer's `loads`, which derives every key anew each time; that takes
        longer than all else, and many links are followed at once.

        Raises:
            BadToken: None of the keys signed it.
        """
        from itsdangerous import BadData

        payload, _, signature = token.encode(errors="replace").rpartition(b".")
        try:
            given = _decode(signature)
            if not any(
                hmac.compare_digest(given, hmac.digest(key, payload, digest))
                for key, digest in self._derive(purpose)
            ):
                raise BadToken("this link is not one of ours")
            if payload.startswith(b"."):  # it was compressed
                return self._serializer(purpose).load_payload(payload)
            value: object = json.loads(_decode(payload))
            return value
        except (BadData, binascii.Error, ValueError):
            raise BadToken("this link is not one of ours") from None

    def _derive(self, purpose: str) -> list[tuple[bytes, str]]:
        """Return the keys of a purpose, the newest first, with the name of their hash."""
        known = self._derived.get(purpose)
        if known is None:
            serializer = self._serializer(purpose)
            known = [
                (signer.derive_key(secret), signer.digest_method().name)
                for signer in serializer.iter_unsigners()
                for secret in reversed(signer.secret_keys)
            ]
            self._derived[purpose] = known
        return known

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        known = self._serializers.get(purpose)
        if known is None:
            from itsdangerous import URLSafeSerializer

            # itsdangerous signs by the last key of the list.
            keys = [*reversed(self.keys[1:]), self.newest]
            known = URLSafeSerializer(keys, salt=f"ballyhoo {purpose}")
            self._serializers[purpose] = known
        return known


def _decode(text: bytes) -> bytes:
    return base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4))
