"""When it is too late to send, as a recipe writes it: after a while, or at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from .values import parse_duration, refuse, show_plain

_EXPIRES = "a duration such as 3d, or a moment such as 2026-04-30T18:00:00+02:00"


def _check_expires(value: Any) -> Any:
    for read in (parse_duration, datetime.fromisoformat):
        try:
            moment = read(value)
        except (ValueError, TypeError):
            continue
        if isinstance(moment, datetime) and moment.tzinfo is None:
            raise refuse(f"'{value}' has no offset; write for example {moment.isoformat()}+02:00")
        return moment
    raise refuse(f"must be {_EXPIRES}, not {show_plain(value)}")


Expiry = Annotated[
    Any, PlainValidator(_check_expires),
    WithJsonSchema({"type": "string", "description": "A duration, or a moment with its offset."}),
]  # fmt: skip
