"""The parts that declarations of routes have in common, as OpenAPI 3.1 says them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Operation = dict[str, Any]
"""An Operation Object of OpenAPI 3.1."""

PAGE = {"text/html": {"schema": {"type": "string"}}}
LINE = {"text/plain": {"schema": {"type": "string"}}}
ERRORS = {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}}
FORM = "application/x-www-form-urlencoded"

KEYED: list[dict[str, list[str]]] = [{"bearer": []}, {"signature": []}]
WHOEVER_HAS_THE_LINK: list[dict[str, list[str]]] = []

TOO_LARGE = {"description": "The body is too large.", "content": LINE}
TOO_SLOW = {"description": "The request came in too slowly.", "content": LINE}
TOO_OFTEN = {
    "description": "This address came too often.",
    "content": LINE,
    "headers": {
        "Retry-After": {
            "description": "Seconds to wait.", "required": True, "schema": {"type": "integer"},
        }
    },
}  # fmt: skip
UNKNOWN = {"description": "The link is none of ours.", "content": PAGE}
STALE = {"description": "The form was not shown a short while ago.", "content": PAGE}
AWAY = {"description": "It cannot be stored now; send it again.", "content": PAGE}
SHOWN = {"description": "A page in her language.", "content": PAGE}

COMMON: Mapping[str, Any] = {"408": TOO_SLOW, "413": TOO_LARGE, "429": TOO_OFTEN}
"""What any request with a body may be answered."""


def take_path(name: str, said: str) -> dict[str, Any]:
    """Return a parameter of the path."""
    return {
        "name": name, "in": "path", "required": True, "description": said,
        "schema": {"type": "string", "minLength": 1},
    }  # fmt: skip


def take_form(fields: Mapping[str, Any], *required: str) -> dict[str, Any]:
    """Return the body of a form."""
    schema = {"type": "object", "properties": dict(fields), "required": list(required)}
    return {"required": True, "content": {FORM: {"schema": schema}}}
