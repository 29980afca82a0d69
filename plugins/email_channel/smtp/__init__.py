"""The conversation with a mail server, phase by phase."""

from __future__ import annotations

from .delivery import deliver_by_smtp
from .envelope import Envelope
from .server import Server, read_server
from .timeouts import Pace, Timeouts

__all__ = ["Envelope", "Pace", "Server", "Timeouts", "deliver_by_smtp", "read_server"]
