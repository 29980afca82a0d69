"""The rule of dates: when something begins or ends is the offer's, and comes through a slot."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .facts import split_tokens
from .words import compile_pattern, compile_words

_WEEKDAYS = (
    "(?:mon|tues|wednes|thurs|fri|satur|sun)days?|montags?|dienstags?|mittwochs?|donnerstags?|"
    "freitags?|samstags?|sonnabends?|sonntags?"
)
_MONTHS = (
    "january|february|april|june|july|september|october|november|december|januar|janner|februar|"
    "marz|maerz|juni|juli|oktober|dezember|jan|feb|sept|okt|nov|dez"
)
_DOUBTFUL_MONTHS = "march|may|august|mai|mar|apr|jun|jul|aug|sep|oct|dec"
_RELATIVE = (
    "tomorrow|tonight|midnight|mitternacht|overmorrow|ubermorgen|uebermorgen|"
    "(?:this|next|coming) (?:week|weekend|month|year|season)|the end of the (?:day|week|month|year)|"
    "(?:diese|nachste|naechste|kommende)[nrs]? (?:woche|wochenende|monat|jahr|saison)|"
    "(?:wochen|monats|jahres)ende|ende (?:der woche|des monats|des jahres)|heute abend|heute nacht"
)
_LIMITS = (
    "until|till|til|by|before|ends?|ending|expires?|through|valid|starts?|starting|since|from|on|"
    "every|last|bis|vor|ab|endet|am|seit|zum|noch bis|spatestens|nur bis|gilt"
)
_ENDS_IN_WORDS = (
    "(?:until|till|by|before|from|bis|ab|nur bis|bis zum|vor) (?:the )?(?:morgen|christmas|easter|"
    "new year|weekend|holidays|ostern|weihnachten|silvester|neujahr|pfingsten|wochenende|ferien)"
)
DATES = (
    rf"(?<![a-z])(?:{_LIMITS}) (?:to |the |this |next |dem |den |zum )?(?:{_WEEKDAYS})(?![a-z])|"
    rf"(?<![a-z])(?:{_WEEKDAYS})(?: (?:only|abend|night))|"
    rf"(?<![a-z])(?:{_MONTHS})(?![a-z])|"
    rf"(?<![a-z])(?:{_LIMITS}|in|im|mid|early|late|anfang|mitte|ende|\ufffc|of) "
    rf"(?:{_DOUBTFUL_MONTHS})(?![a-z])|(?<![a-z])(?:{_RELATIVE})(?![a-z])|"
    rf"(?<![a-z])(?:{_ENDS_IN_WORDS})(?![a-z])|"
    "(?:星期|礼拜|周)[一二三四五六日天末]|(?:这|下|本|上)(?:周|个?月|星期|礼拜|季)|明天|后天|明日|明晚|今晚|午夜|"
    "月底|年底|月末|年末|月初|年初|[一二三四五六七八九十]月|[一二三四五六七八九十]号|元旦|春节前|节前"
)
_HOLIDAYS = "black friday, cyber monday, singles day, prime day, 双十一, 双11, 双十二, 黑色星期五"


def find_dates(case: Case) -> Iterator[Objection]:
    """Object to days, months and moments that are neither in a slot nor a fact or the occasion."""
    said = "a date that is neither in a slot nor a fact"
    for pattern in (compile_pattern(DATES), compile_words(_HOLIDAYS)):
        for passage, reading, found in case.search(pattern):
            if not case.facts.hold(split_tokens(found[0])):
                yield refuse("dates", passage, reading, found.span(), said)
