"""Keeps what is logged while a test runs, to be shown when it fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

MOST_LINES = 20


class _Keeper(logging.Handler):
    """Keeps each line once: a run that is repeated says the same again."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if len(self.lines) < MOST_LINES:
            self.lines[record.getMessage()] = None


@contextmanager
def keep_log() -> Iterator[dict[str, None]]:
    """Keep the warnings and errors of Ballyhoo and its plugins; nobody else gets them.

    Yields:
        The lines as they come, as the keys of a mapping.
    """
    logger = logging.getLogger("ballyhoo")
    keeper = _Keeper()
    before = logger.propagate, logger.handlers
    logger.propagate, logger.handlers = False, [keeper]
    try:
        yield keeper.lines
    finally:
        logger.propagate, logger.handlers = before
