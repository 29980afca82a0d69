"""Writes a preview as one page that holds all it needs, and runs no script."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from ..copywriting import FALLBACK
from ..letter import Letter
from ..store.reading import from_moment
from .making import Preview, ShownMessage
from .schemes import SCHEMES, force_scheme
from .warning import list_warnings

if TYPE_CHECKING:
    from jinja2 import Template

NAME = "preview.html"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; "
    "font-src https: data:; base-uri 'none'; form-action 'none'"
)
"""What the page may load, and the messages in it: styles in them, pictures, and nothing that runs.

A message stands in a frame of its own, which inherits this and is a sandbox besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """A message as it looks on a light or a dark screen."""

    scheme: str
    html: str


def write_page(preview: Preview, folder: Path) -> Path:
    """Write the page of a preview.

    Args:
        preview: The preview.
        folder: Gets `preview.html`; made when it is not there.

    Returns:
        The page's file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / NAME
    page.write_bytes(render_page(preview).encode("utf-8", "replace"))
    return page


def render_page(preview: Preview) -> str:
    """Return the page of a preview; all that comes from data is escaped."""
    languages = [one.sample.message.language for one in preview.messages if one.sample.message]
    variants = [one.sample.variant for one in preview.messages if one.sample.variant is not None]
    made = [one.number for one in preview.messages if one.letter is not None]
    return _template().render(
        preview=preview,
        first=next(iter(made), 1),
        at=from_moment(preview.at),
        policy=POLICY,
        css=_read("page.css"),
        languages=list(dict.fromkeys(languages)),
        variants=list(dict.fromkeys(variants)),
        warned=list_warnings((one.number, one.warnings) for one in preview.messages),
        frames={one.number: _frame(one) for one in preview.messages},
        authors={one.number: _name_author(one) for one in preview.messages},
    )


def _frame(shown: ShownMessage) -> list[_Frame]:
    if shown.letter is None:
        return []
    html = shown.letter.html
    if html is None:
        return [_Frame(scheme=one, html=_set_text(shown.letter, one)) for one in SCHEMES]
    return [_Frame(scheme=one, html=force_scheme(html, one)) for one in SCHEMES]


def _set_text(letter: Letter, scheme: str) -> str:
    """Return a page of a message that is text alone, as a program shows it."""
    from markupsafe import Markup

    page = Markup(
        "<!doctype html><style>:root{{color-scheme:only {scheme}}}body{{margin:0;padding:24px}}"
        "pre{{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;"
        "font:16px/1.6 ui-sans-serif,system-ui,sans-serif}}</style><pre dir=auto>{text}</pre>"
    )
    return page.format(scheme=scheme, text=letter.text or "")


def _name_author(shown: ShownMessage) -> str:
    by = shown.sample.by
    if by is None:
        return "the recipe" if shown.is_by_hand else "nobody: every copy was refused"
    if by.generator == FALLBACK:
        return "the recipe's fallback"
    return f"{by.generator} with {by.model}" if by.model else by.generator


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["kilobytes"] = _say_size
    return environment.from_string(_read("page.html.j2"))


def _say_size(size: int) -> str:
    return f"{size / 1000:.1f} kB"


def _read(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")
