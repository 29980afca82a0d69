from __future__ import annotations

from collections import Counter
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from ballyhoo.core.engine.content import Content
from ballyhoo.core.engine.samples import Sample
from ballyhoo.core.letter import read_letter
from ballyhoo.core.preview import Preview, ShownMessage, write_page
from ballyhoo.testing import sample_messages

from ...browser import Colour, draw

pytestmark = pytest.mark.browser
LIGHT, DARK, PHONE, RAN = (255, 0, 170), (0, 200, 120), (90, 60, 200), (1, 2, 253)
HTML = """\
<html><head><style>
body { margin: 0; background: rgb(255, 0, 170) }
@media (prefers-color-scheme: dark) { body { background: rgb(0, 200, 120) } }
@media (max-width: 500px) { h1 { background: rgb(90, 60, 200); height: 200px } }
</style></head><body onload="document.body.style.background = 'rgb(1, 2, 253)'">
<h1>Dry trails</h1><script>document.body.style.background = "rgb(1, 2, 253)"</script>
</iframe><script>document.body.style.background = "rgb(1, 2, 253)"</script></body></html>
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page with one message, whose colours say how it is looked at, and whether scripts ran."""
    mail = EmailMessage()
    mail["From"], mail["Date"] = "Fernpfad <news@shop.example>", "today"
    mail["Subject"] = "</title></iframe><script>document.body.style.background = 'blue'</script>"
    mail.set_content(HTML, subtype="html")
    message = replace(sample_messages(1)[0], content=mail.as_bytes())
    sample = Sample(
        variant=None, customer=1, fields=message.fields, text="", content=Content(), by=None,
        reason=None, message=message,
    )  # fmt: skip
    shown = ShownMessage(
        number=1, sample=sample, letter=read_letter(message, "email"), slots=(), products=(),
        warnings=("the subject is long",), is_by_hand=True,
    )  # fmt: skip
    return write_page(Preview(campaign="spring", at=0, messages=(shown,)), tmp_path)


def choose(page: Path, choice: str) -> Path:
    """Return the page as it is after a click on one of the choices that come second."""
    first = {"phone": "desktop", "dark": "light"}[choice]
    html = page.read_text(encoding="utf-8").replace(f'id="{first}" checked', f'id="{first}"')
    chosen = page.with_name(f"{choice}.html")
    chosen.write_text(html.replace(f'id="{choice}"', f'id="{choice}" checked'), encoding="utf-8")
    return chosen


def find_brightness(colours: Counter[Colour]) -> float:
    return sum(sum(one) * count for one, count in colours.items()) / (3 * colours.total())


def test_a_message_is_drawn_as_on_a_light_and_on_a_dark_screen(page: Path) -> None:
    light = draw(page, width=1280, height=900)
    dark = draw(choose(page, "dark"), width=1280, height=900)
    assert light[LIGHT] > 100_000
    assert light[DARK] == 0
    assert dark[DARK] > 100_000
    assert dark[LIGHT] == 0
    assert light[RAN] == dark[RAN] == 0


def test_a_message_is_as_narrow_as_a_phone_where_one_is_chosen(page: Path) -> None:
    assert draw(page, width=1280, height=900)[PHONE] == 0
    assert draw(choose(page, "phone"), width=1280, height=900)[PHONE] > 50_000


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_itself_follows_the_screen_it_is_looked_at_on(page: Path, width: int) -> None:
    plain = page.with_name("plain.html")
    html = page.read_text(encoding="utf-8").replace("<iframe", "<br hidden")
    plain.write_text(html, encoding="utf-8")
    light = draw(plain, width=width, height=900)
    dark = draw(plain, width=width, height=900, dark=True)
    assert len(light) > 50
    assert len(dark) > 50
    assert find_brightness(light) > 200
    assert find_brightness(dark) < 60
