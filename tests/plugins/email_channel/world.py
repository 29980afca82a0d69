"""The other side of e-mail for the kit of channels: a real server on loopback, and its troubles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ballyhoo.testing import World

from .scripted_server import Accepted, Drop, ScriptedServer


class MailWorld(World):
    """A server that records what it accepts.

    Args:
        server: The server, which listens.
        key_of: Finds the key of a message in what the server has of it.
    """

    def __init__(self, server: ScriptedServer, key_of: Callable[[Accepted], str]) -> None:
        self.server = server
        self.key_of = key_of

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server.port}"

    def accepted(self) -> list[str]:
        return [self.key_of(one) for one in list(self.server.accepted)]

    @contextmanager
    def lose_answers(self) -> Iterator[None]:
        def drop(step: str, count: int) -> bytes | None:
            if step == "DOT":
                raise Drop
            return None

        self.server.accept_first = True
        with self._script(drop):
            yield
        self.server.accept_first = False

    def refuse(self):
        return self._answer("RCPT", b"550 5.1.1 no such user\r\n")

    def defer(self):
        return self._answer("RCPT", b"451 4.3.0 not now\r\n")

    @contextmanager
    def go_down(self) -> Iterator[None]:
        self.server.close()
        yield
        self.server.listen()

    def _answer(self, step: str, answer: bytes):
        return self._script(lambda asked, count: answer if asked == step else None)

    @contextmanager
    def _script(self, script: Callable[[str, int], bytes | None]) -> Iterator[None]:
        usual = self.server.script
        self.server.script = script
        try:
            yield
        finally:
            self.server.script = usual
