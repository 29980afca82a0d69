"""Answers from the catalogue: what a product costs, whether there is some, what to buy."""

from __future__ import annotations

from collections.abc import Sequence

from ballyhoo import Customer, Product, Reply

from .case import Case, plain
from .options import SUGGESTION_INTENTS
from .topics import asks_for_record, asks_for_suggestion, fold

MOST_ATTRIBUTES = 3
MOST_SUGGESTED = 3
SURE = 0.5


def tell_product(case: Case) -> Reply | None:
    """Return what the record of a product says that the question names; None without one."""
    named = case.catalogue.find(case.enquiry.text)
    fits = bool(case.found) and case.found[0].hit.fit >= case.options.confidence
    if not named or (fits and not asks_for_record(case.enquiry.text)):
        return None
    ids = [one.product_id for one in named]
    products = [one for one in case.context.store.products(ids) if one is not None]
    if not products:
        return None
    paragraphs = [
        "\n".join(_describe(case, product, number))
        for number, product in enumerate(products, start=1)
    ]
    return case.reply(
        "\n\n".join(paragraphs),
        intent="product_question",
        confidence=named[0].share,
        products=tuple(one.id for one in products),
    )


def suggest(case: Case) -> Reply | None:
    """Return what the recipe's recommender would show her; None when nobody asks for that."""
    understood = case.understood
    by_intent = (
        understood.intent in (*SUGGESTION_INTENTS, *case.options.suggestions)
        and understood.confidence >= SURE
    )
    if case.context.recommend is None or not (by_intent or asks_for_suggestion(case.enquiry.text)):
        return None
    customer = _find_customer(case)
    chosen = case.context.recommend([customer])[0][:MOST_SUGGESTED]
    found = case.context.store.products([one.product_id for one in chosen])
    products = [one for one in found if one is not None]
    if not products:
        return None
    is_for_all = all(one.is_fallback for one in chosen)
    lines = [case.say("suggestion_popular" if is_for_all else "suggestion")]
    for number, product in enumerate(products, start=1):
        price = f", {{product.{number}.price}}" if len(product.prices) == 1 else ""
        link = f" {plain(product.url)}" if product.url else ""
        lines.append(f"- {{product.{number}.name}}{price}{link}")
    return case.reply(
        "\n".join(lines),
        intent="recommendation",
        confidence=0.9,
        products=tuple(one.id for one in products),
    )


def _find_customer(case: Case) -> Customer:
    """Return who asks; of a stranger only her language is known."""
    known = case.enquiry.customer_id
    found = None if known is None else case.context.store.customers([known])[0]
    return found or Customer(id=0, language=case.language)


def _describe(case: Case, product: Product, number: int) -> list[str]:
    lines = []
    is_priced = len(product.prices) == 1
    first = case.say("product" if is_priced else "product_unpriced")
    if is_priced:
        (currency, price), before = next(iter(product.prices.items())), product.list_prices
        if len(before) == 1 and before.get(currency, price) > price:
            first = f"{first} {case.say('product_reduced')}"
    if product.stock is not None:
        first = f"{first} {case.say('in_stock' if product.stock > 0 else 'sold_out')}"
    lines.append(first.replace("{product.", f"{{product.{number}."))
    lines += [
        f"- {case.say('attribute').format(name=plain(name), value=plain(value))}"
        for name, value in _choose_attributes(case, product)
    ]
    if product.url:
        lines.append(case.say("product_link").format(url=plain(product.url)))
    return lines


def _choose_attributes(case: Case, product: Product) -> Sequence[tuple[str, str]]:
    """Return the attributes that the question names, else the first ones."""
    asked = fold(case.enquiry.text).casefold()
    pairs = [(name, str(value)) for name, value in product.attributes.items()]
    named = [pair for pair in pairs if pair[0].replace("_", " ").casefold() in asked]
    return (named or pairs)[:MOST_ATTRIBUTES]
