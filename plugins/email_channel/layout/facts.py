"""What a template may name: the copy, products, offer, brand and links of one message."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from ballyhoo import Brand, BriefedProduct, Message, Reason, write_date, write_price

from ..options import EmailOptions
from .words import find_direction, find_words

_WEB = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)
_BREAK = re.compile(r"\n[ \t]*\n\s*")
NEW_LINE, BREAK = "\n", "<br>\n"
FIELDS = ("subject", "preheader", "headline", "body")


def collect_template_facts(
    message: Message,
    options: EmailOptions,
    brand: Mapping[str, Any],
    links: Mapping[str, str],
    asset: Callable[[str], str],
    answers: Callable[[Sequence[str]], Sequence[str]],
) -> tuple[dict[str, Any], list[str]]:
    """Return the facts of a message for a template of HTML, and warnings.

    Args:
        message: The message, slots filled.
        options: The recipe's `deliver` block.
        brand: What `describe_brand` returned.
        links: Her links: `unsubscribe_url` and `preferences_url`.
        asset: Answers the address of one of the brand's assets.
        answers: Answers the address of each answer to a question.

    `body` is marked-up paragraphs; everything else is text, and escaped where it is put out.
    """
    warnings: list[str] = []
    words = find_words(message.language)
    shown = [one.product for one in message.products]
    shown += [one.led_by for one in message.products if one.led_by is not None]
    names = {one.id: one.title(message.language) for one in shown}
    products = [
        _describe_product(one, message.language, words, names, warnings) for one in message.products
    ]
    fields = message.fields
    paragraphs = split_paragraphs(fields.get("body", ""))
    first_url = next((one["url"] for one in products if one["url"]), "")
    button = None
    if options.button is not None:
        button = {"text": options.button.text, "url": options.button.url}
    elif first_url:
        button = {"text": words["look"], "url": first_url}
    offer = message.offer
    why = words["why_from"].format(brand=brand["name"]) if brand["name"] else words["why"]
    if message.thread is not None:
        why = "" if message.thread.is_internal else words["asked"]
    return {
        **{name: text for name, text in fields.items() if name.isidentifier()},
        **{name: " ".join(fields.get(name, "").split()) for name in FIELDS if name != "body"},
        "body": mark_up(paragraphs),
        "paragraphs": paragraphs,
        "products": products,
        "product": products[0] if products else None,
        "offer": None
        if offer is None
        else {
            "code": offer.code or "",
            "discount": offer.discount or "",
            "ends": "" if offer.ends is None else write_date(offer.ends, message.language),
        },
        "hero": None if options.hero is None else options.hero.model_dump(),
        "button": button,
        "brand": brand,
        "campaign": message.campaign,
        "language": message.language,
        "direction": find_direction(message.language),
        "words": words,
        "why": why,
        "is_answer": message.thread is not None,
        "judged": _ask_whether_it_helped(message, words, answers),
        **links,
        "asset": asset,
        "satisfaction": lambda *labels: [
            {"label": label, "url": url} for label, url in zip(labels, answers(labels), strict=True)
        ],
    }, warnings


def _ask_whether_it_helped(
    message: Message, words: Mapping[str, str], answers: Callable[[Sequence[str]], Sequence[str]]
) -> list[dict[str, str]]:
    """Return the two answers to whether a reply helped, the good one first; else nothing."""
    if message.thread is None or not message.thread.asks:
        return []
    labels = (words["no"], words["yes"])
    pairs = zip(labels, answers(labels), strict=True)
    return [{"label": label, "url": url} for label, url in pairs if url][::-1]


def describe_brand(brand: Brand, colours: Mapping[str, str]) -> dict[str, Any]:
    """Return what a template may name of the brand."""
    lines = [line.strip() for line in brand.legal_address.splitlines() if line.strip()]
    return {
        "name": brand.name,
        "logo": take_web_address(brand.logo),
        "legal_address": lines,
        "colours": dict(colours),
    }


def take_web_address(url: str | None) -> str:
    """Return an address of the web as it is, and nothing for any other: data may say anything."""
    return url if url and _WEB.fullmatch(url) else ""


def split_paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, which empty lines part."""
    return [part.strip() for part in _BREAK.split(text.replace("\r\n", "\n")) if part.strip()]


def mark_up(paragraphs: Sequence[str]) -> Markup:
    """Return paragraphs as HTML; a line break in one stays a line break."""
    return Markup(
        "\n".join(f"<p>{str(escape(one)).replace(NEW_LINE, BREAK)}</p>" for one in paragraphs)
    )


def _describe_product(
    briefed: BriefedProduct,
    language: str,
    words: Mapping[str, str],
    names: Mapping[int, str],
    warnings: list[str],
) -> dict[str, str]:
    product = briefed.product
    url, image = take_web_address(product.url), take_web_address(product.image_url)
    for what, given, taken in (("url", product.url, url), ("image", product.image_url, image)):
        if given and not taken:
            warnings.append(f"the {what} of product {product.id} is no web address: left out")
        elif taken.startswith("http:"):
            warnings.append(f"the {what} of product {product.id} is not https")
    price = list_price = ""
    if len(product.prices) == 1:  # of several nobody can say here which is hers
        currency, amount = next(iter(product.prices.items()))
        price = write_price(amount, currency, language)
        before = product.list_prices.get(currency)
        if before is not None and before > amount:
            list_price = write_price(before, currency, language)
    return {
        "name": product.title(language),
        "brand": product.brand or "",
        "category": product.category[-1] if product.category else "",
        "price": price,
        "list_price": list_price,
        "image": image,
        "url": url,
        "reason": word_reason(briefed.reason, words, names),
    }


def word_reason(reason: Reason | None, words: Mapping[str, str], names: Mapping[int, str]) -> str:
    """Return why something was recommended, as a customer may read it; "" without a reason.

    The category that something is popular in is named, and another product where the message
    holds its title: that is a fact of then, and a later attempt must say the same.
    """
    if reason is None:
        return ""
    named = words.get(f"{reason.kind}_named")
    name = reason.category if reason.product_id is None else names.get(reason.product_id)
    return named.format(name=name) if named and name else words[reason.kind]
