"""Chooses the colours of a message from the brand's, so that all text on them can be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from colorsys import hls_to_rgb, rgb_to_hls

LIGHT = {"accent": "#1f5f4a", "background": "#f4f2ee", "surface": "#ffffff", "text": "#1c1b19"}
DARK = {
    "background": "#121513", "surface": "#1d211f", "card": "#242927", "tint": "#2a2f2d",
    "text": "#f1efe9", "muted": "#b3b0a8", "line": "#3a403d",
}  # fmt: skip
READABLE = 4.5
"""The least contrast of text, by WCAG 2 level AA."""
VISIBLE = 3.0
"""The least contrast of a button and what is around it."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def choose_colours(given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the colours of every role, and what is wrong with those that were given.

    Args:
        given: The brand's `colours`: `accent`, `background`, `surface`, `text` as #rrggbb.

    Returns:
        By role, light ones and those of the dark scheme (`dark_...`); and warnings.
    """
    warnings: list[str] = []
    chosen = dict(LIGHT)
    for role, value in given.items():
        if role not in LIGHT:
            known = ", ".join(LIGHT)
            warnings.append(f"brand.colours.{role} has no place in the layout; it knows {known}")
        elif not _HEX.fullmatch(value):
            warnings.append(f"brand.colours.{role} is no colour such as #1f5f4a")
        else:
            chosen[role] = value.lower()
    readable = make_readable(chosen["text"], chosen["surface"])
    if readable != chosen["text"]:
        warnings.append("brand.colours.text cannot be read on surface; a stronger one is used")
        chosen["text"] = readable
    accent, surface = chosen["accent"], chosen["surface"]
    tint = mix(accent, surface, 0.92)
    dark = {f"dark_{role}": value for role, value in DARK.items()}
    dark_accent = make_readable(accent, DARK["tint"])
    dark_button = make_readable(accent, DARK["surface"], least=VISIBLE)
    return {
        **chosen,
        **dark,
        "on_accent": choose_text_on(accent),
        "link": make_readable(accent, tint),
        "muted": make_readable(mix(chosen["text"], surface, 0.4), surface),
        "faint": make_readable(mix(chosen["text"], chosen["background"], 0.4),
                               chosen["background"]),
        "line": mix(chosen["text"], surface, 0.86),
        "tint": tint,
        "dark_accent": dark_accent,
        "dark_button": dark_button,
        "dark_on_button": choose_text_on(dark_button),
    }, warnings  # fmt: skip


def measure_contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2 defines it."""
    first, second = sorted((_luminance(one), _luminance(other)))
    return (second + 0.05) / (first + 0.05)


def choose_text_on(colour: str) -> str:
    """Return white or near black, whichever is read better on a colour."""
    return max(("#ffffff", "#111111"), key=lambda text: measure_contrast(text, colour))


def make_readable(colour: str, ground: str, least: float = READABLE) -> str:
    """Return a colour, darkened or lightened as far as needed to be read on a ground.

    It stays as vivid as it is: only its lightness moves.

    Args:
        colour: The colour.
        ground: What is around it.
        least: The contrast that is needed.
    """
    if measure_contrast(colour, ground) >= least:
        return colour
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in _split(colour)))
    end = 1.0 if choose_text_on(ground) == "#ffffff" else 0.0
    for step in range(1, 26):
        moved = lightness + (end - lightness) * step / 25
        parts = hls_to_rgb(hue, moved, saturation)
        shade = "#" + "".join(f"{round(part * 255):02x}" for part in parts)
        if measure_contrast(shade, ground) >= least:
            return shade
    return choose_text_on(ground)


def mix(one: str, other: str, share: float) -> str:
    """Return a colour with a share of another one in it, in [0, 1]."""
    pairs = zip(_split(one), _split(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in _split(colour)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _split(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
