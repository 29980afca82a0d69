"""What each route of the app takes and answers, as OpenAPI 3.1 says it."""

from __future__ import annotations

from .declaring import (
    AWAY,
    COMMON,
    FORM,
    LINE,
    PAGE,
    SHOWN,
    STALE,
    UNKNOWN,
    WHOEVER_HAS_THE_LINK,
    Operation,
    take_form,
    take_path,
)
from .program_operations import PROGRAM_OPERATIONS
from .question_operations import QUESTION_OPERATIONS

TOKEN = take_path("token", "Signed, as it stands in a message.")
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_PERSON = {"tags": ["people"], "security": WHOEVER_HAS_THE_LINK, "parameters": [TOKEN]}

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("get", "/c/{token}"): {
        **_PERSON,
        "summary": "Lead where a link of a message leads.",
        "responses": {
            "302": {
                "description": "There it is.",
                "headers": {"Location": {"required": True, "schema": _TEXT}},
            },
            "404": UNKNOWN,
        },
    },
    ("get", "/o/{token}"): {
        **_PERSON,
        "summary": "Answer the picture that tells of an open.",
        "responses": {
            "200": {"description": "A picture of one pixel.", "content": {"image/gif": {}}}
        },
    },
    ("get", "/a/{file}"): {
        "tags": ["people"],
        "summary": "Answer one of the brand's assets.",
        "security": WHOEVER_HAS_THE_LINK,
        "parameters": [take_path("file", "As it stands in a message.")],
        "responses": {
            "200": {"description": "A picture or font.", "content": {"image/*": {}, "font/*": {}}},
            "404": {"description": "There is none of this name.", "content": LINE},
        },
    },
    ("get", "/unsubscribe/{token}"): {
        **_PERSON,
        "summary": "Show the page with the button to unsubscribe; changes nothing.",
        "responses": {"200": SHOWN, "404": UNKNOWN},
    },
    ("post", "/unsubscribe/{token}"): {
        **_PERSON,
        "summary": "Take her consent back (RFC 8058).",
        "requestBody": {
            "content": {FORM: {"schema": {
                "type": "object", "properties": {"List-Unsubscribe": {"const": "One-Click"}},
            }}},
        },
        "responses": {
            "200": {"description": "She is unsubscribed.", "content": {**LINE, **PAGE}},
            "404": UNKNOWN,
            "503": AWAY,
            **COMMON,
        },
    },
    ("get", "/preferences/{token}"): {
        **_PERSON,
        "summary": "Show what she chose, and what else there is; changes nothing.",
        "responses": {"200": SHOWN, "404": UNKNOWN},
    },
    ("post", "/preferences/{token}"): {
        **_PERSON,
        "summary": "Keep what she chooses.",
        "requestBody": take_form(
            {
                "form": _TEXT,
                "do": {"enum": ["save", "pause", "resume", "leave"]},
                "shown": _TEXTS, "topic": _TEXTS, "often": _TEXT, "language": _TEXT,
            },
            "form", "do",
        ),
        "responses": {
            "303": {
                "description": "It is kept; the page shows it.",
                "headers": {"Location": {"required": True, "schema": _TEXT}},
            },
            "403": STALE, "404": UNKNOWN, "503": AWAY, **COMMON,
        },
    },
    ("get", "/preferences/{token}/erase"): {
        **_PERSON,
        "summary": "Say what erasing means; changes nothing.",
        "responses": {"200": SHOWN, "404": UNKNOWN},
    },
    ("post", "/preferences/{token}/erase"): {
        **_PERSON,
        "summary": "Erase what is known of her.",
        "requestBody": take_form({"form": _TEXT, "do": {"const": "erase"}}, "form", "do"),
        "responses": {
            "200": SHOWN, "403": STALE, "404": UNKNOWN, "503": AWAY, **COMMON,
        },
    },
    ("get", "/s/{token}"): {
        **_PERSON,
        "summary": "Show the question whether she is satisfied; counts nothing.",
        "responses": {"200": SHOWN, "404": UNKNOWN},
    },
    ("post", "/s/{token}"): {
        **_PERSON,
        "summary": "Keep her answer.",
        "requestBody": take_form({"form": _TEXT, "answer": _TEXT}, "form", "answer"),
        "responses": {"200": SHOWN, "403": STALE, "404": UNKNOWN, "503": AWAY, **COMMON},
    },
    **PROGRAM_OPERATIONS,
    **QUESTION_OPERATIONS,
}  # fmt: skip
"""By method and path; a route that is not here is described by its name alone."""
