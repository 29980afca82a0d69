"""What the routes for programs and for the shop's pages take and answer."""

from __future__ import annotations

from typing import Any

from .declaring import COMMON, ERRORS, KEYED, LINE, TOO_OFTEN, WHOEVER_HAS_THE_LINK, Operation

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

PROGRAM_OPERATIONS: dict[tuple[str, str], Operation] = {
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
        "summary": "Say whether what is told can be stored.",
        "security": WHOEVER_HAS_THE_LINK,
        "responses": {
            status: {
                "description": said,
                "content": {"application/json": {"schema": {
                    "type": "object", "required": ["ok"], "properties": {"ok": {"const": is_ok}},
                }}},
            }
            for status, said, is_ok in (("200", "It can.", True), ("503", "It cannot.", False))
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
"""By method and path."""

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
