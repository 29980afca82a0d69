"""Asks the DNS, with little patience."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dns.resolver import Resolver

PATIENCE_SECONDS = 3.0


class NotAnsweredError(Exception):
    """The DNS does not answer, so that nothing can be said."""


class Records:
    """The DNS, as far as senders need it.

    Args:
        name_servers: Addresses and ports of the servers to ask; those of the system when None.
    """

    def __init__(self, name_servers: Sequence[tuple[str, int]] | None = None) -> None:
        self._name_servers = name_servers
        self._resolver: Resolver | None = None

    def read_texts(self, name: str) -> list[str]:
        """Return the TXT records of a name, each put together; none where there are none.

        Raises:
            NotAnsweredError: The DNS does not answer.
        """
        return [b"".join(one.strings).decode("utf-8", "replace") for one in self._ask(name, "TXT")]

    def read_servers(self, name: str) -> list[str]:
        """Return the mail servers of a domain, the best first; `` is the null MX.

        Raises:
            NotAnsweredError: The DNS does not answer.
        """
        found = sorted((one.preference, str(one.exchange)) for one in self._ask(name, "MX"))
        return [exchange.rstrip(".") for _, exchange in found]

    def has_address(self, name: str) -> bool:
        """Whether a name has an address.

        Raises:
            NotAnsweredError: The DNS does not answer.
        """
        return bool(self._ask(name, "A") or self._ask(name, "AAAA"))

    def _ask(self, name: str, kind: str) -> list[Any]:
        import dns.exception
        import dns.name
        import dns.resolver

        try:
            answer = self._open().resolve(dns.name.from_text(name), kind, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, UnicodeError) as error:
            raise NotAnsweredError(type(error).__name__) from None
        return list(answer)

    def _open(self) -> Resolver:
        import dns.exception
        import dns.nameserver
        import dns.resolver

        if self._resolver is None:
            try:
                resolver = dns.resolver.Resolver(configure=self._name_servers is None)
            except dns.exception.DNSException as error:
                raise NotAnsweredError(type(error).__name__) from None
            if self._name_servers is not None:
                resolver.nameservers = [
                    dns.nameserver.Do53Nameserver(address, port)
                    for address, port in self._name_servers
                ]
            resolver.timeout = PATIENCE_SECONDS / 2
            resolver.lifetime = PATIENCE_SECONDS
            self._resolver = resolver
        return self._resolver


def read_tags(record: str) -> dict[str, str]:
    """Return the tags of a record (`v=DKIM1; k=rsa; p=...`), names in lower case."""
    tags: dict[str, str] = {}
    for part in record.split(";"):
        name, mark, value = part.partition("=")
        if mark:
            tags.setdefault(name.strip().lower(), value.strip())
    return tags


def is_within(name: str, domain: str) -> bool:
    """Whether a domain is another one, or below it."""
    return name == domain or name.endswith(f".{domain}")
