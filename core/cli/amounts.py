"""Shows numbers and lengths of time to people."""

from __future__ import annotations

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def show_count(count: int, what: str, many: str | None = None) -> str:
    """Return `1 message`, `1,234 messages`.

    Args:
        count: How many.
        what: The word for one of them.
        many: The word for several, when it is not `what` with an s.
    """
    return f"{count:,} {what if count == 1 else many or what + 's'}"


def show_length(seconds: float) -> str:
    """Return a length of time in its two greatest units: `3 h 20 min`, `45 s`, `under 1 s`."""
    if seconds < 1:
        return "under 1 s"
    left = round(seconds)
    place = next(place for place, (_, size) in enumerate(_UNITS) if left >= size)
    name, size = _UNITS[place]
    shown = f"{left // size:,} {name}"
    if place + 1 < len(_UNITS):
        below, part = _UNITS[place + 1]
        if left % size // part:
            shown += f" {left % size // part} {below}"
    return shown
