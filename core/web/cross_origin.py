"""Lets pages of known origins ask from their browsers, and no others (the Fetch standard, CORS)."""

from __future__ import annotations

from starlette.responses import Response


def share_with(origin: str) -> dict[str, str]:
    """Return the headers by which a browser hands an answer to a page of this origin."""
    return {"access-control-allow-origin": origin, "vary": "origin"}


def refuse_origin() -> Response:
    """Return the answer to a page of an origin that is not known."""
    return Response(status_code=403, headers={"vary": "origin"})


def allow_posting(origin: str) -> Response:
    """Return the answer to a browser that asks whether a page of this origin may send JSON."""
    return Response(
        status_code=204,
        headers={
            **share_with(origin),
            "access-control-allow-methods": "POST",
            "access-control-allow-headers": "content-type",
            "access-control-max-age": "86400",
        },
    )
