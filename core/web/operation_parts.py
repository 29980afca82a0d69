"""What the declarations of routes are put together from: bodies, answers, schemas, who may ask."""

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


TOKEN = take_path("token", "Signed, as it stands in a message.")

_FAULT = {
    "type": "object",
    "required": ["item", "field", "message"],
    "properties": {
        "item": {"type": ["integer", "null"], "description": "Which one, from 0."},
        "field": {"type": ["string", "null"]},
        "message": {"type": "string"},
    },
}
SCHEMAS: dict[str, Any] = {
    "Fault": _FAULT,
    "Errors": {
        "type": "object",
        "required": ["errors"],
        "properties": {
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}}
        },
    },
    "Upserted": {
        "type": "object",
        "required": ["read", "new", "updated", "unchanged", "rejected", "errors"],
        "properties": {
            **{
                name: {"type": "integer", "minimum": 0}
                for name in (
                    "read",
                    "new",
                    "updated",
                    "unchanged",
                    "rejected",
                    "kept_unsubscribed",
                    "unmatched_lines",
                )
            },
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        },
    },
    "Stored": {
        "type": "object",
        "required": ["stored", "errors"],
        "properties": {
            "stored": {"type": "integer", "minimum": 0},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        },
    },
}
SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "One of serve.api_keys."},
    "signature": {
        "type": "apiKey", "in": "header", "name": "webhook-signature",
        "description": "Standard Webhooks, with webhook-id and webhook-timestamp.",
    },
}  # fmt: skip
