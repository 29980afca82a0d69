"""The rule of dates: when something begins or ends is the offer's, and comes through a slot."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .facts import split_tokens
from .words import compile_pattern, compile_words

_WEEKDAYS = (
    "(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|"
    "samstag|sonnabend|sonntag"
)
_TIMES_OF_DAY = (
    "mornings?|afternoons?|evenings?|breakfasts?|walks?|roasts?|lunch(?:es)?|baking|papers?|coffee|"
    "morgen|nachmittag|abend|brunch|spaziergang"
)
_ORDINALS = "first|second|third|[a-z]{3,14}th|ersten?|zweiten?|dritten?|[a-z]{3,16}ten"
_MONTHS = (
    "january|february|april|june|july|september|october|november|december|januar|janner|februar|"
    "marz|maerz|juni|juli|oktober|dezember|jan|feb|sept|okt|nov|dez"
)
_DOUBTFUL_MONTHS = "march|may|august|mai|mar|apr|jun|jul|aug|sep|oct|dec"
_RELATIVE = (
    "tomorrow|midnight|mitternacht|(?:uber|ueber){1,4}morgen|"
    "(?:until|till|by|before|ends?|only|just|expires?|through) tonight|tonight only|"
    "(?:before|until|till|bevor|ehe|bis) (?:the|this|die|der|das|diese[rs]?) (?:day|week|month|"
    "year|tag|woche|monat|jahr)|"
    "(?:oster|pfingst)(?:montag|sonntag|n)?|weihnachts[a-z]{2,8}|heiligabend|karfreitag|"
    "rosenmontag|"
    "fortnights?|(?:day|week|month)s? after|(?:weeks?|days?|months?) from now|month(?:'?s)? end|"
    "(?:this|next|coming) (?:week|weekend|month|year|season)|the end of the (?:day|week|month|"
    "year)|"
    "(?:diese|nachste|naechste|kommende|ubernachste|uebernaechste)[nrs]? (?:woche|wochenende|"
    "monat|jahr|saison)|"
    "(?:monats|jahres)ende|dieses wochenende|nur am wochenende|ende (?:der woche|des monats|"
    "des jahres)|heute abend|heute nacht"
)
_HAN_MONTHS = "一二三四五六七八九十"
_LIMITS = (
    "until|till|til|by|before|ends?|ending|expires?|through|valid|starts?|starting|since|from|on|"
    "every|last|jeden|jede|an einem|bis|vor|ab|endet|am|seit|zum|noch bis|spatestens|nur bis|gilt"
)
_ENDS_IN_WORDS = (
    "(?:until|till|by|before|from|bis|ab|nur bis|bis zum|vor) (?:the )?(?:morgen|christmas|easter|"
    "new year'?s?|weekend|holidays|ostern|weihnachten|silvester|neujahr|pfingsten|wochenende|"
    "ferien)"
)
DATES = (
    rf"(?<![a-z])(?:{_LIMITS}) (?:to |the |this |next |dem |den |zum )?(?:{_WEEKDAYS})(?![a-z])|"
    rf"(?<![a-z])(?:{_LIMITS}) (?:mon|tues?|weds?|thurs?|fri|sat|sun|mo|di|mi|do|fr|sa|so)\.|"
    rf"(?<![a-z])(?:{_LIMITS}) (?:{_WEEKDAYS})[a-z]{{1,10}}|"
    rf"(?<![a-z])(?:{_WEEKDAYS})(?![a-z]|[ -](?:{_TIMES_OF_DAY})(?![a-z]))|"
    rf"(?<![a-z])(?:only|just|nur|first|last|letzten?|ersten?) (?:{_WEEKDAYS})(?![a-z])|"
    rf"(?<![a-z])(?:the )?(?:{_ORDINALS}) (?:of )?(?:{_MONTHS}|{_DOUBTFUL_MONTHS})(?![a-z])|"
    r"(?<![a-z])(?:only|just|nur|noch) (?:(?:through|over|on|at|for|ubers|uber|am|an) )?(?:the |"
    r"this |das |dieses )?"
    r"(?:weekend|wochenende)|(?:whole|all|ganzen?|gesamten?) (?:of )?(?:"
    f"{_MONTHS}|{_DOUBTFUL_MONTHS})(?![a-z])|"
    rf"(?<![a-z])(?:{_LIMITS}|in|im|anfang|mitte|ende) (?:{_MONTHS})(?![a-z])|"
    rf"(?<![a-z])(?:{_MONTHS})(?![a-z])|"
    rf"(?<![a-z])(?:{_LIMITS}|in|im|mid|early|late|anfang|mitte|ende|\ufffc|of) "
    rf"(?:{_DOUBTFUL_MONTHS})(?![a-z])|(?<![a-z])(?:{_RELATIVE})(?![a-z])|"
    rf"(?<![a-z])(?:{_ENDS_IN_WORDS})(?![a-z])|"
    f"[{_HAN_MONTHS}]月(?:份|起|前|底|初|中旬|末|之前|以前|开始|结束|截止)|"
    f"(?:到|至|从|在|自|于|截至)[{_HAN_MONTHS}]{{1,2}}月|"
    "(?:星期|礼拜|周)[一二三四五六日天]|(?:仅限|只限|到|至|截至|本|这个?)周末|周末(?:前|之前|为止|"
    "结束|截止)|"
    "(?:到|至|截至|前)?(?:除夕|复活节|圣诞|国庆|中秋|端午|元宵|劳动节|情人节|母亲节|父亲节)(?:前|"
    "之前|"
    "为止|截止)|"
    "(?:到|至|截至)(?:除夕|复活节|圣诞|国庆|中秋|端午|元宵|劳动节|情人节|母亲节|父亲节)|(?:这|下|"
    "本|"
    "上)(?:周|个?月|星期|礼拜|季)|明天|后天|明日|明晚|明早|明晨|今晚|午夜|"
    "月底|年底|月末|年末|月初|年初|[一二三四五六七八九十]月|[一二三四五六七八九十]号|元旦|春节前|"
    "节前"
)
_HOLIDAYS = "black friday, cyber monday, singles day, prime day, 双十一, 双11, 双十二, 黑色星期五"


def find_dates(case: Case) -> Iterator[Objection]:
    """Object to days, months and moments that are neither in a slot nor a fact or the occasion."""
    said = "a date that is neither in a slot nor a fact"
    for pattern in (compile_pattern(DATES), compile_words(_HOLIDAYS)):
        for passage, reading, found in case.search(pattern):
            if not case.facts.hold(split_tokens(found[0])):
                yield refuse("dates", passage, reading, found.span(), said)
