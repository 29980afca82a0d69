"""What the routes of questions and of the chat page take and answer, as OpenAPI 3.1 says it."""

from __future__ import annotations

from typing import Any

from .declaring import COMMON, ERRORS, PAGE, WHOEVER_HAS_THE_LINK, Operation

_TEXT = {"type": "string"}
_PAGES: dict[str, Any] = {"tags": ["pages"], "security": WHOEVER_HAS_THE_LINK}
_BUSY = {
    "description": "It cannot be answered now; ask again.",
    "content": ERRORS,
    "headers": {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
}
_MAY: Operation = {
    **_PAGES,
    "summary": "Say whether pages of an origin may ask.",
    "responses": {
        "204": {"description": "They may."},
        "403": {"description": "The origin is not known."},
    },
}

QUESTION_OPERATIONS: dict[tuple[str, str], Operation] = {
    ("options", "/ask"): _MAY,
    ("post", "/ask"): {
        **_PAGES,
        "summary": "Answer a question.",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Question"}}},
        },
        "responses": {
            "200": {
                "description": "The reply, or that a person has to answer.",
                "content": {"application/json": {"schema": {
                    "type": "object",
                    "required": ["reply", "articles", "intent", "confidence", "handoff",
                                 "language", "conversation", "enquiry"],
                    "properties": {
                        "reply": {"type": ["string", "null"]},
                        "articles": {"type": "array", "items": {
                            "type": "object", "required": ["id", "title"],
                            "properties": {"id": _TEXT, "title": _TEXT},
                        }},
                        "intent": {"type": ["string", "null"]},
                        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
                        "handoff": {
                            "type": ["object", "null"], "required": ["reason"],
                            "properties": {"reason": _TEXT},
                        },
                        "language": {"type": ["string", "null"]},
                        "conversation": _TEXT,
                        "enquiry": _TEXT,
                    },
                }}},
            },
            "401": {"description": "The customer's token is wrong or has ended.",
                    "content": ERRORS},
            "403": {"description": "Not from pages of this origin."},
            "422": {"description": "It is wrong.", "content": ERRORS},
            "503": _BUSY,
            **COMMON,
        },
    },
    ("options", "/ask/feedback"): _MAY,
    ("post", "/ask/feedback"): {
        **_PAGES,
        "summary": "Keep whether a reply helped.",
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Judgement"}}},
        },
        "responses": {
            "200": {
                "description": "It is kept.",
                "content": {"application/json": {"schema": {
                    "type": "object", "required": ["kept"],
                    "properties": {"kept": {"type": "boolean"}},
                }}},
            },
            "403": {"description": "Not from pages of this origin."},
            "404": {"description": "The enquiry is none of ours.", "content": ERRORS},
            "422": {"description": "It is wrong.", "content": ERRORS},
            "503": {"description": "It cannot be stored now.", "content": ERRORS},
            **COMMON,
        },
    },
    ("get", "/chat"): {
        **_PAGES,
        "summary": "Show the page on which visitors ask.",
        "parameters": [{
            "name": "language", "in": "query", "required": False, "schema": _TEXT,
            "description": "BCP 47 tag; what the browser asks for when left out.",
        }],
        "responses": {"200": {"description": "The page.", "content": PAGE}},
    },
    **{
        ("get", f"/{name}"): {
            **_PAGES,
            "summary": said,
            "responses": {
                "200": {"description": "It.", "content": {kind: {"schema": _TEXT}}},
                "304": {"description": "It has not changed."},
            },
        }
        for name, kind, said in (
            ("chat.js", "text/javascript", "Give the script that puts the chat onto a page."),
            ("chat-page.js", "text/javascript", "Give the script of the chat page."),
            ("chat.css", "text/css", "Give the style of the chat page."),
        )
    },
}  # fmt: skip
