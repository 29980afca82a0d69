"""Compiles MJML templates, with Jinja's parts in them, to HTML."""

from __future__ import annotations

import re

from ballyhoo import DataError, EnvironmentMissing, Template

from .inlining import JINJA

SUFFIX = ".mjml.j2"


def is_mjml(template: Template) -> bool:
    """Whether a template is MJML, by its name."""
    return template.name.endswith(SUFFIX)


def compile_mjml(template: Template) -> str:
    """Return a template as HTML, Jinja's parts as they were.

    Conditions and loops between tags of MJML must stand in `<mj-raw>`.

    Raises:
        EnvironmentMissing: The extra `mjml` is not installed.
        DataError: It is no MJML.
    """
    try:
        import mrml
    except ImportError:
        raise EnvironmentMissing(
            f"{template.name} is MJML, and nothing here compiles it",
            hint="pip install 'ballyhoo[mjml]', or write the template as HTML",
        ) from None
    parts: list[str] = []

    def put_away(found: re.Match[str]) -> str:
        parts.append(found[0])
        return f"jj{len(parts) - 1}jj"

    try:
        html = str(mrml.to_html(JINJA.sub(put_away, template.text)).content)
    except Exception as error:
        raise DataError(f"{template.name}: {error}") from None
    lost = [part for number, part in enumerate(parts) if f"jj{number}jj" not in html]
    if lost:
        raise DataError(
            f"{template.name}: {lost[0]} stands where MJML takes no text",
            hint="put conditions and loops between tags into <mj-raw>",
        )
    return re.sub(r"jj(\d+)jj", lambda place: parts[int(place[1])], html)
