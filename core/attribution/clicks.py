"""Takes back clicks that passed as a person's: those right before many links were followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ..store.outcomes import TouchRow
from ..web.bursts import SPAN_MS


def keep_people(clicks: Iterable[TouchRow]) -> list[TouchRow]:
    """Return the clicks that people made.

    Of a scanner that follows all links of a message, the first ones look like a person's: whatever
    came within the second before one that was known for a burst is the scanner's too.
    """
    bursts: dict[int, list[int]] = defaultdict(list)
    people = []
    for one in clicks:
        if one.machine == "burst":
            bursts[one.message_id].append(one.at)
        if one.machine is None:
            people.append(one)
    return [
        one
        for one in people
        if not any(0 <= at - one.at <= SPAN_MS for at in bursts.get(one.message_id, ()))
    ]
