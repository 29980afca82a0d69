"""Shows moments on the reader's own clock, and reads those that she gives."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..errors import BallyhooError

if TYPE_CHECKING:
    from ..settings import Settings

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


def find_local_zone(settings: Settings) -> tzinfo | None:
    """Return the zone in which moments are shown: the setting `time_zone`, else this machine's.

    Returns:
        None for this machine's, which `astimezone` takes for it.
    """
    return ZoneInfo(settings.time_zone) if "time_zone" in settings.model_fields_set else None


def show_moment(moment: int, zone: tzinfo | None) -> str:
    """Return UTC milliseconds as `2026-11-26 18:05 CET`."""
    local = (_EPOCH + timedelta(milliseconds=moment)).astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M %Z}"


def show_iso(moment: int | None) -> str | None:
    """Return UTC milliseconds as ISO 8601, for programs."""
    if moment is None:
        return None
    return (_EPOCH + timedelta(milliseconds=moment)).isoformat(timespec="seconds")


def read_moment(text: str, now: datetime, zone: tzinfo | None) -> int:
    """Return what a person means by a moment, in UTC milliseconds.

    Args:
        text: `2026-11-26T18:05+01:00`, the same without an offset, or `18:05`: the next time that
            it is so late.
        now: The moment, aware.
        zone: Where the clock hangs that is meant when there is no offset; None: this machine's.

    Raises:
        BallyhooError: It is none, or over.
    """
    if _TIME.fullmatch(text):
        there = now.astimezone(zone).replace(tzinfo=None)
        moment = there.replace(hour=int(text[:2]), minute=int(text[3:]), second=0, microsecond=0)
        if moment <= there:
            moment += timedelta(days=1)
    else:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise BallyhooError(
                f"--at: '{text}' is no moment", hint="write 2026-04-30T18:00, or 18:00"
            ) from None
    if moment.tzinfo is None:
        moment = moment.astimezone() if zone is None else moment.replace(tzinfo=zone)
    if moment <= now:
        raise BallyhooError(
            f"--at: {moment:%Y-%m-%d %H:%M %Z} is over", hint="leave --at out to start now"
        )
    return (moment.astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)
