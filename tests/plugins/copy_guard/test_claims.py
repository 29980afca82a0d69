"""What a copy may claim: features, promises, scarcity, superlatives, and what allows it."""

from __future__ import annotations

from datetime import date

import pytest

from ballyhoo import Offer, Product

from .shop import DISCOUNT, OTHER, REDUCED, SHOE, SOCK, TODAY, rules


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It is waterproof"), ("de", "Er ist wasserdicht"), ("de", "wasserdichte Sohle"),
        ("zh", "防水鞋面"), ("en", "It is vegan"), ("en", "of cotton"), ("de", "aus Baumwolle"),
    ],
)  # fmt: skip
def test_feature_needs_the_fact_in_whatever_language(language, text):
    assert "features" in rules(text, language, SOCK)
    assert "features" not in rules(text, language, SHOE)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "made of merino"), ("en", "real leather"), ("en", "GOTS certified"),
        ("en", "ovenproof"),
        ("de", "aus Merinowolle"), ("de", "echtes Leder"), ("de", "bügelfrei"), ("de", "Bio-Hanf"),
        ("zh", "羊毛内里"), ("zh", "真皮"), ("zh", "有机棉"), ("zh", "可机洗"),
    ],
)  # fmt: skip
def test_feature_that_the_product_lacks_is_refused(language, text):
    assert "features" in rules(text, language, SHOE)


def test_word_of_another_product_in_the_catalogue_is_refused():
    assert "features" in rules("lined with yak hair", "en", SHOE)
    assert "features" not in rules("lined with yak hair", "en", OTHER)
    assert "features" in rules("it is glacier-tested", "en", SHOE)


def test_word_of_every_day_is_no_feature_though_it_is_a_tag():
    assert rules("Spring is near, and so is the moss.", "en", SHOE) == set()


@pytest.mark.parametrize("text", ["Every cloud has a silver lining.", "Smooth as silk, that path."])
def test_figure_of_speech_is_no_feature(text):
    assert "features" not in rules(text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a free gift"), ("en", "it is free"), ("en", "money back"), ("en", "lifetime"),
        ("en", "next-day delivery"), ("de", "gratis dazu"), ("de", "kostenlos"),
        ("de", "risikofrei"),
        ("zh", "免费"), ("zh", "退款"), ("zh", "次日达"), ("en", "guaranteed"),
        ("de", "garantiert"),
    ],
)  # fmt: skip
def test_promise_needs_the_fact(language, text):
    assert "promises" in rules(text, language, SOCK)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "with a guarantee"), ("de", "mit Garantie"), ("zh", "有质保"), ("en", "free shipping"),
     ("de", "versandkostenfrei"), ("zh", "包邮"), ("en", "in stock")],
)  # fmt: skip
def test_promise_that_is_a_fact_passes(language, text):
    assert "promises" not in rules(text, language, SHOE)


def test_free_shipping_is_no_free_gift():
    assert "promises" in rules("with a free gift", "en", SHOE)


@pytest.mark.parametrize(
    "text",
    ["Feel free to look.", "A free afternoon.", "Hands-free.", "Free from worry.", "Sugar-free?"],
)
def test_free_in_another_sense_is_no_promise(text):
    assert "promises" not in rules(text)


def test_stock_that_is_not_there_is_not_promised():
    gone = Product(id=8, sku="G", titles={"en": "Gone"}, stock=0)
    assert "promises" in rules("It is in stock.", "en", gone)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "last chance"), ("en", "Hurry up"), ("de", "letzte Chance"), ("zh", "限時优惠")],
)
def test_pressure_of_time_needs_an_offer_that_ends_soon(language, text):
    late = Offer(code="X", ends=date(2026, 6, 1))
    assert "scarcity" in rules(text, language, SHOE)
    assert "scarcity" in rules(text, language, SHOE, offer=late)
    assert "scarcity" not in rules(text, language, SHOE, offer=DISCOUNT)


def test_today_only_needs_an_offer_that_ends_today():
    assert "scarcity" in rules("Today only", "en", SHOE, offer=DISCOUNT)
    assert "scarcity" not in rules("Today only", "en", SHOE, offer=Offer(code="X", ends=TODAY))
    assert "scarcity" in rules("Hurry up", "en", SHOE, offer=Offer(code="X", ends=date(2026, 3, 1)))


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "only a few left"), ("de", "fast ausverkauft"), ("zh", "库存不多")],
)
def test_pressure_of_stock_needs_low_stock(language, text):
    assert "scarcity" in rules(text, language, SHOE)
    assert "scarcity" not in rules(text, language, SOCK)
    assert "scarcity" in rules(text, language, SOCK, low_stock=2)


def test_limited_edition_needs_the_fact():
    limited = Product(id=8, sku="L", titles={"en": "Lodestar, limited edition"})
    assert "scarcity" in rules("a limited edition", "en", SHOE)
    assert "scarcity" not in rules("eine limitierte Auflage", "de", limited)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "it cures cold feet"), ("en", "climate-neutral"), ("en", "award-winning"),
        ("en", "clinically proven"), ("en", "customers love it"), ("de", "lindert Schmerzen"),
        ("de", "nachhaltig"), ("de", "Testsieger"), ("zh", "环保"), ("zh", "治疗"), ("zh", "畅销"),
    ],
)  # fmt: skip
def test_claim_needs_the_fact_or_an_allowance(language, text):
    assert "claims" in rules(text, language, SHOE)
    assert "claims" not in rules(text, language, SHOE, allowed_claims=[text])


def test_allowed_claim_holds_in_every_language():
    allowed = {"allowed_claims": ["climate neutral"]}
    assert "claims" not in rules("klimaneutral verschickt", "de", SHOE, **allowed)
    assert "claims" in rules("umweltfreundlich", "de", SHOE, **allowed)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "the best shoe"), ("en", "The PERFECT shoe"), ("en", "second to none"),
        ("de", "der beste Schuh"), ("de", "einzigartig"), ("zh", "最好的鞋"), ("zh", "完美"),
    ],
)  # fmt: skip
def test_superlative_is_refused_whatever_the_product_says(language, text):
    boaster = Product(id=8, sku="B", titles={"en": "The best"}, descriptions={"en": text})
    assert "superlatives" in rules(text, language, boaster)
    assert "superlatives" not in rules(text, language, boaster, allowed_claims=[text])


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Best wishes from the barn"), ("en", "bestseller shelf"), ("en", "at its best"),
     ("de", "Beste Grüße"), ("zh", "最近好吗")],
)  # fmt: skip
def test_courtesy_is_no_superlative(language, text):
    assert "superlatives" not in rules(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "{product.2.price} for {product.name}", "{product.name} now {product.2.price}",
        "save {price}", "{price} off", "spar {price}", "省{price}", "now only {list_price}",
        "usually {price}", "statt {price}", "原价{price}", "{price} per month", "{price} im Monat",
        "each month {price} a week", "more than {offer.discount}", "for only {offer.discount}",
        "starts on {offer.ends}", "ab {offer.ends}", "{price}{price}",
        "was {product.2.list_price}, now {price}",
    ],
)  # fmt: skip
def test_slot_that_says_something_else_than_it_is_is_refused(text):
    assert "slot_sense" in rules(text, "en", REDUCED, REDUCED, offer=DISCOUNT)


@pytest.mark.parametrize(
    "text",
    [
        "{product.name} is {price}, {product.2.name} is {product.2.price}.",
        "was {list_price}, now {price}", "statt {list_price} nur {price}", "{offer.discount} off",
        "save {offer.discount}", "until {offer.ends}", "Look at {product.2.name}. It is {price}.",
        "原价{list_price},现价{price}",
    ],
)  # fmt: skip
def test_slot_that_says_what_it_is_passes(text):
    assert "slot_sense" not in rules(text, "en", REDUCED, REDUCED, offer=DISCOUNT)


def test_list_price_of_a_product_that_is_not_reduced_is_a_lie():
    assert "slot_sense" in rules("instead of {list_price}", "en", SHOE)
