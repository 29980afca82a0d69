"""A small IMAP server (RFC 3501) with one mailbox, for tests: enough for imaplib."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Mailbox:
    """What the server holds.

    Attributes:
        mails: The raw mails by id.
        seen: The ids of those that are marked as seen.
        on_command: Called with each command before it is done; False breaks the connection.
    """

    def __init__(self, mails: list[bytes], *, user: str = "u", password: str = "p") -> None:
        self.mails = dict(enumerate(mails, start=11))
        self.seen: set[int] = set()
        self.user, self.password = user, password
        self.on_command: Callable[[str], bool] = lambda command: True


class Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    server: Any

    def handle(self) -> None:
        mailbox: Mailbox = self.server.mailbox
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().rstrip("\r\n").partition(" ")
            name = command.upper()
            if not mailbox.on_command(name):
                return
            if name.startswith("CAPABILITY"):
                self.say("* CAPABILITY IMAP4rev1", f"{tag} OK done")
            elif name.startswith("LOGIN"):
                asked = re.findall(r'"((?:\\.|[^"\\])*)"', command)
                plain = [re.sub(r"\\(.)", r"\1", one) for one in asked]
                ok = plain == [mailbox.user, mailbox.password]
                self.say(f"{tag} {'OK' if ok else 'NO'} login")
            elif name.startswith("SELECT"):
                ok = '"INBOX"' in name
                self.say("* 1 EXISTS", f"{tag} {'OK [READ-WRITE]' if ok else 'NO'} select")
            elif name.startswith("UID SEARCH UNSEEN"):
                unseen = sorted(set(mailbox.mails) - mailbox.seen)
                self.say(f"* SEARCH {' '.join(map(str, unseen))}".rstrip(), f"{tag} OK done")
            elif name.startswith("UID FETCH"):
                number = int(command.split()[2])
                most = int(re.search(r"<0\.(\d+)>", command)[1])  # type: ignore[index]
                assert "BODY.PEEK[]" in name  # without PEEK, the server would mark it as seen
                raw = mailbox.mails[number][:most]
                self.wfile.write(f"* 1 FETCH (UID {number} BODY[]<0> {{{len(raw)}}}\r\n".encode())
                self.wfile.write(raw)
                self.say(")", f"{tag} OK done")
            elif name.startswith("UID STORE"):
                assert r"+FLAGS.SILENT (\SEEN)" in name
                mailbox.seen.add(int(command.split()[2]))
                self.say(f"{tag} OK done")
            elif name.startswith("LOGOUT"):
                self.say("* BYE", f"{tag} OK done")
                return
            else:
                self.say(f"{tag} BAD what?")

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def serve(mailbox: Mailbox) -> Iterator[int]:
    """Serve a mailbox on this machine, and give the port."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Conversation) as server:
        server.mailbox = mailbox  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(timeout=5)
