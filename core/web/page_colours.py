"""Chooses the colours of customers' pages from the brand's accent, so that all can be read."""

from __future__ import annotations

import re

DEFAULT_ACCENT = "#1f5f4a"
PAPER, DARK_PAPER = "#ffffff", "#1b211f"
READABLE = 4.5
"""The least contrast of text, by WCAG 2 level AA."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def choose_accents(given: str | None) -> dict[str, str]:
    """Return the accent of light and dark pages, and the colour of text on each.

    Args:
        given: The brand's accent as #rrggbb; what is none counts as not given.
    """
    accent = given if given is not None and _HEX.fullmatch(given) else DEFAULT_ACCENT
    light, dark = _move(accent, PAPER, 0), _move(accent, DARK_PAPER, 255)
    return {
        "accent": light,
        "on_accent": _choose_text_on(light),
        "dark_accent": dark,
        "dark_on_accent": _choose_text_on(dark),
    }


def measure_contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2 defines it."""
    first, second = sorted((_luminance(one), _luminance(other)))
    return (second + 0.05) / (first + 0.05)


def _move(colour: str, ground: str, end: int) -> str:
    """Return a colour, moved towards black (0) or white (255) until it is read on a ground."""
    parts = _split(colour)
    for step in range(21):
        moved = [round(part + (end - part) * step / 20) for part in parts]
        shade = "#" + "".join(f"{part:02x}" for part in moved)
        if measure_contrast(shade, ground) >= READABLE:
            return shade
    return shade


def _choose_text_on(colour: str) -> str:
    return max(("#ffffff", "#101413"), key=lambda text: measure_contrast(text, colour))


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _split(colour)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _split(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
