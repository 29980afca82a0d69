"""Looks at a page with Chromium: the page as it was drawn, pixel by pixel, or as it stands."""

from __future__ import annotations

import struct
import subprocess
import zlib
from collections import Counter
from pathlib import Path

from .programs import find_program

Colour = tuple[int, int, int]
SECONDS = 90


def draw(page: Path, *, width: int, height: int, dark: bool = False) -> Counter[Colour]:
    """Return how often each colour stands on a page, as a screen of that size shows it.

    Args:
        page: A file of HTML.
        width: In pixels.
        height: In pixels.
        dark: Whether the screen asks for dark colours.
    """
    picture = page.with_suffix(".png")
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    _run(page, f"--screenshot={picture}", f"--window-size={width},{height}", scheme)
    return _count_colours(picture.read_bytes())


def read_dom(page: Path, *, width: int, height: int) -> str:
    """Return a page as it stands after its scripts ran."""
    return _run(page, "--dump-dom", f"--window-size={width},{height}")


def read_dom_at(url: str, folder: Path) -> str:
    """Return a page of a server as it stands after its scripts ran.

    Args:
        url: Its address.
        folder: Where the browser keeps what it remembers; the same one comes again with the same.
    """
    return _run(folder / "page", "--dump-dom", url=url)


def _run(page: Path, *arguments: str, url: str | None = None) -> str:
    done = subprocess.run(
        [
            find_program("chromium"), "--headless", "--no-sandbox", "--disable-gpu",
            "--hide-scrollbars", "--no-first-run", "--disable-dev-shm-usage",
            f"--user-data-dir={page.parent / 'browser'}", "--virtual-time-budget=4000",
            *arguments, url or page.absolute().as_uri(),
        ],
        capture_output=True, text=True, timeout=SECONDS, check=True,
    )  # fmt: skip
    return done.stdout


def _count_colours(png: bytes) -> Counter[Colour]:
    """Decode a PNG of 8 bits without interlacing, which is what Chromium writes."""
    data, at = b"", 8
    width = height = channels = 0
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, chunk = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, *_ = struct.unpack(">IIBBBBB", chunk)
            assert depth == 8
            channels = {2: 3, 6: 4}[colour]
        elif kind == b"IDAT":
            data += chunk
        at += 12 + length
    raw = zlib.decompress(data)
    stride = width * channels
    before = bytearray(stride)
    found: Counter[Colour] = Counter()
    for row in range(height):
        start = row * (stride + 1)
        line = bytearray(raw[start + 1 : start + 1 + stride])
        _undo_filter(raw[start], line, before, channels)
        found.update(zip(line[0::channels], line[1::channels], line[2::channels], strict=True))
        before = line
    return found


def _undo_filter(kind: int, line: bytearray, before: bytearray, step: int) -> None:
    for at in range(len(line) if kind else 0):
        left = line[at - step] if at >= step else 0
        above = before[at]
        if kind == 1:
            added = left
        elif kind == 2:
            added = above
        elif kind == 3:
            added = (left + above) // 2
        else:
            corner = before[at - step] if at >= step else 0
            guess = left + above - corner
            added = min((left, above, corner), key=lambda one: abs(guess - one))
        line[at] = (line[at] + added) & 255
