"""A DNS server on this machine, for tests: it knows what it is told, and may be silent."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rrset

Zone = Mapping[tuple[str, str], list[str]]
"""The records by name and type, as they stand in a zone's file."""


class Question(socketserver.BaseRequestHandler):
    """One question."""

    def handle(self) -> None:
        raw, socket = self.request
        zone: Zone = self.server.zone  # type: ignore[attr-defined]
        query = dns.message.from_wire(raw)
        [asked] = query.question
        name = asked.name.to_text().rstrip(".").lower()
        kind = asked.rdtype.name
        if (name, "SILENT") in zone:
            return
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        found = zone.get((name, kind))
        if found:
            answer.answer.append(dns.rrset.from_text_list(asked.name, 60, "IN", kind, found))
        elif not any(known == name for known, _ in zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        socket.sendto(answer.to_wire(), self.client_address)


@contextmanager
def serve(zone: Zone) -> Iterator[tuple[str, int]]:
    """Serve a zone by UDP, and give address and port."""
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Question) as server:
        server.daemon_threads = True
        server.zone = zone  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield ("127.0.0.1", server.server_address[1])
        server.shutdown()
        thread.join(timeout=5)
