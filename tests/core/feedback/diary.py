"""A plugin that keeps what it is told, and fails when a test says so."""

from __future__ import annotations

from collections.abc import Sequence

from ballyhoo import Context, Event, hookimpl


class Diary:
    """The plugin.

    Attributes:
        events: What it was told and took, in order.
        batches: The ids of the events of each call, those that failed too.
        failures: How many of the next calls fail.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.batches: list[list[str]] = []
        self.failures = 0

    @hookimpl
    def feedback(self, context: Context, events: Sequence[Event]) -> None:
        self.batches.append([one.id for one in events])
        if self.failures:
            self.failures -= 1
            raise ValueError("ada@customers.example is not to be repeated")
        self.events += events

    @property
    def types(self) -> list[str]:
        return [one.type for one in self.events]
