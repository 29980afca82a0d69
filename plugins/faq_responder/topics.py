"""Tells what some questions are about by their words: an order, a suggestion, a price, thanks.

What articles answer is told by intents and by search; these topics are answered from records.
"""

from __future__ import annotations

import re
import unicodedata

_ORDER = re.compile(
    r"""
    \b(where(\ is|'s|s)?|track|status\ of|state\ of|when\ (will|does|is)|has|did|hasn'?t|not\ yet)
      \b[^.?!]{0,40}\b(my|our|the)\ (order|parcel|package|delivery|shipment|purchase)\b
    | \b(order|delivery|parcel|shipment|package)\ (status|tracking)\b
    | \b(my|our)\ (order|parcel|package|delivery)\b[^.?!]{0,30}
      \b(arriv|com(e|ing)|ship|sent|deliver|late|delayed|missing)
    | \btrack(ing)?\b[^.?!]{0,25}\b(order|parcel|package|shipment)\b
    | \bwo\ (ist|bleibt|steckt)\b[^.?!]{0,20}\b(meine?|unsere?)\b[^.?!]{0,15}
      \b(bestellung|paket|lieferung|sendung)\b
    | \b(status|stand)\b[^.?!]{0,12}\b(meiner|der|von|zu)\b[^.?!]{0,10}
      \b(bestellung|lieferung|sendung)\b
    | \bwann\b[^.?!]{0,25}\b(meine?|unsere?)\b[^.?!]{0,15}\b(bestellung|paket|lieferung|sendung)\b
    | \b(bestellstatus|lieferstatus|sendungsverfolgung)\b
    | (订单|包裹|快递|货)[^。?!]{0,10}
      (在哪|到哪|什么时候|状态|物流|还没|没到|没收到|发货了吗)
    | (查询?|查一下|跟踪|追踪)[^。?!]{0,6}(订单|包裹|物流|快递)
    | (什么时候|何时)[^。?!]{0,6}(到货|送到|发货|收到)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SUGGESTION = re.compile(
    r"""
    \b(what|which|anything|something|can|could|would)\b[^.?!]{0,40}\b(suggest|recommend)\b
    | \b(suggest|recommend)\b[^.?!]{0,20}\b(me|us|something|anything)\b
    | \b(suggestions?|recommendations?)\b[^.?!]{0,15}\b(for\ me|please)\b
    | \bwhat\ (should|shall)\ i\ (buy|get|try)\b
    | \b(was|welche[nrs]?|etwas|können|könnten|könnt)\b[^.?!]{0,40}\b(empfehl|empfiehl|vorschlag)
    | \b(empfehlen|empfehlt)\ (sie|ihr)\b
    | (推荐|建议)[^。?!]{0,8}(什么|哪|一些|几|吗|点|给我|商品|产品)
    | (有什么|给我|帮我)[^。?!]{0,6}推荐
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RECORD = re.compile(
    r"""
    \b(how\ much|price|cost|costs|in\ stock|available|availability|sold\ out|colou?rs?|sizes?
      |material|made\ of|weigh|dimensions|how\ (big|large|heavy|long|wide))\b
    | \b(wie\ ?viel|preis|kostet|kosten|lieferbar|verfügbar|auf\ lager|vorrätig|ausverkauft|farben?
      |größen?|material|woraus|wiegt|gewicht|maße|wie\ (groß|schwer|lang|breit))\b
    | (多少钱|价格|有货|有没有货|缺货|颜色|尺寸|尺码|材质|重量|多大|多重)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_THANKS = re.compile(
    r"(many thanks|thanks?( you)?( (so|very) much| a lot)?|thx|cheers|great|perfect|ok(ay)?"
    r"|danke( schön| sehr| dir| ihnen)?|vielen dank|besten dank|super|prima"
    r"|谢谢(你|您)?|多谢|好的)([\s,.!。!,]*(that helped|that is all|das war alles|bye))?"
)
_GREETING = re.compile(
    r"(hi|hello|hey|good (morning|afternoon|evening)|hallo|guten (tag|morgen|abend)|moin|servus"
    r"|grüezi|你好|您好|在吗)( there| zusammen)?"
)
AROUND = " .,;:!?()-\u2013\u2014\u3002"


def asks_for_order(text: str) -> bool:
    """Say whether somebody asks where her order is."""
    return _ORDER.search(fold(text)) is not None


def asks_for_suggestion(text: str) -> bool:
    """Say whether somebody asks what to buy."""
    return _SUGGESTION.search(fold(text)) is not None


def asks_for_record(text: str) -> bool:
    """Say whether somebody asks for what stands in a product's record: price, stock, size."""
    return _RECORD.search(fold(text)) is not None


def is_thanks(text: str) -> bool:
    """Say whether somebody thanks, and says nothing else."""
    return _THANKS.fullmatch(_strip(text)) is not None


def is_greeting(text: str) -> bool:
    """Say whether somebody greets, and says nothing else."""
    return _GREETING.fullmatch(_strip(text)) is not None


def fold(text: str) -> str:
    """Return a text on one line, in plain forms of letters, without curly quotes."""
    plain = unicodedata.normalize("NFKC", text[:5000]).replace("’", "'")
    return " ".join(plain.split())


def _strip(text: str) -> str:
    return fold(text).casefold().strip(AROUND)
