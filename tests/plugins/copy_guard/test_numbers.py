"""Numbers, prices, reductions and dates: what is one, what only looks so, what is a fact."""

from __future__ import annotations

from datetime import date

import pytest

from ballyhoo import Offer

from .shop import DISCOUNT, REDUCED, SHOE, SOCK, judge, make_brief, rules


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "now 20 of them"), ("en", "now ٢٠ of them"), ("hi", "अब २० कम"), ("en", "now ２０"),
        ("en", "now 𝟐𝟎"), ("en", "number ②"), ("en", "it is ½"), ("en", "a few ‰"), ("en", "x²"),
        ("en", "chapter Ⅳ"), ("en", "the Marten IV"), ("en", "twenty-five"), ("en", "a dozen"),
        ("en", "half of it"), ("en", "two for one"), ("en", "buy one get one"), ("en", "ninefold"),
        ("en", "a third"), ("en", "twice as warm"), ("en", "hundreds"), ("en", "per cent"),
        ("en", "one hundred"), ("en", "\U0001f51f of them"), ("en", "zero"), ("en", "a hundredth"),
        ("de", "zwanzig Prozent"), ("de", "fünfundzwanzig"), ("de", "fuenfzig"),
        ("de", "dreilagig"),
        ("de", "zum halben Preis"), ("de", "ein Drittel"), ("de", "die Hälfte"), ("de", "doppelt"),
        ("de", "zweihundertfünfzig"), ("de", "Nummer eins"), ("de", "ein Dutzend"), ("de", "null"),
        ("de", "Tausende"), ("de", "dreifach"), ("de", "sechsfädig"), ("de", "Zweieinhalb Kilo"),
        ("zh", "八折"), ("zh", "百分之二十"), ("zh", "两件"), ("zh", "半价"), ("zh", "买一送一"),
        ("zh", "三十五"), ("zh", "叁仟"), ("zh", "一元"), ("zh", "翻倍"), ("zh", "第一"),
        ("zh", "萬人"),
    ],
)  # fmt: skip
def test_number_of_any_form_is_refused(language, text):
    assert "numbers" in rules(text, language)
    assert "numbers" not in rules(text, language, numbers="allow")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "This one is yours, and no one else's."), ("en", "Once a friend, always a friend."),
        ("en", "Half the fun is the way."), ("en", "A second skin."), ("en", "On all fours."),
        ("en", "Often, a tent is home."), ("en", "The weight of freight."),
        ("en", "At first light."),
        ("de", "Ein Weg, eine Tür, einfach schön."), ("de", "Gib acht auf dich."),
        ("de", "Zu zweit."),
        ("de", "Ohne Zweifel."), ("de", "Innerhalb und außerhalb, deshalb."),
        ("de", "Ein paar Wege."),
        ("de", "Achtung, Elfen."), ("de", "Am zweiten Hügel."), ("de", "In vielen Vierteln."),
        ("zh", "一起出发,一款好鞋,一路一定一样。"), ("zh", "十分百搭,四季皆宜。"),
        ("zh", "千万别错过风景。"),
        ("zh", "第一次见面。"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_number_passes(language, text):
    assert "numbers" not in rules(text, language)


def test_number_of_the_products_own_text_may_be_said():
    assert rules("The Tarn 2 has three lugs and weighs 280 g.", "en", SHOE) == set()
    assert rules("The lining is 100% cotton.", "en", SHOE) == set()
    assert rules("Das Modell Tarn 2, mit zwei Jahren Garantie.", "de", SHOE) == set()


@pytest.mark.parametrize(
    "text",
    ["only 2 left", "280 of them", "three for you", "100% of it", "2 for 1", "Tarn 3", "89 it is"],
)
def test_number_of_the_products_text_in_another_place_is_refused(text):
    assert "numbers" in rules(text, "en", SHOE)


def test_number_of_the_products_text_is_no_reduction():
    assert "numbers" in rules("take 280 g off", "en", SHOE, offer=DISCOUNT)
    assert "numbers" in rules("three lugs, {price} 280", "en", SHOE)


def test_number_of_another_product_is_no_fact():
    assert "numbers" in rules("The Tarn 2.", "en", SOCK)


def test_number_of_an_allowed_claim_passes():
    claims = {"allowed_claims": ["over 20 years of walking"]}
    assert rules("With over 20 years of walking behind us.", **claims) == set()
    assert "numbers" in rules("With over 20 years of running behind us.", **claims)


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "paid in €"), ("en", "a few bucks"), ("en", "dollars"), ("en", "under a ₤"),
     ("de", "ein Euro"), ("de", "Franken"), ("zh", "几块钱"), ("zh", "人民币"), ("zh", "￥")],
)  # fmt: skip
def test_currency_outside_of_a_slot_is_refused(language, text):
    assert "prices" in rules(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "It is on sale now"), ("en", "at a discount"), ("en", "such a bargain"),
        ("en", "{price} less"), ("en", "It is reduced"), ("en", "money off"), ("en", "save big"),
        ("de", "mit Frühlingsrabatt"), ("de", "reduziert"), ("de", "ein Schnäppchen"),
        ("de", "im Ausverkauf"), ("de", "günstiger"), ("zh", "打折"), ("zh", "特價"),
        ("zh", "清仓"),
    ],
)  # fmt: skip
def test_word_of_a_reduction_needs_one(language, text):
    assert "discounts" in rules(text, language, SHOE)
    assert "discounts" not in rules(text, language, REDUCED)
    assert "discounts" not in rules(text, language, SHOE, offer=DISCOUNT)


def test_word_of_an_offer_needs_one():
    assert "discounts" in rules("Here is our offer", "en", SHOE)
    assert "discounts" not in rules("Here is our offer", "en", SHOE, offer=Offer(code="HI"))
    assert "discounts" in rules("Here is a discount", "en", SHOE, offer=Offer(code="HI"))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Off we go, off the beaten path."), ("en", "Take the day off."),
        ("en", "No big deal."),
        ("en", "What the hills have to offer."), ("de", "Mit gesenktem Kopf."),
        ("en", "Save the date."),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_reduction_passes(language, text):
    assert "discounts" not in rules(text, language, SHOE)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "until Sunday"), ("en", "by tomorrow"), ("en", "in October"), ("en", "in May"),
        ("en", "the first of March"), ("en", "next week"), ("en", "until midnight"),
        ("en", "before Christmas"), ("en", "on Black Friday"), ("en", "till Tues."),
        ("de", "bis Sonntag"), ("de", "ab morgen"), ("de", "im Oktober"),
        ("de", "bis zum ersten Mai"),
        ("de", "nächste Woche"), ("de", "übermorgen"), ("de", "endet Ostermontag"),
        ("zh", "周日"), ("zh", "明天"), ("zh", "截至五月"), ("zh", "月底"), ("zh", "下周"),
        ("zh", "双十一"),
    ],
)  # fmt: skip
def test_date_is_refused(language, text):
    assert "dates" in rules(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You may march on."), ("en", "A slow Sunday morning."), ("en", "An august view."),
        ("en", "Take the long way home tonight."), ("de", "Guten Morgen."),
        ("de", "Am Wochenende raus."),
        ("de", "Sonntags schlafen wir."), ("zh", "周末去走走。"), ("zh", "今天天气好。"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_date_passes(language, text):
    assert "dates" not in rules(text, language)


def test_month_of_a_title_may_be_said_but_not_as_a_date():
    october = REDUCED.__class__(id=9, sku="O", titles={"en": "October coffee"})
    assert rules("Our October coffee.", "en", october) == set()
    assert "dates" in rules("Only in October.", "en", october)


def test_occasion_of_the_recipe_may_be_said():
    brief = make_brief("en", occasion="Black Friday")
    assert judge(brief, body="Come by on Black Friday.") == []


def test_end_of_the_offer_comes_through_a_slot():
    offer = Offer(ends=date(2026, 3, 9))
    assert rules("Until {offer.ends}.", "en", SHOE, offer=offer) == set()
    assert "dates" in rules("Until Monday.", "en", SHOE, offer=offer)
