from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest

from ballyhoo import (
    Brand,
    BriefedProduct,
    DataError,
    EnvironmentMissing,
    Message,
    Offer,
    Product,
    Reason,
    Template,
)
from ballyhoo.plugins.email_channel.layout import Laid, lay_out, prepare_layout
from ballyhoo.plugins.email_channel.options import EmailOptions
from ballyhoo.testing import HOSTILE_TEXTS, make_context, sample_messages

LINK = "https://preview.invalid/unsubscribe/preview"
BRAND = Brand(name="Fernpfad", legal_address="Fernpfad GmbH\nWaldweg 3, 8010 Graz")
SHOE = Product(
    id=1,
    sku="S-1",
    titles={"en": "Trail shoe", "de": "Laufschuh"},
    prices={"EUR": Decimal("89.90")},
    list_prices={"EUR": Decimal("119.00")},
    url="https://shop.example.com/shoe?a=1&b=2",
    image_url="https://shop.example.com/shoe.jpg",
)


class Page(HTMLParser):
    """What stands in a page: tags with their attributes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [given for name, given in self.tags if name == tag]


def make_message(language: str = "en", **changes: Any) -> Message:
    fields = {"subject": "New trails", "preheader": "Look", "body": "Hello,\n\nfirst\nsecond"}
    return replace(
        sample_messages(1)[0],
        **{"language": language, "fields": fields, "products": (), **changes},
    )


def show(product: Product, kind: Any = None, of: int | None = None) -> BriefedProduct:
    reason = None if kind is None else Reason(kind=kind, product_id=of)
    return BriefedProduct(product=product, reason=reason)


def lay(
    message: Message,
    *,
    brand: Brand = BRAND,
    files: Mapping[str, str] | None = None,
    **options: Any,
) -> Laid:
    chosen = EmailOptions.model_validate({"from": "Fernpfad <news@shop.example>", **options})
    templates = {name: Template(f"{name}.html.j2", text) for name, text in (files or {}).items()}
    return lay_out(make_context(brand=brand), chosen.model_copy(update=templates), message)


def test_a_message_has_all_that_it_must_have_in_both_parts() -> None:
    offer = Offer(code="SPRING20", discount="20%", ends=date(2026, 4, 30))
    laid = lay(make_message("de", products=(show(SHOE, "popular"),), offer=offer))
    assert laid.warnings == ()
    page = Page(laid.html)
    assert page.all("html")[0]["lang"] == "de"
    assert page.all("html")[0]["dir"] == "ltr"
    assert [one for one in page.all("img") if not one.get("alt")] == []
    assert all(one.get("role") == "presentation" for one in page.all("table"))
    urls = [one["href"] for one in page.all("a")]
    for said in (
        "Laufschuh", "89,90\xa0€", "119,00\xa0€", "SPRING20", "20%", "30. April 2026", "Graz",
        "Gerade beliebt", "Fernpfad GmbH",
    ):  # fmt: skip
        assert said in page.said, said
        assert said in laid.text, said
    for url in (SHOE.url, LINK):
        assert url in urls
        assert url is not None
        assert url in laid.text


def test_text_from_data_is_escaped_and_stays_what_it_was() -> None:
    for hostile in HOSTILE_TEXTS:
        fields = {"subject": hostile, "preheader": hostile, "body": hostile}
        product = replace(SHOE, titles={"en": hostile})
        laid = lay(make_message(fields=fields, products=(show(product),)))
        plain = Page(lay(make_message(products=(show(SHOE),))).html)
        page = Page(laid.html)
        kinds = {tag for tag, _ in page.tags} - {tag for tag, _ in plain.tags}
        assert kinds <= {"p", "br"}
        assert {name for _, given in page.tags for name in given if name.startswith("on")} == set()


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://a b", 'https://a"x'],
)
def test_a_product_leads_to_the_web_and_nowhere_else(url: str) -> None:
    laid = lay(make_message(products=(show(replace(SHOE, url=url, image_url=url)),)))
    urls = [one.get("href") or one.get("src") for _, one in Page(laid.html).tags]
    assert [one for one in urls if one] == [LINK, LINK.replace("unsubscribe", "preferences")]
    assert len(laid.warnings) == 2
    assert url not in laid.text


def test_a_list_price_is_shown_only_when_it_is_higher() -> None:
    dear = lay(make_message(products=(show(replace(SHOE, list_prices={"EUR": Decimal(80)})),)))
    assert "80.00" not in Page(dear.html).said
    two = replace(SHOE, prices={"EUR": Decimal(1), "USD": Decimal(2)})
    assert "€" not in lay(make_message(products=(show(two),))).html


def test_a_reason_names_a_product_only_when_it_stands_in_the_message() -> None:
    other = replace(SHOE, id=2, titles={"en": "Sock"})
    both = lay(make_message(products=(show(SHOE), show(other, "goes_with", of=1))))
    assert "Goes well with Trail shoe" in both.html
    alone = lay(make_message(products=(show(other, "goes_with", of=1),)))
    assert "Goes well with what you have" in alone.html


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Because you bought Trail shoe"),
        ("de", "Weil Sie Trail shoe gekauft haben"),
        ("zh", "因为您购买了“Trail shoe”"),
    ],
)
def test_a_reason_names_the_product_that_led_to_it_in_her_language(
    language: str, said: str
) -> None:
    sock = show(replace(SHOE, id=2, titles={"en": "Sock"}), "bought", of=1)
    briefed = replace(sock, led_by=replace(SHOE, titles={"en": "Trail shoe"}))
    assert said in lay(make_message(language, products=(briefed,))).html


def test_a_reason_names_the_category_that_something_is_popular_in() -> None:
    reason = Reason(kind="popular", category="shoes & socks")
    laid = lay(make_message(products=(BriefedProduct(product=SHOE, reason=reason),)))
    assert "Popular in shoes &amp; socks" in laid.html


def test_styles_stand_in_the_tags_and_only_media_rules_in_the_head() -> None:
    html = lay(make_message(products=(show(SHOE),))).html
    head = html.partition("</head>")[0]
    assert "@media (prefers-color-scheme: dark)" in head
    assert ".sheet {width" not in head
    assert "var(--" not in html
    assert "background-color:#" in html.partition("<body")[2]


def test_colours_of_the_brand_are_used_and_can_be_read() -> None:
    brand = BRAND.model_copy(update={"colours": {"accent": "#ffee00", "text": "#eeeeee"}})
    laid = lay(make_message(products=(show(SHOE),)), brand=brand)
    [press] = [one for one in Page(laid.html).all("a") if one.get("class") == "press"]
    assert "color:#111111" in (press["style"] or "")
    assert "#eeeeee" not in laid.html
    assert [one for one in laid.warnings if "cannot be read" in one]
    odd = BRAND.model_copy(update={"colours": {"accent": "red", "shade": "#000000"}})
    assert len(lay(make_message(), brand=odd).warnings) == 2


def test_an_empty_legal_address_and_a_great_message_are_warned_about() -> None:
    fields = {"subject": "S", "body": "long words " * 10_000}
    warnings = lay(make_message(fields=fields), brand=Brand(name="X")).warnings
    assert [one for one in warnings if "legal_address" in one]
    assert [one for one in warnings if "Gmail" in one]


def test_a_template_changes_a_part_of_the_layout_with_its_own_styles() -> None:
    text = (
        '{% extends "layout" %}{% block header %}<tr><td class="header">{{ brand.name|upper }}'
        "</td></tr>{% endblock %}"
    )
    laid = lay(make_message(), files={"template": text})
    assert "FERNPFAD" in laid.html
    assert '<td class="header" style="padding:' in laid.html
    assert LINK in laid.text


def test_the_text_part_is_made_from_a_template_of_html() -> None:
    text = (
        "<html><head><style>p { color: var(--link) } @media print { p { color: red } }</style>"
        "<title>no</title></head><body><p>{{ subject }} &amp; more</p><ul>"
        "{% for one in paragraphs %}"
        "<li>{{ one }}</li>{% endfor %}</ul><a href='{{ unsubscribe_url }}'>Leave</a></body></html>"
    )
    laid = lay(make_message(), files={"template": text})
    assert '<p style="color:#' in laid.html
    assert "@media print" in laid.html
    assert laid.text == f"New trails & more\n\n* Hello,\n\n* first second\n\nLeave ({LINK})\n"


def test_a_template_without_the_unsubscribe_link_is_refused() -> None:
    with pytest.raises(DataError, match="has no link to unsubscribe"):
        lay(make_message(), files={"template": "<p>{{ body }}</p>"})
    with pytest.raises(DataError, match="has no link to unsubscribe"):
        lay(make_message(), files={"text_template": "{{ body }}"})


def test_mjml_is_compiled_once_with_what_jinja_fills() -> None:
    text = (
        "<mjml><mj-body><mj-section><mj-column><mj-text>{{ body }}</mj-text>"
        '<mj-button href="{{ unsubscribe_url }}">{{ words.unsubscribe }}</mj-button>'
        "</mj-column></mj-section></mj-body></mjml>"
    )
    options = EmailOptions.model_validate({"from": "a@b.example"})
    options = options.model_copy(update={"template": Template("letter.mjml.j2", text)})
    laid = prepare_layout(options, BRAND).lay_out(make_message(), LINK)
    assert "<p>Hello,</p>" in laid.html
    assert f"Unsubscribe ({LINK})" in laid.text


def test_hero_and_button_of_the_recipe_are_shown() -> None:
    hero = {"image": "https://shop.example/a.jpg", "alt": "A ridge at dawn"}
    button = {"text": "To the shop", "url": "https://shop.example/"}
    laid = lay(make_message(), hero=hero, button=button)
    assert Page(laid.html).all("img")[0]["alt"] == "A ridge at dawn"
    assert "To the shop: https://shop.example/" in laid.text
    with pytest.raises(ValueError, match="pattern"):
        lay(make_message(), button={"text": "x", "url": "javascript:alert(1)"})


TEMPLATE = '<p>{{ body }}</p><a href="{{ unsubscribe_url }}">Leave</a>'


def test_a_template_with_a_picture_without_words_or_an_old_link_is_warned_about() -> None:
    text = (
        f"{TEMPLATE}<img src='https://shop.example/a.png'>"
        '<img alt="" src="https://shop.example/b.png"><img alt="{{ campaign }}" src="cid:c">'
        '<a href="http://shop.example/{{ campaign }}">Shop</a><p>http://shop.example</p>'
        "<!-- <img src='https://shop.example/d.png'> -->"
    )
    warnings = lay(make_message(), files={"template": text}).warnings
    assert [one for one in warnings if "a picture has no alt text" in one]
    assert [one for one in warnings if "http://shop.example/ is not https" in one]
    assert len(warnings) == 2
    assert lay(make_message(), files={"template": TEMPLATE}).warnings == ()


@pytest.mark.parametrize(
    "said",
    ["javascript:alert(1)", "JaVaScript:alert(1)", " java\nscript:alert(1)", "\x01javascript:x",
     "data:text/html,x", "vbscript:x", "file:///etc/passwd", "javascript&colon;alert(1)"],
)  # fmt: skip
@pytest.mark.parametrize("place", ["href", "src", "background", "formaction"])
def test_data_does_not_become_a_link_that_does_something(said: str, place: str) -> None:
    template = {"template": f"{TEMPLATE}<a {place}='{{{{ extra }}}}'>x</a>"}
    message = make_message(fields={"subject": "s", "body": "b", "extra": said})
    if "&colon;" in said:  # of data it is escaped, and stays what it is
        assert "leads nowhere" in str(lay(message, files=template).warnings)
        return
    with pytest.raises(DataError, match="holds an address that begins with"):
        lay(message, files=template)


def test_a_scheme_that_the_template_itself_hides_is_seen() -> None:
    text = f'{TEMPLATE}<a href="javascript&colon;alert(1)">x</a>'
    with pytest.raises(DataError, match="begins with 'javascript:'"):
        lay(make_message(), files={"template": text})


def test_what_leads_to_people_and_parts_of_the_message_may_stand_in_a_link() -> None:
    links = ("mailto:help@shop.example", "tel:+4312345", "sms:+43123", "#top", "cid:logo")
    text = TEMPLATE + "".join(f'<a href="{one}">x</a>' for one in links)
    text += '<img alt="" src="data:image/png;base64,AAAA">'
    assert lay(make_message(), files={"template": text}).warnings == ()


def test_a_link_that_is_empty_is_warned_about() -> None:
    text = f'{TEMPLATE}{{% for one in products %}}<a href="{{{{ one.url }}}}">x</a>{{% endfor %}}'
    laid = lay(make_message(products=(show(replace(SHOE, url=None)),)), files={"template": text})
    assert [one for one in laid.warnings if "leads nowhere" in one]


@pytest.mark.parametrize("attribute", ["href={{ headline }}", "title = x{{ headline }}"])
def test_a_value_in_an_attribute_without_quotes_is_refused(attribute: str) -> None:
    with pytest.raises(DataError, match="an attribute without quotes"):
        lay(make_message(), files={"template": f"{TEMPLATE}<a {attribute}>x</a>"})
    quoted = f'{TEMPLATE}<p title="a={{{{ headline }}}}">1 = {{{{ headline }}}}</p>'
    assert lay(make_message(), files={"template": quoted}).warnings == ()


def test_mjml_without_its_compiler_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mrml", None)
    options = EmailOptions.model_validate({"from": "a@b.example"})
    options = options.model_copy(update={"template": Template("letter.mjml.j2", "<mjml></mjml>")})
    with pytest.raises(EnvironmentMissing, match=r"ballyhoo\[mjml\]") as caught:
        prepare_layout(options, BRAND)
    assert "letter.mjml.j2 is MJML" in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "<mjml><mj-body>",
        '<mjml><mj-body><mj-section><mj-column><mj-image src="https://a.example/x.png" '
        'what="{{ subject }}" /></mj-column></mj-section></mj-body></mjml>',
    ],
)
def test_mjml_that_is_none_or_loses_what_jinja_fills_is_refused(text: str) -> None:
    options = EmailOptions.model_validate({"from": "a@b.example"})
    options = options.model_copy(update={"template": Template("letter.mjml.j2", text)})
    with pytest.raises(DataError, match=r"letter\.mjml\.j2: "):
        prepare_layout(options, BRAND)


def test_a_warning_is_logged_once_and_not_too_many_of_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    brand = Brand(name="Fernpfad", legal_address="Graz", logo="http://shop.example/logo.png")
    for number in range(40):
        product = replace(SHOE, id=number, url=f"http://shop.example/{number}")
        lay(make_message(products=(show(product),)), brand=brand)
    told = [one.getMessage() for one in caplog.records]
    assert told[:2] == ["brand.logo is not https", "the url of product 0 is not https"]
    assert len(told) == len(set(told)) == 20
