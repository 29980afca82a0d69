"""A server on this machine that speaks OpenAI's chat completions, and does as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(slots=True, kw_only=True)
class Answer:
    """What is answered to one question."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    drops: bool = False


def complete(text: str, *, finish: str = "stop", usage: tuple[int, int] = (100, 20)) -> Answer:
    """Return an answer with a text."""
    return Answer(
        body={
            "model": "served-model",
            "choices": [
                {"message": {"role": "assistant", "content": text}, "finish_reason": finish}
            ],
            "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1]},
        }
    )


def refuse(status: int, said: str, **headers: str) -> Answer:
    """Return a refusal as OpenAI words it."""
    return Answer(status=status, body={"error": {"message": said}}, headers=headers)


@dataclass(slots=True)
class Server:
    """Where it listens, and what it was asked."""

    url: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    most_at_once: int = 0


@contextmanager
def run_server(reply: Callable[[dict[str, Any], int], Answer]) -> Iterator[Server]:
    """Run a server; `reply` gets a question and how many came before it."""
    lock = threading.Lock()
    now = [0]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                number = len(server.asked)
                server.asked.append(question)
                server.keys.append(self.headers.get("Authorization"))
                server.paths.append(self.path)
                now[0] += 1
                server.most_at_once = max(server.most_at_once, now[0])
            answer = reply(question, number)
            with lock:
                now[0] -= 1
            if answer.drops:
                self.close_connection = True
                return
            body = (
                answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            )
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *others: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{http.server_port}/v1")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
