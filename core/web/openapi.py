"""Writes the app's OpenAPI document from what its routes declare."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from .collecting import SiteBatch
from .declaring import Operation, take_path
from .operations import OPERATIONS
from .program_operations import SCHEMAS, SECURITY
from .questions import Judgement, Question
from .told import ToldBatch

if TYPE_CHECKING:
    from .service import Service

_PART = re.compile(r"\{(\w+)(?::\w+)?\}")
DECLARED = "operation"
"""The attribute of a plugin's endpoint that holds its declaration."""


async def tell_openapi(request: Request) -> Response:
    """Answer the document of this app, with the routes that plugins declare."""
    service: Service = request.app.state.service
    document = getattr(request.app.state, "openapi", None)
    if document is None:
        document = json.dumps(
            describe_app(request.app.routes, base_url=service.settings.base_url)
        ).encode()
        request.app.state.openapi = document
    return Response(document, media_type="application/json")


def describe_app(routes: Iterable[BaseRoute], *, base_url: str = "") -> dict[str, Any]:
    """Return the document of an app.

    Args:
        routes: Of the app.
        base_url: Where it is reached.
    """
    paths: dict[str, dict[str, Operation]] = {}
    for route in routes:
        if not isinstance(route, Route):
            continue
        path = _PART.sub(r"{\1}", route.path)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            operation = _find_operation(route, method.lower(), path)
            if operation is not None:
                paths.setdefault(path, {})[method.lower()] = operation
    named: dict[str, Any] = {}
    for model in (ToldBatch, SiteBatch, Question, Judgement):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        named |= schema.pop("$defs", {})
        named[model.__name__] = schema
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ballyhoo",
            "version": version("ballyhoo"),
            "description": "What customers' links lead to, and what shops tell.",
        },
        "servers": [{"url": base_url or "/"}],
        "paths": paths,
        "components": {
            "schemas": {**SCHEMAS, **named},
            "securitySchemes": SECURITY,
        },
    }


def _find_operation(route: Route, method: str, path: str) -> Operation | None:
    name = f"{method} {path}"
    if path.startswith("/plugins/"):
        declared = getattr(route.endpoint, DECLARED, None)
        if declared is None:
            return None  # the plugin's own: nobody here knows what it takes
        return {"operationId": name, "tags": ["plugins"], **_add_parameters(path, declared)}
    known = OPERATIONS.get((method, path))
    if known is None:
        said = (route.endpoint.__doc__ or name).strip().partition("\n")[0]
        known = {"summary": said, "responses": {"default": {"description": "See the pages."}}}
    return {"operationId": name, **_add_parameters(path, known)}


def _add_parameters(path: str, operation: Operation) -> Operation:
    """Return an operation with each part of its path, as OpenAPI wants it."""
    given = {one.get("name") for one in operation.get("parameters", ())}
    lacking = [take_path(name, "") for name in _PART.findall(path) if name not in given]
    if not lacking:
        return operation
    return {**operation, "parameters": [*operation.get("parameters", ()), *lacking]}
