from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.preview.schemes import force_scheme

from ....browser import read_dom
from .test_laying import SHOE, lay, make_message, show

pytestmark = pytest.mark.browser
LONG = "A vest with two soft flasks and room for a rain jacket, and a Donaudampfschifffahrtsmütze"
MEASURE = """\
<script>
addEventListener("load", () => {
  const found = [...document.querySelectorAll("iframe")].map(frame => {
    const inside = frame.contentDocument;
    const box = one => { const r = one.getBoundingClientRect(); return [r.top, r.width, r.height]; };
    return {
      wide: inside.documentElement.scrollWidth,
      cells: [...inside.querySelectorAll(".cell")].map(box),
      ground: inside.defaultView.getComputedStyle(inside.querySelector(".sheet")).backgroundColor,
    };
  });
  document.body.innerHTML = "";
  document.body.textContent = "@@" + JSON.stringify(found) + "@@";
});
</script>
"""  # noqa: E501


def measure(folder: Path, html: str, *widths: int) -> list[dict[str, Any]]:
    """Return what a browser finds in a message at each width, in pixels."""
    frames = [
        f'<iframe style="width:{width}px;height:900px;border:0" srcdoc="{escape(html)}"></iframe>'
        for width in widths
    ]
    page = folder / "measure.html"
    page.write_text(f"<!doctype html><body>{''.join(frames)}{MEASURE}", encoding="utf-8")
    found = re.search(r"@@(.*)@@", read_dom(page, width=1600, height=1000), re.DOTALL)
    assert found is not None
    measured: list[dict[str, Any]] = json.loads(found[1])
    return measured


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_a_message_fits_a_phone_and_cards_of_a_row_are_equally_high(
    tmp_path: Path, count: int
) -> None:
    products = [
        replace(SHOE, id=one, image_url=None, titles={"en": LONG if one == 2 else f"Shoe {one}"})
        for one in range(1, count + 1)
    ]
    html = lay(make_message(products=tuple(show(one, "popular") for one in products))).html
    desktop, phone, small = measure(tmp_path, html, 640, 390, 320)
    assert (desktop["wide"], phone["wide"], small["wide"]) == (640, 390, 320)
    assert len(desktop["cells"]) == (count if count > 1 else 0)
    rows: dict[float, set[float]] = {}
    for top, _, height in desktop["cells"]:
        rows.setdefault(top, set()).add(round(height))
    assert all(len(heights) == 1 for heights in rows.values())
    assert len(rows) == {1: 0, 2: 1, 3: 1, 4: 2, 5: 2}[count]


def test_a_message_is_dark_where_dark_is_asked_for(tmp_path: Path) -> None:
    html = lay(make_message()).html
    [light] = measure(tmp_path, force_scheme(html, "light"), 640)
    [dark] = measure(tmp_path, force_scheme(html, "dark"), 640)
    assert light["ground"] == "rgb(255, 255, 255)"
    assert dark["ground"] == "rgb(29, 33, 31)"
