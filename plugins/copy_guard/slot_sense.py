"""The rule of slots: a fact must be said as what it is, of the product that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, Passage, refuse
from .facts import is_reduced
from .reading import MARK, Reading
from .words import compile_pattern

_END = re.compile(r"[.!?。！？\n]")
_AROUND = 28
MOST_NEAR = 6
"""So many slots before and after a price are looked at for a name."""

_PRICE = re.compile(r"(?:product(?:\.(\d))?\.)?(list_price|price)")
_NAME = re.compile(r"product(?:\.(\d))?\.name")

_AS_OLD = (
    r"(?:was|were|instead of|rather than|usually|normally|formerly|before|list price|rrp|"
    r"regular(?:ly)?|originally|"
    r"statt|anstatt|vorher|bisher|sonst|fruher|frueher|uvp|listenpreis|normalerweise|原价|原来|"
    r"平时|市场价|吊牌价)"
    r"[^\w.!?。！？\n\ufffc]{0,3}(?:for |fur |of |at |only |nur |von )?$"
)
_AS_NOW = (
    r"(?:(?:now )?costs?(?: now)?|kostet(?: jetzt)?|now|just|only|today|currently|reduced to|"
    r"down to|yours for|get it for|jetzt|nur noch|nur|heute|aktuell|"
    r"reduziert auf|gesenkt auf|现价|现在|仅|只需|只要|仅需|到手价|特价|"
    r"降至)[^\w.!?。！？\n\ufffc]{0,3}(?:for |fur |at |um )?$"
)
_AS_SAVING_BEFORE = (
    r"(?:save|saves|saving|you save|spar|spare|sparst|sparen sie|ersparnis|discount of|rabatt von|"
    r"minus|"
    r"省|立省|立减|直降|优惠|减|减免|便宜)[^\w.!?。！？\n\ufffc]{0,3}(?:you |dir |up to |bis zu |"
    r"of |"
    r"von |jetzt )?$"
)
_AS_SAVING_AFTER = (
    r"^[^\w.!?。！？\n\ufffc]{0,3}(?:off|discount|less|cheaper|saved|savings?|rabatt|nachlass|"
    r"weniger|"
    r"gunstiger|guenstiger|billiger|"
    r"gespart|geschenkt|优惠|折扣|折|便宜|减免)(?![a-z])"
)
_AS_PRICE_BEFORE = (
    r"(?:for only|for just|only|costs?|costs? only|costs? just|priced at|price of|at a price of|"
    r"yours for|buy it for|kostet|kostet nur|"
    r"fur nur|fuer nur|zum preis von|preis|售价|仅售|只需|仅需|价格|"
    r"只要)[^\w.!?。！？\n\ufffc]{0,3}$"
)
_PER = (
    r"^[^\w.!?。！？\n\ufffc]{0,3}(?:per|a|each|every|pro|im|je|jeden|monthly|monatlich|weekly|每|"
    r"一)[^\w.!?。！？\n\ufffc]{0,2}"
    r"(?:day|week|month|year|person|metre|meter|gram|kilo|piece|pair|tag|woche|monat|jahr|stuck|"
    r"meter|paar|天|周|月|年|件|个|双)(?![a-z])|"
    r"^[^\w.!?。！？\n\ufffc]{0,3}(?:monthly|monatlich|weekly|wochentlich|/ ?(?:month|monat|week|"
    r"day|月|"
    r"天))"
)
_PER_BEFORE = (
    r"(?:monthly|per month|a month|weekly|per week|yearly|monatlich|pro monat|im monat|pro woche|"
    r"jahrlich|"
    r"每个?月|每天|每日|每周|每年|月付|月供)[^\w.!?。！？\n\ufffc]{0,3}(?:only |just |nur |for |"
    r"fur |仅|"
    r"只要|只需)?$"
)
_MORE_THAN = (
    r"(?:more than|over|at least|an extra|another|mehr als|uber|ueber|mindestens|extra|weitere|"
    r"noch einmal|"
    r"超过|至少|额外|再|不止)[^\w.!?。！？\n\ufffc]{0,3}$"
)
_AS_BEGIN = (
    r"(?:starts?|starting|begins?|beginning|from|since|as of|ab|seit|beginnt|startet|von|从|自|"
    r"开始于)[^\w.!?。！？\n\ufffc]{0,3}"
    r"(?:on |am |dem |at )?$"
)


def find_slot_lies(case: Case) -> Iterator[Objection]:
    """Object to prices said as savings, of other products, per month, and to ends as beginnings."""
    for passage in case.passages:
        reading = passage.reading
        for number, (at, name) in enumerate(reading.slots):
            said = _judge_slot(case, reading, at, name)
            if said is None:
                said = _judge_pairing(reading, number)
            if said is not None:
                yield _object(passage, reading, at, said)


def _object(passage: Passage, reading: Reading, at: int, said: str) -> Objection:
    start, end = at, at + 1
    while start > 0 and at - start < _AROUND and not _END.match(reading.bare[start - 1]):
        start -= 1
    while end < len(reading.bare) and end - at < _AROUND and not _END.match(reading.bare[end]):
        end += 1
    return refuse("slot_sense", passage, reading, (start, end), said)


def _judge_slot(case: Case, reading: Reading, at: int, name: str) -> str | None:
    before = reading.bare[max(0, at - _AROUND) : at]
    after = reading.bare[at + 1 : at + 1 + _AROUND]
    if reading.bare[at + 1 : at + 2] == MARK:
        return "slots side by side read as one number"
    price = _PRICE.fullmatch(name)
    if price is not None:
        if _has(_AS_SAVING_BEFORE, before) or _has(_AS_SAVING_AFTER, after):
            return "a price said as what is saved"
        if _has(_PER, after) or _has(_PER_BEFORE, before):
            return "a price said as one for a time or a part"
        if _has(_MORE_THAN, before):
            return "a price with a word that makes another amount of it"
        if price[2] == "price" and _has(_AS_OLD, before):
            return "the price said as the one before"
        if price[2] == "list_price":
            return _judge_list_price(case, price[1], before)
    if name == "offer.discount":
        if _has(_AS_PRICE_BEFORE, before) and not _has(_AS_SAVING_AFTER, after):
            return "a discount said as a price"
        if _has(_AS_OLD, before):
            return "a discount said as the price before"
        if _has(_MORE_THAN, before):
            return "a discount with a word that makes another amount of it"
    if name == "offer.ends" and _has(_AS_BEGIN, before):
        return "the end of the offer said as its beginning"
    return None


def _judge_list_price(case: Case, number: str | None, before: str) -> str | None:
    if _has(_AS_NOW, before):
        return "the list price said as the price of now"
    place = int(number or 1) - 1
    products = case.brief.products
    if place < len(products) and not is_reduced(products[place].product):
        return "the list price of a product that is not reduced"
    return None


def _judge_pairing(reading: Reading, number: int) -> str | None:
    """Return what is wrong when a price stands by the name of another product."""
    at, name = reading.slots[number]
    price = _PRICE.fullmatch(name)
    if price is None:
        return None
    own = price[1] or "1"
    said = "the price of one product beside the name of another"
    for neighbour, other in reversed(reading.slots[max(0, number - MOST_NEAR) : number]):
        if _END.search(reading.bare, neighbour, at):
            break
        named = _NAME.fullmatch(other)
        if named is not None:
            return said if (named[1] or "1") != own else None
        beside = _PRICE.fullmatch(other)
        if beside is not None and (beside[1] or "1") != own and beside[2] != price[2]:
            return "the prices of two products compared as if of one"
    for neighbour, other in reading.slots[number + 1 : number + 1 + MOST_NEAR]:
        if _END.search(reading.bare, at, neighbour):
            break
        named = _NAME.fullmatch(other)
        if named is not None:
            return said if (named[1] or "1") != own else None
    return None


def _has(pattern: str, text: str) -> bool:
    return compile_pattern(pattern).search(text) is not None
