"""Writes the log of all of Ballyhoo: JSON for machines, lines for a terminal, never identity."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

IDENTITY = frozenset(
    {"address", "addresses", "email", "phone", "name", "first_name", "last_name", "customer_key"}
)
"""Keys whose values tell who somebody is."""

_IDENTITY_ENDS = ("_address", "_email", "_phone")

_MASKS = (
    # A user and password in a URL, e-mail addresses (in a URL too), international phone numbers,
    # and what SQLAlchemy says of a statement that failed.
    (re.compile(r"://[^/\s@]+@"), "://***@"),
    (re.compile(r"[^\s@<>\"'(),;:=\[\]{}]+(?:@|%40)[^\s@<>\"'(),;:/\[\]{}]+\.[^\s@<>\"'(),;:/\[\]{}]*\w"),
     "(an address)"),
    (re.compile(r"\+\d(?:[\s().\-/]?\d){6,14}\b"), "(a number)"),
    (re.compile(r"\[parameters: .*"), "[parameters: ***]"),
)  # fmt: skip


def set_up_logs(
    *,
    json: bool,
    level: int = logging.INFO,
    shows_tracebacks: bool = True,
    stream: TextIO | None = None,
) -> logging.Handler:
    """Send every log line of this process to one stream, one line each.

    Loggers of `ballyhoo` tell from `level` on, all others from WARNING on. Calling it again
    replaces what the last call set up.

    Args:
        json: Whether a line is a JSON object; else it is for people.
        level: From which level on Ballyhoo's own loggers tell.
        shows_tracebacks: Whether a line tells where an error came from.
        stream: Where to; standard error when None.

    Returns:
        The handler that writes.
    """
    import structlog

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info if shows_tracebacks else _drop_traceback,
        drop_identity,
    ]
    handler = _Handler(stream)
    if json:
        last += [
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ]
    else:
        # The plain traceback: the pretty one shows the values of variables.
        plain = structlog.dev.plain_traceback
        last.append(
            structlog.dev.ConsoleRenderer(
                colors=handler.stream.isatty(), timestamp_key="at", exception_formatter=plain
            )
        )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), _drop_formatted, *shared],
            processors=last,
        )
    )
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("ballyhoo").setLevel(level)
    return handler


@contextmanager
def label_logs(**labels: Any) -> Iterator[None]:
    """Put labels on every line that this thread logs within the block, and on none after it."""
    import structlog

    with structlog.contextvars.bound_contextvars(**labels):
        yield


def drop_identity(_: Any, __: str, event: EventDict) -> EventDict:
    """Leave out keys that hold identity, and mask what looks like it in all other values."""
    return {key: mask_identity(value) for key, value in event.items() if not _is_identity(key)}


def mask_identity(value: Any) -> Any:
    """Return a value with everything masked that looks like an address, in what it holds too."""
    if isinstance(value, str):
        for pattern, mask in _MASKS:
            value = pattern.sub(mask, value)
        return value
    if isinstance(value, Mapping):
        return {
            mask_identity(key): mask_identity(inner)
            for key, inner in value.items()
            if not _is_identity(key)
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_identity(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return mask_identity(str(value))


def find_place(error: BaseException | None) -> str | None:
    """Return where an exception was raised, without its words, which may hold identity."""
    frame = error.__traceback__ if error is not None else None
    if frame is None:
        return None
    while frame.tb_next is not None:
        frame = frame.tb_next
    code = frame.tb_frame.f_code
    return f"{Path(code.co_filename).name}:{frame.tb_lineno} in {code.co_name}"


class _Handler(logging.StreamHandler[TextIO]):
    """The handler that `set_up_logs` sets up, and knows again.

    Without a stream it writes to what standard error is when a line comes.
    """

    def __init__(self, stream: TextIO | None) -> None:
        logging.Handler.__init__(self)
        self._stream = stream

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # as logging's own last resort
        return self._stream or sys.stderr


def _drop_formatted(_: Any, __: str, event: EventDict) -> EventDict:
    """Leave out what other handlers made of a record: it is no extra of it."""
    for name in ("message", "asctime"):
        event.pop(name, None)
    return event


def _drop_traceback(_: Any, __: str, event: EventDict) -> EventDict:
    event.pop("exc_info", None)
    return event


def _is_identity(key: Any) -> bool:
    word = str(key).lower()
    return word in IDENTITY or word.endswith(_IDENTITY_ENDS)
