"""What each route of the app takes and answers, as OpenAPI 3.1 says it."""

from __future__ import annotations

from .operation_parts import (
    AWAY,
    COMMON,
    ERRORS,
    FORM,
    KEYED,
    LINE,
    PAGE,
    SHOWN,
    STALE,
    TOKEN,
    TOO_OFTEN,
    UNKNOWN,
    WHOEVER_HAS_THE_LINK,
    Operation,
    take_form,
    take_path,
)

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_PERSON = {"tags": ["people"], "security": WHOEVER_HAS_THE_LINK, "parameters": [TOKEN]}

UPSERTED_KINDS = ("customers", "products", "orders")
UPSERTED = {"application/json": {"schema": {"$ref": "#/components/schemas/Upserted"}}}
UPSERTED_OR_ERRORS = {
    "application/json": {
        "schema": {
            "anyOf": [
                {"$ref": "#/components/schemas/Upserted"},
                {"$ref": "#/components/schemas/Errors"},
            ]
        }
    }
}

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
    ("post", "/events"): {
        "tags": ["programs"],
        "summary": "Store events, each once.",
        "security": KEYED,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ToldBatch"}}},
        },
        "responses": {
            "200": {
                "description": "All are stored but those in `errors`.",
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Stored"}}
                },
            },
            "401": {"description": "Neither a key nor a signature.", "content": ERRORS},
            "422": {
                "description": "One is wrong, and none is stored.",
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Stored"}}
                },
            },
            "503": {"description": "They cannot be stored now.", "content": ERRORS},
            **COMMON,
        },
    },
    **{
        ("post", f"/{kind}"): {
            "tags": ["programs"],
            "summary": f"Store {kind}, as an import would.",
            "security": KEYED,
            "parameters": [
                {
                    "name": "atomic", "in": "query", "schema": {"enum": ["true", "false"]},
                    "description": "Whether one that is wrong is enough to store none.",
                },
                {
                    "name": "currency", "in": "query", "schema": {"enum": ["EUR", "USD", "CNY"]},
                    "description": "Of money that does not say one: any code of ISO 4217.",
                },
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {
                    "anyOf": [
                        {"type": "object", "minProperties": 1},
                        {"type": "array", "minItems": 1, "items": {"type": "object"}},
                    ]
                }}},
            },
            "responses": {
                "200": {"description": "Those that are right are stored.", "content": UPSERTED},
                "401": {"description": "Neither a key nor a signature.", "content": ERRORS},
                "422": {"description": "None is stored.", "content": UPSERTED_OR_ERRORS},
                "503": {"description": "They cannot be stored now.", "content": ERRORS},
                **COMMON,
            },
        }
        for kind in UPSERTED_KINDS
    },
    ("get", "/site.js"): {
        "tags": ["pages"],
        "summary": "Give the script of the shop's pages.",
        "security": WHOEVER_HAS_THE_LINK,
        "responses": {
            "200": {"description": "The script.", "content": {"text/javascript": {}}},
            "304": {"description": "It is the one that the browser has."},
        },
    },
    ("options", "/collect"): {
        "tags": ["pages"],
        "summary": "Say whether pages of an origin may tell.",
        "security": WHOEVER_HAS_THE_LINK,
        "responses": {
            "204": {"description": "They may."},
            "403": {"description": "The origin is not known."},
        },
    },
    ("post", "/collect"): {
        "tags": ["pages"],
        "summary": "Store what a visitor of the shop's pages did.",
        "security": WHOEVER_HAS_THE_LINK,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SiteBatch"}}},
        },
        "responses": {
            "200": {
                "description": "What was stored, and how many products the shop does not have.",
                "content": {"application/json": {"schema": {
                    "type": "object",
                    "required": ["stored", "unknown"],
                    "properties": {"stored": {"type": "integer"}, "unknown": {"type": "integer"}},
                }}},
            },
            "403": {"description": "Not from pages of this origin."},
            "422": {"description": "It is wrong.", "content": ERRORS},
            "503": {"description": "It cannot be stored now.", "content": ERRORS},
            **COMMON,
        },
    },
    ("get", "/metrics"): {
        "tags": ["programs"],
        "summary": "Tell Prometheus what the ledger says.",
        "security": KEYED,
        "responses": {
            "200": {"description": "Its text format.", "content": LINE},
            "401": {"description": "Neither a key nor a signature.", "content": ERRORS},
            "429": TOO_OFTEN,
        },
    },
    ("get", "/healthz"): {
        "tags": ["programs"],
        "summary": "Say whether the database answers.",
        "security": WHOEVER_HAS_THE_LINK,
        "responses": {
            status: {
                "description": said,
                "content": {"application/json": {"schema": {
                    "type": "object", "required": ["ok"], "properties": {"ok": {"const": is_ok}},
                }}},
            }
            for status, said, is_ok in (("200", "It does.", True), ("503", "It is away.", False))
        },
    },
    ("get", "/openapi.json"): {
        "tags": ["programs"],
        "summary": "This document.",
        "security": WHOEVER_HAS_THE_LINK,
        "responses": {
            "200": {
                "description": "OpenAPI 3.1.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    },
}  # fmt: skip
"""By method and path; a route that is not here is described by its name alone."""
