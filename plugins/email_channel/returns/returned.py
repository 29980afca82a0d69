"""What a mail that came back says: which kind it is, about which message and which address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["hard", "soft", "complaint", "auto_reply", "none"]

KINDS: tuple[Kind, ...] = ("hard", "soft", "complaint", "auto_reply", "none")
"""In the order in which they are counted and shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A mail that came back.

    Attributes:
        kind: `hard`: the address will never take mail; `soft`: it did not this time, or the mail
            was refused and not the address; `complaint`: she wants no more; `auto_reply`: a
            machine answered; `none`: anything else.
        is_final: Whether the server gave up; False for a notice that it still tries.
        status: The enhanced status code (RFC 3463) that decided, or the reply's three digits;
            empty when there is none.
        reason: Why, in one word: `no_user`, `full`, `policy`, `abuse`, `unsubscribe` ...
        detail: The server's own words, shortened, without addresses.
        is_about_sender: Whether the sender should look at it: a block, an authentication that
            lacks, a list that names it.
        recipients: The addresses that it is about, as they were written.
        tokens: What may be tokens of our return paths, those in the envelope first.
        references: What may be our Message-IDs: the reference and the run's id.
        message_id: Its own Message-ID, without brackets; empty without one.
        dated_at: Its Date in UTC milliseconds; None when it has none that can be read.
        identity: The same for the same return, however often and whichever way it is read.
    """

    kind: Kind
    is_final: bool = True
    status: str = ""
    reason: str = ""
    detail: str = ""
    is_about_sender: bool = False
    recipients: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    references: tuple[tuple[str, int], ...] = ()
    message_id: str = ""
    dated_at: int | None = None
    identity: str = ""

    @property
    def is_permanent(self) -> bool:
        """Whether the address itself is at its end."""
        return self.kind == "hard"
