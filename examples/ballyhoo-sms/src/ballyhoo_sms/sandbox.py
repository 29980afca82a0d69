"""A gateway on this machine, to try recipes and to test with: `python -m ballyhoo_sms.sandbox`.

It speaks what a provider's gateway speaks, sends nothing, and can be told to misbehave.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Sandbox:
    """A gateway that keeps what it gets.

    Use it as a context manager; it serves inside the block.

    Args:
        port: Where it listens on 127.0.0.1; any free port when 0.
        told: Called with each message that it took.

    Attributes:
        accepted: The messages taken, each once for its key, as they came.
        keys: Their keys, in the same order.
        connections: How many connections were opened.
        loses_answers: Whether it takes messages and closes the connection without an answer.
    """

    def __init__(self, port: int = 0, *, told: Callable[[dict[str, Any]], None] | None = None):
        self.accepted: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.connections = 0
        self._told = told
        self._answer: tuple[int, dict[str, str], dict[str, Any]] | None = None
        self.loses_answers = False
        self._lock = threading.Lock()
        self._port = port
        self._start()

    @property
    def url(self) -> str:
        """Where it takes messages."""
        return f"http://127.0.0.1:{self._port}/messages"

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()

    @contextmanager
    def answer(self, status: int, *, error: str = "told_to", **headers: str) -> Iterator[None]:
        """Take nothing, and answer this instead.

        Args:
            status: The status.
            error: What stands in the body.
            headers: By name, with '_' for '-' (`retry_after="30"`).
        """
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answer = (status, named, {"error": error})
        try:
            yield
        finally:
            self._answer = None

    @contextmanager
    def lose_answers(self) -> Iterator[None]:
        """Take every message, and close the connection without an answer."""
        self.loses_answers = True
        try:
            yield
        finally:
            self.loses_answers = False

    @contextmanager
    def go_down(self) -> Iterator[None]:
        """Let nobody connect."""
        self._stop()
        try:
            yield
        finally:
            self._start()

    def take(self, key: str, message: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any]]:
        """Return status, headers and body of the answer; a key takes one message, ever."""
        with self._lock:
            if self._answer is not None:
                return self._answer
            is_new = key not in self.keys
            if is_new:
                self.keys.append(key)
                self.accepted.append(message)
            number = self.keys.index(key) + 1
        if is_new and self._told is not None:
            self._told(message)
        return 200, {}, {"id": f"sandbox-{number}"}

    def _start(self) -> None:
        sandbox = self

        class Handler(_Handler):
            gateway = sandbox

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def _stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    gateway: Sandbox
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body leave together
    timeout = 10

    def setup(self) -> None:
        """Count the connection."""
        super().setup()
        self.gateway.connections += 1

    def do_POST(self) -> None:
        """Take a message, under the name that http.server calls for it."""
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, headers, body = self.gateway.take(
            self.headers.get("Idempotency-Key", ""), json.loads(content)
        )
        if self.gateway.loses_answers:
            self.close_connection = True
            return
        answer = json.dumps(body).encode()
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the line would be printed for every request."""


def main() -> None:
    """Serve until interrupted, and print each message."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8025

    def tell(message: dict[str, Any]) -> None:
        print(f"to {message['to']} from {message['from']}: {message['text']}", flush=True)

    with Sandbox(port, told=tell) as sandbox:
        print(f"The gateway takes messages at {sandbox.url}; stop it with Ctrl-C.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
