"""The rule of scarcity: who says that time or stock runs out needs that fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ballyhoo import Objection

from .case import Case, refuse
from .words import compile_pattern, compile_words

SOON = timedelta(days=14)
"""An offer that ends later than this is no last chance."""

TODAY = """
    today only, only today, just today, one day only, ends today, ends tonight, for today only,
    todays only, this is the last day, last day, final day, nur heute, heute nur, letzter tag,
    letzte tag, endet heute, lauft heute, gilt nur heute, nur fur heute, noch heute,
    仅限今天, 仅限今日, 仅此一天, 今日截止, 今天截止, 最后一天, 只限今天, 就在今天, 仅今天
"""
TIME = """
    last chance, final chance, last call, final call, last opportunity, final days, final hours,
    last days, last hours, hurry, hurry up, be quick, act now, act fast, be fast, limited time,
    time is running out, running out of time, time running out, clock is ticking, countdown, ends soon,
    ending soon, expires soon, expiring, before its too late, before it is too late, before it's too late,
    too late, now or never, once only, only once, never again, for a short time, short time only, short while,
    wont last, won't last, will not last, last minute, dont wait, don't wait,
    miss out, letzte chance, letzter aufruf, letzte gelegenheit, letzte tage, letzten tage,
    letzte stunden, letzten stunden, beeil dich, beeilen sie sich, beeilung, schnell sein,
    sei schnell, seien sie schnell, nur kurze zeit, kurze zeit, fur kurze zeit, begrenzte zeit,
    zeitlich begrenzt, befristet*, zeit lauft, zeit wird knapp, endet bald, endet in kurze, lauft ab, lauft bald ab,
    zu spat, nie wieder, jetzt oder nie, nicht mehr lange, endspurt, countdown*, nur noch wenige tage,
    最后机会, 限时, 倒计时, 即将截止, 即将结束, 马上结束, 过时不候, 错过不再, 错过再等, 抓紧, 赶快, 赶紧,
    最后几天, 最后时刻, 机不可失, 机会难得, 最后的机会, 时间有限, 快要结束, 最后冲刺, 不容错过
"""
STOCK = """
    out of stock, not be around, around for long, someone else does, somebody else does, before others do, last pair, the last of, last one left, solange es reicht, solange sie reichen, nicht mehr lange verfugbar, nicht mehr lange da, fast nicht mehr, bald nicht mehr, das letzte paar, das letzte stuck, das letzte exemplar, bevor es andere, bevor andere, schnapp es dir, schnapp sie dir, schnapp ihn dir, ist schluss,
    很快就没, 就没了, 告罄, 数量不多, 最后一双, 最后一件, 最后一个, 被抢, 抢光, 下架, 稀缺, 紧缺, 快抢,
    while stocks last, while stock lasts, while supplies last, while they last, while it lasts,
    almost gone, nearly gone, selling out, sells out, sell out, selling fast, going fast, almost sold out,
    nearly sold out, sold out, few left, few remaining, only a few, just a few, last few, last ones,
    last one, last pieces, last pairs, last pair, last items, final pieces, limited stock*, limited supply,
    limited quantit*, limited number*, low stock, stock is low, running low, running out, before its gone,
    before it's gone, before they're gone, before theyre gone, gone soon, in short supply, scarce*, remaining stock,
    hardly any left, not many left,
    solange vorrat, solange der vorrat reicht, solange vorrat reicht, vorrat reicht, nur noch wenige,
    nur noch ein paar, nur wenige, wenige stucke, wenige exemplare, fast ausverkauft, bald ausverkauft, ausverkauft,
    fast weg, bald weg, fast vergriffen, bald vergriffen, vergriffen, restposten, reststuck*,
    restbestand*, letzte stucke, letzten stucke, letzte exemplare, letzten exemplare, letzte paare,
    letzten paare, begrenzter vorrat, begrenzte stuckzahl*, begrenzte menge*, kleine stuckzahl, knapp werden,
    wird knapp, nur begrenzt, solange sie da sind, bevor sie weg sind, bevor er weg ist, bevor es weg ist,
    即将售罄, 售罄, 所剩无几, 库存紧张, 库存有限, 库存不多, 数量有限, 手慢无, 先到先得, 抢购, 抢完, 卖完,
    秒杀, 仅剩, 只剩, 最后几件, 最后几双, 快没了, 断货, 卖断, 供不应求
"""
EDITIONS = """
    limited edition*, limited, limitiert*, sonderedition*, 限量, 限量版, 限定
"""
_INNOCENT = (
    r"(?:no|never) hurry|without hurry|keine? eile|(?:few|only a few|just a few|last few) (?:steps|words|minutes|"
    r"days out|hours of|things|metres|meters|miles)|(?:nur ein paar|nur wenige) (?:schritte|worte|minuten|handgriffe)|"
    r"last one standing|nie wieder (?:nasse|kalte)|never again (?:wet|cold)|not limited to|never too late|nie zu spat|"
    r"nicht zu spat|不容错过的风景"
)


def find_scarcity(case: Case) -> Iterator[Objection]:
    """Object to pressure of time without an end of the offer, of stock without low stock."""
    offer, innocent = case.brief.offer, compile_pattern(_INNOCENT)
    ends = offer.ends if offer is not None else None
    wanted: list[tuple[str, str]] = []
    if ends != case.today:
        wanted.append((TODAY, "the offer does not end today"))
    if ends is None or not case.today <= ends <= case.today + SOON:
        wanted.append((TIME, "no offer ends soon"))
    if not _is_low(case):
        wanted.append((STOCK, "the stock of these products is not low"))
    for words, said in wanted:
        for passage, reading, found in case.search(compile_words(words), innocent):
            yield refuse("scarcity", passage, reading, found.span(), said)
    edition = compile_words(EDITIONS)
    for passage, reading, found in case.search(edition, innocent):
        if not case.facts.match(edition):
            said = "no fact says that these products are a limited edition"
            yield refuse("scarcity", passage, reading, found.span(), said)


def _is_low(case: Case) -> bool:
    stocks = [briefed.product.stock for briefed in case.brief.products]
    return any(0 < one <= case.options.low_stock for one in stocks if one is not None)
