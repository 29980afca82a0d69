"""How long each phase of the conversation may take, and how a server is tried again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds for each phase: those of RFC 5321, section 4.5.3.2, where it has one.

    Each is for the whole of an answer, not from byte to byte: a server that sends its answer
    drop by drop gets no more time than one that is silent.

    Attributes:
        connect: Until the connection is there, name look-up included.
        handshake: Of TLS.
        greeting: Until the server's first line.
        hello: For EHLO, STARTTLS and AUTH.
        mail: For MAIL FROM, and for RSET before it.
        recipient: For RCPT TO.
        data: For DATA, until 354.
        block: For each block of the message to be taken.
        dot: For the answer to the final dot; giving up earlier makes messages unknown.
        quit: For the answer to QUIT, on which nothing depends.
        idle: After so long without a message a connection is closed.
    """

    connect: float = 30.0
    handshake: float = 60.0
    greeting: float = 300.0
    hello: float = 300.0
    mail: float = 300.0
    recipient: float = 300.0
    data: float = 120.0
    block: float = 180.0
    dot: float = 600.0
    quit: float = 3.0
    idle: float = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a server that does not answer, or says `not now`, is given time.

    Attributes:
        tries: How often in a row it is tried to open a connection.
        first_seconds: The first wait; each further one is twice as long, and half of each is left
            to chance.
        longest_seconds: No wait is longer.
        refusals: After so many in a row the messages of a domain are put off without trying.
    """

    tries: int = 4
    first_seconds: float = 0.25
    longest_seconds: float = 30.0
    refusals: int = 4

    def find_wait(self, times: int, chance: float) -> float:
        """Return how many seconds to wait.

        Args:
            times: How often in a row it went wrong, from 1.
            chance: A random number from 0 to 1.
        """
        interval = self.first_seconds * 2.0 ** min(times - 1, 30)
        return min(self.longest_seconds, interval) * (0.5 + chance / 2)
