"""An endpoint on this machine that answers, fails, hangs and comes back as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Endpoint:
    """The endpoint.

    Attributes:
        port: Where it listens.
        answers: What it answers next: a status, or `hang`, `drip` or `cut`; 204 when there is none.
        headers: What each answer has beside.
        asked: Header and body of each request, in order.
    """

    port: int = 0
    answers: list[Any] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    ends: threading.Event = field(default_factory=threading.Event)

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of all requests."""
        return [one for _, body in self.asked for one in json.loads(body)["data"]["events"]]


@contextmanager
def open_endpoint() -> Iterator[Endpoint]:
    """Open an endpoint on a free port of the loopback."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            endpoint.asked.append(({name.lower(): it for name, it in self.headers.items()}, body))
            answer = endpoint.answers.pop(0) if endpoint.answers else 204
            if answer == "hang":
                endpoint.ends.wait(30)
                return
            if answer == "cut":
                self.connection.close()
                return
            if answer == "drip":
                self.wfile.write(b"HTTP/1.1 200 OK\r\n")
                while not endpoint.ends.wait(0.05):
                    try:
                        self.wfile.write(b"x: y\r\n")
                    except OSError:
                        return
                return
            self.send_response(answer)
            for name, value in {"content-length": "0", **endpoint.headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    endpoint.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.ends.set()
        server.shutdown()
        thread.join()
        server.server_close()
