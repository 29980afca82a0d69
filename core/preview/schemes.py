"""Makes a message look as on a light or a dark screen, whatever screen it is looked at on."""

from __future__ import annotations

import re

SCHEMES = ("light", "dark")
_ASKED = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_ASKING = re.compile(
    r"<style\b[^>]*>.*?</style\s*>|\smedia\s*=\s*(?:\"[^\"]*\"|'[^']*')", re.DOTALL | re.IGNORECASE
)
_END_OF_HEAD = re.compile(r"</head\s*>|<body\b", re.IGNORECASE)
ALWAYS, NEVER = "(min-width: 0)", "(max-width: 0)"


def force_scheme(html: str, scheme: str) -> str:
    """Return a page that answers the question for the colour scheme by itself.

    Args:
        html: The page.
        scheme: `light` or `dark`.
    """

    def answer(asked: re.Match[str]) -> str:
        return ALWAYS if asked[1].lower() == scheme else NEVER

    forced = _ASKING.sub(lambda found: _ASKED.sub(answer, found[0]), html)
    rule = f"<style>:root{{color-scheme:only {scheme} !important}}</style>"
    end = _END_OF_HEAD.search(forced)
    if end is None:
        return rule + forced
    return forced[: end.start()] + rule + forced[end.start() :]
