"""Numbers in words: what counts as one in English, German and Chinese, and what only looks so."""

from __future__ import annotations

_EN_PART = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety|"
    "hundred|thousand|million|billion|dozen|zero"
)
_EN_ENDS = "s|es|th|ths|fold|ish|some|something|odd|pack|packs|er|ers|plus"
_EN = (
    rf"(?:{_EN_PART})(?:[ -]?(?:and[ -])?(?:one|{_EN_PART})){{0,4}}(?:-?(?:{_EN_ENDS}))?",
    "one(?:[ -](?:hundred|thousand|million|dozen|half|third|quarter|percent|per cent|euros?|"
    "dollars?|"
    "pounds?|cents?|hours?|weeks?|months?|years?|minutes?|nights?|free|plus|for one|"
    "out of|left)|for[ -]one)",
    "(?:price|price tag) of one|preis von eine[rnm]?|(?:number|buy|get|numero) one(?!s)|bogof?",
    "(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)(?:ies|ieth|ieths)",
    "thirds?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?|twelfths?|hundredths?",
    "half|halve|halves|halved|halving|decades?|centur(?:y|ies)|quarter|double[ds]?|doubling|twice|"
    "thrice|triple[ds]?|"
    "trebled?|"
    "quadrupled?|umpteen|teens?|score of|twin[ -]?packs?",
    "per ?cents?|percentages?|pct|procent",
)
_DE_UNIT = "zwei|zwo|drei|vier|funf|fuenf|sechs|sech|sieben|sieb|acht|neun"
_DE_TEEN = "zehn|elf|zwolf|zwoelf"
_DE_TEN = "zwanzig|dreissig|dreizig|(?:vier|funf|fuenf|sech|sieb|acht|neun)zig"
_DE_BIG = "hundert|tausend|million(?:en)?|milliarden?|dutzend"
_DE_ENDS = (
    "einhalb[a-z]{0,2}|fach[a-z]{0,3}|mal[a-z]{0,3}|(?:jahr|tag|stund|woch|monat|prozent|teil|lag|"
    "stell|kopf|gang|zeil)"
    "ig[a-z]{0,2}|erlei|tel|stel|er-?packs?|er-?set|stufig[a-z]{0,2}|euro|cent|prozent|stuck|"
    "monats[a-z]{0,12}|tages[a-z]{0,12}|jahres[a-z]{0,12}"
)
_DE = (
    # Numbers of one word: zwanzig, fünfundzwanzig, zweihundertfünfzig, zwanzigtausend.
    rf"(?:(?:ein|{_DE_UNIT})(?:und)?)?(?:{_DE_TEN}|{_DE_TEEN}|{_DE_BIG})"
    rf"(?:(?:und)?(?:ein|{_DE_UNIT}|{_DE_TEN}|{_DE_TEEN}|{_DE_BIG})){{0,5}}"
    rf"(?:{_DE_ENDS}|e|er|ern|s?te[rnms]?|s)?",
    rf"(?:{_DE_UNIT})(?:{_DE_ENDS})?",
    "(?:vier|funf|fuenf|sechs|neun|zehn)te[rnms]?|dritte[rnms]?|siebte[rnms]?|drittel|viertel|"
    "funftel|fuenftel|hunderte|tausende|abertausende[rn]?|dutzende[rn]?|millionen|null",
    "jahrzehnte?n?|jahrhunderte?n?|halbe?[rnms]?|halbpreis[a-z]{0,12}|halftig[a-z]{0,2}|halfte|"
    "haelfte|halbier[a-z]{1,4}|"
    "anderthalb[a-z]{0,2}|doppelt[a-z]{0,2}|doppelpacks?|verdoppel[a-z]{1,4}|dreifach[a-z]{0,2}",
    "(?:nummer|nr|numero) eins|eins (?:zu|plus|gratis|geschenkt)|(?:zum|einen?|ein) "
    "(?:euro|cent|prozent|jahr|monat)",
    "prozent[a-z]{0,8}|promille|vom hundert|v h",
)
_HAN_DIGITS = "零〇二三四五六七八九十百千万亿两俩仨半壹贰叁肆伍陆柒捌玖拾佰仟廿卅"
_ZH = (
    f"一?[{_HAN_DIGITS}][{_HAN_DIGITS}一]*",
    "翻番|双倍|翻两番|一(?:折|元|块|成|毛|分钱|角|倍|小时|年|周(?:内|后|起|前)|星期|个月|口价|"
    "送一|号|等奖)|买一|"
    "第一|倍增|翻倍|加倍|成倍|对折|一件的?(?:价|钱)",
)
NUMBERS = (
    rf"(?<![a-z0-9])(?:{'|'.join([*_EN, *_DE])})(?![a-z0-9])|{'|'.join(_ZH)}"
    r"|(?<![a-z])[il|o]*(?:o[il|]|[il|]o|oo)[il|o]*(?= ?(?:%|percent|prozent|euro|dollar|折))"
)
"""A pattern over text without diacritics."""

COMPOUNDS = (
    r"(?<![a-z0-9])(?:zwei(?!fel|fl|te[rnms]?(?![a-z])|t(?![a-z]))|drei(?!st|eck)|vier(?!bein|"
    r"teln?s?(?![a-z]))|"
    r"funf|fuenf|sechs|"
    "sieben|neun|zwolf|zwoelf|zwanzig|dreissig|"
    "hundert|tausend(?!sassa)|viertel(?![ns]{1,2}(?![a-z]))|drittel|fuenfzig|funfzig)[a-z]{1,20}"
)
"""German words that begin with a number, over text without diacritics."""

INNOCENT = (
    r"half(?: the| of the)? (?:battle|fun|truth)|half[ -](?:hearted|way|asleep|awake|moon|light)|"
    r"halfway|on all fours|all four (?:seasons|corners|walls|paws)|four (?:seasons|walls)|"
    r"seven seas|two left feet|second to none|at the double|double[ -](?:check\w{0,4}|take)|"
    r"on second thought|twice about|put two and two together|on cloud nine|"
    r"(?:ausser|in|gib|gebt|gibst|hab|habt|nimm|nimmt) acht|acht (?:geben|gibt|gebe|nehmen|lassen)|"
    r"(?:alle|allen|aller) vier (?:jahreszeiten|pfoten)|vier (?:jahreszeiten|wanden?|waende)|"
    r"unter vier augen|zwei linke|auf allen vieren|null problemo?|elf am morgen|"
    r"(?:im|dem|unserem?|deinem|ganzen?|jedem|deines|des|das) viertel|er half|half (?:uns|mir|dir|"
    r"ihm|ihr)|"
    "十分|十足|十全十美|百搭|百变|百货|百般|百看不厌|百年好合|千万别|千万不|千变万化|千里|"
    "千山万水|千姿百态|万千|"
    "万物|万里|万一|万能|万象|万家|万事|一年四季|四季|四周|四面八方|四海|四射|四肢|五彩|五颜六色|"
    "五湖四海|五官|"
    "三三两两|三番|再三|三餐|七夕|八卦|半天|半身裙|半裙|夜半|大半|另一半|两全其美|两侧|两边|两旁|"
    "丰富多彩|"
    "一五一十|说一不二|独一无二|二话不说|五谷|五味|百合|万圣节|十指|一举两得|七上八下|乱七八糟|"
    "二维码|千金|秋千|"
    "百事|百灵|千层|仪态万方|气象万千|万般|百忙|百感|千丝万缕|一石二鸟|十月怀胎|百花|第一(?:次|步|"
    "眼|缕|口|站|天|时间|场|片|道)|千年|万年历|八方|九霄|四溢"
)
"""Phrases in which such a word counts nothing."""

ROMAN = r"(?<![\w.])(?:X{0,3}(?:IX|IV|V?I{2,3}|VI|XI)|XX{1,2}V?I{0,3}|XVI{0,3})(?![\w])"
"""Roman numerals up to 39, but for single letters; over text with its upper and lower case."""

FIGURES = (
    "\U0001f51f\U0001f4af\U0001f522\U0001f947\U0001f948\U0001f949\U0001f51e\U0001f232"
    "\N{DIE FACE-1}\N{DIE FACE-2}\N{DIE FACE-3}\N{DIE FACE-4}\N{DIE FACE-5}\N{DIE FACE-6}"
)
"""Pictures that show a number."""
