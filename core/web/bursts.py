"""Finds who follows many links of one message at once: a scanner that calls itself a browser."""

from __future__ import annotations

from collections import OrderedDict

SPAN_MS = 1_000
MOST_LINKS = 3
"""So many different links of one message within the span are no person."""

MOST_MESSAGES = 50_000


class Bursts:
    """Remembers for a moment which links of a message were followed, in this process.

    The first links of a burst pass as a person's: what else a scanner does within the second is
    known for what it is, and reports take the whole second back.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[int, dict[int, int]] = OrderedDict()

    def note(self, message_id: int, link: int, at: int) -> bool:
        """Note a click; True when it is one of a burst.

        Args:
            message_id: The message.
            link: The number of its address.
            at: When, UTC milliseconds.
        """
        recent = {
            number: moment
            for number, moment in self._seen.pop(message_id, {}).items()
            if at - moment <= SPAN_MS
        }
        recent[link] = at
        self._seen[message_id] = recent
        if len(self._seen) > MOST_MESSAGES:
            self._seen.popitem(last=False)
        return len(recent) >= MOST_LINKS
