"""Signs forms, and reads what comes back: only a page that was shown a short while ago counts.

There is no cookie, and nobody is logged in: the link's signed token alone says whose page it is,
so a page of somebody else cannot send a form for her without that token. The form's own token is
of that message and that form, and ends soon: whoever sees a link but loads no page, repeats an
old request, or has a form of another message, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from ..tokens import BadToken

if TYPE_CHECKING:
    from .service import Service

FORM_MS = 2 * 3_600_000
MOST_FIELDS = 500


def sign_form(service: Service, purpose: str, message_id: int) -> str:
    """Return the token of a form that is shown now."""
    return service.links.tokens.sign_pair(f"form {purpose}", message_id, service.now)


def is_fresh(
    service: Service, purpose: str, message_id: int, given: Mapping[str, Sequence[str]]
) -> bool:
    """Whether a form was shown for this message, a short while ago."""
    token = next(iter(given.get("form", ())), "")
    try:
        shown_for, at = service.links.tokens.read_pair(f"form {purpose}", token)
    except BadToken:
        return False
    return shown_for == message_id and 0 <= service.now - at <= FORM_MS


def read_form(body: bytes) -> dict[str, list[str]]:
    """Return the fields of a form; none when it is no form of ours."""
    try:
        return parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
