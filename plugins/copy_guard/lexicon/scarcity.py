"""Pressure: time and stock that run out."""

from __future__ import annotations

TODAY = """
    disappears tonight, gone tonight, gone tomorrow, today only, only today, just today,
    one day only, ends today, ends tonight, for today only, todays only, this is the last day,
    last day, final day, nur heute, heute nur, letzter tag, letzte tag, endet heute,
    lauft heute, gilt nur heute, nur fur heute, noch heute, 仅限今天, 仅限今日, 仅此一天,
    今日截止, 今天截止, 最后一天,
    只限今天, 就在今天, 仅今天
"""
"""Today is the last day."""

TIME = """
    last chance, final chance, last call, final call, last opportunity, final days, final hours,
    last days, last hours, hurry, hurry up, be quick, act now, act fast, be fast, limited time,
    time is running out, running out of time, time running out, clock is ticking, countdown,
    ends soon, ending soon, expires soon, expiring, before its too late, before it is too late,
    before it's too late, too late, now or never, once only, only once, never again,
    for a short time, short time only, short while, wont last, won't last, will not last,
    last minute, dont wait, don't wait, miss out, letzte chance, letzter aufruf,
    letzte gelegenheit, letzte tage, letzten tage, letzte stunden, letzten stunden, beeil dich,
    beeilen sie sich, beeilung, schnell sein, sei schnell, seien sie schnell, nur kurze zeit,
    kurze zeit, fur kurze zeit, begrenzte zeit, zeitlich begrenzt, befristet*, zeit lauft,
    zeit wird knapp, endet bald, endet in kurze, lauft ab, lauft bald ab, zu spat, nie wieder,
    jetzt oder nie, nicht mehr lange, endspurt, countdown*, nur noch wenige tage, 最后机会, 限时,
    倒计时,
    即将截止, 即将结束, 马上结束, 过时不候, 错过不再, 错过再等, 抓紧, 赶快, 赶紧, 最后几天,
    最后时刻, 机不可失, 机会难得, 最后的机会, 时间有限, 快要结束,
    最后冲刺, 不容错过
"""
"""It ends soon."""

STOCK = """
    last box, the last box, stock is dwindling, dwindling, snapping it up, snapped up,
    snapping them up, once its gone, once it's gone, gone is gone, weg ist weg, alle greifen zu,
    bestand schrumpft, nur noch eine, nur noch einer, nur noch eines, nur noch ein,
    solange vorratig, 最后一箱, 错过就, 都在抢, 库存在减少, 卖完即止, 售完即止, out of stock,
    not be around,
    around for long, someone else does, somebody else does, before others do, last pair,
    the last of, last one left, solange es reicht, solange sie reichen,
    nicht mehr lange verfugbar, nicht mehr lange da, fast nicht mehr, bald nicht mehr,
    das letzte paar, das letzte stuck, das letzte exemplar, bevor es andere, bevor andere,
    schnapp es dir, schnapp sie dir, schnapp ihn dir, ist schluss, 很快就没, 就没了, 告罄,
    数量不多, 最后一双,
    最后一件, 最后一个, 被抢, 抢光, 下架, 稀缺, 紧缺, 快抢, while stocks last, while stock lasts,
    while supplies last, while they last, while it lasts, almost gone, nearly gone, selling out,
    sells out, sell out, selling fast, going fast, almost sold out, nearly sold out, sold out,
    few left, few remaining, only a few, just a few, last few, last ones, last one, last pieces,
    last pairs, last items, final pieces, limited stock*, limited supply, limited quantit*,
    limited number*, low stock, stock is low, running low, running out, before its gone,
    before it's gone, before they're gone, before theyre gone, gone soon, in short supply,
    scarce*, remaining stock, hardly any left, not many left, solange vorrat,
    solange der vorrat reicht, solange vorrat reicht, vorrat reicht, nur noch wenige,
    nur noch ein paar, nur wenige, wenige stucke, wenige exemplare, fast ausverkauft,
    bald ausverkauft, ausverkauft, fast weg, bald weg, fast vergriffen, bald vergriffen,
    vergriffen, restposten, reststuck*, restbestand*, letzte stucke, letzten stucke,
    letzte exemplare, letzten exemplare, letzte paare, letzten paare, begrenzter vorrat,
    begrenzte stuckzahl*, begrenzte menge*, kleine stuckzahl, knapp werden, wird knapp,
    nur begrenzt, solange sie da sind, bevor sie weg sind, bevor er weg ist, bevor es weg ist,
    即将售罄, 售罄, 所剩无几, 库存紧张, 库存有限, 库存不多, 数量有限, 手慢无, 先到先得, 抢购,
    抢完, 卖完, 秒杀, 仅剩, 只剩, 最后几件, 最后几双, 快没了,
    断货, 卖断, 供不应求
"""
"""There are few left."""

EDITIONS = """
    limited edition*, limited, limitiert*, sonderedition*, 限量, 限量版, 限定
"""
"""There were never many."""
