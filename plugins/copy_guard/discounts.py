"""The rule of discounts: who says that something costs less needs an offer, or a reduced price."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .words import compile_pattern, compile_words

SIGNS = """
    off, discount*, sale, *rabatt*, prozente, reduced, reduziert*, spar, spare, sparen, sparst,
    save, saves, savings, cheaper, *nachlass, gunstiger, 折, 优惠, 特价, 减, 降价, 省
"""
"""Beside one of them a number is never a mere fact of a product."""

REDUCTIONS = """
    discount*, sale, sales, sale price*, salesprice*, reduced, price cut*, price drop*, drop in price,
    lower price*, low price*, lowest price*, bargain*, deal, deals, clearance, markdown*, rebate*,
    cashback, cash back, promo, promos, bogo, money off, save big, save now, save money, save more, save up to,
    save on, savings, you save, cheap, cheaper, cheapest, on special, special price*, costs less, price less,
    pay less, less than usual, knocked off, slashed, steal, final reduction*, markdowns, half price,
    *rabatt*, reduziert*, herabgesetzt*, *ausverkauf*, rausverkauf, preissturz*, preissenkung*,
    preisnachlass*, nachlass, *schnappchen*, *aktionspreis*, *sonderpreis*, *sonderangebot*, tiefpreis*,
    *sparpreis*, preisvorteil*, preisgesenkt*, gesenkt*, ersparnis*, sparen, sparst, gespart,
    jetzt spar*, spar jetzt, spare jetzt, gunstiger*, gunstigste*, billig*, prozente, weniger zahlen,
    zahlst weniger, halber preis, halben preis, preisknaller, *schlussverkauf*, kaufpreisminderung,
    打折, 折扣, 折上折, 特价, 特惠, 减价, 降价, 直降, 立减, 满减, 半价, 促销, 大促, 甩卖, 清仓, 返现, 立省,
    省钱, 更便宜, 便宜, 低价, 底价, 让利, 惠价, 买一送一, 骨折价, 对折, 划算, 秒杀价, 跳楼价
"""
OFFERS = """
    offer, offers, special offer*, voucher*, coupon*, promotion, promotions, promo code*,
    discount code*, angebot, angebote, angebotspreis, *gutschein*, gutscheincode*, rabattcode*,
    *aktionscode*, 优惠, 优惠券, 优惠码, 折扣码, 红包, 领券, 代金券
"""
_OFF = (
    r"\ufffc ?off(?![a-z])|(?<![a-z])(?:%|percent|half|money|extra|further|more|price) off(?![a-z])|"
    r"(?<![a-z])off (?:everything|all|selected|your (?:next |first )?(?:order|purchase|basket)|the (?:list |usual |full )?price)|"
    r"(?<![a-z])save ?\ufffc|(?<![a-z])spare? (?:dir |dir jetzt |jetzt )?\ufffc|省\ufffc|减\ufffc|\ufffc ?(?:weniger|guenstiger|gunstiger|less)(?![a-z])"
)
_INNOCENT = (
    r"for sale|big deal|deal with|deals with|real deal|an? great deal of|a good deal of|steal (?:the|a|away|your|hearts)|"
    r"to offer|has to offer|have to offer|can offer|we offer|reduced (?:weight|noise|impact)|"
    r"(?:gesenkt\w*|senkt\w*) (?:kopf|blick)|mit gesenktem|"
    r"offers? (?:you |a |an |plenty|room|space|shelter|support|grip|warmth|comfort)|die sich sparen|"
    r"kein angebot an|sparsam|\w{0,20}ausverkauft\w{0,2}"
)


def find_discounts(case: Case) -> Iterator[Objection]:
    """Object to words of reduction without a discount, and to words of an offer without one."""
    offer = case.brief.offer
    innocent = compile_pattern(_INNOCENT)
    if not (case.facts.has_reduced_price or (offer and offer.discount)):
        said = "there is neither a discount nor a reduced price"
        for pattern in (compile_words(REDUCTIONS), compile_pattern(_OFF)):
            for passage, reading, found in case.search(pattern, innocent):
                yield refuse("discounts", passage, reading, found.span(), said)
    if offer is None and not case.facts.has_reduced_price:
        for passage, reading, found in case.search(compile_words(OFFERS), innocent):
            yield refuse("discounts", passage, reading, found.span(), "there is no offer")
