"""Promises: gifts, guarantees, delivery."""

from __future__ import annotations

from . import Concepts

GIFTS: Concepts = {
    "free": """
        free, for free, freebie*, gratis, gratisbeigabe*, kostenlos*, kostenfrei*, umsonst,
        geschenkt, dazu geschenkt, a present from us, present inside, prasent*, fur lau,
        for nothing, for peanuts, appel und ein ei, 礼品, 小礼品, 内附礼, 附送, gift with,
        surprise gift,
        gift included, gift inside, geschenk dazu, geschenk gratis, kleines geschenk, 就送, 还送,
        送小礼, 送礼物, 送你一份, complimentary, free of charge, no charge, no cost, at no cost,
        without charge, costs nothing, costs you nothing, on us, on the house, our treat,
        giveaway*, ohne aufpreis, ohne kosten, auf unsere kosten, kostet nichts,
        kostet dich nichts, kostet sie nichts, geht auf uns, aufs haus, gratis*, 免费, 免单, 白送,
        赠送,
        附赠, 赠品, 送好礼, 送礼, 零元, 不花钱, 不要钱, 不收费, 0元, 零费用, 免税
    """,
}
"""What costs nothing."""

SHIPPING: Concepts = {
    "free shipping": """
        postage is on us, our shipping, versand geht aufs haus, 运费我们, 邮费我们, 我们出运费,
        pay the postage, pay postage, pay for shipping, cover the shipping, zahlen das porto,
        ubernehmen den versand, zahlen den versand, porto geht auf uns, 付邮费, 出运费, 承担运费,
        free shipping, free delivery, ships free, shipped free, postage paid, no shipping cost*,
        shipping is on us, versandkostenfrei*, portofrei*, gratisversand, gratis versand,
        kostenlos* versand, kostenlos* lieferung, gratis* versand, versand gratis, frei haus,
        ohne versandkosten, gebuhrenfrei*, 包邮,
        免邮, 免运费, 免费配送
    """,
}
"""Delivery that costs nothing."""

GUARANTEES: Concepts = {
    "a guarantee": """
        guarantee*, guaranty, warranty, warranties, warrantied, garantie*, *garantie,
        garantiert*, gewahrleistung*, 保证, 保修, 质保, 担保, 保障
    """,
    "money back": """
        money back, refund*, no questions asked, ruckgaberecht*, geld zuruck, ruckerstatt*,
        erstatt*, kaufpreis zuruck, 退款, 包退, 包换, 退换, 三包, 无理由退, 假一赔
    """,
    "no risk": """
        no risk, risk free, riskfree, without risk, without any risk, nothing to lose,
        risikofrei*, risikolos*, ohne risiko, kein risiko, 无风险, 零风险
    """,
    "a lifetime": """
        lifetime, for life, last forever, lasts forever, lebenslang*, ein leben lang, halt ewig,
        终身, 永久
    """,
    "returns": """
        exchange it, umtauschen, tauschen sie es um, 随时换, returns are, free returns,
        easy returns, return it, returns accepted, send it back, try it at home, ruckversand*,
        rucksendung*, ruckgabe*, umtausch*, zuruckschicken, zuruckgeben, 退货, 换货, 七天无理由,
        试用
    """,
    "a test": """
        free trial, trial period, try before you buy, probezeit, probemonat, unverbindlich*, 试穿
    """,
}
"""What is given back, or vouched for."""

DELIVERY: Concepts = {
    "delivery": """
        express delivery, fast delivery, quick delivery, next day, same day, overnight delivery,
        fast shipping, delivered tomorrow, delivered today, delivered overnight,
        arrives tomorrow, arrives today, ships today, ships tomorrow, expressversand,
        expresslieferung, schneller versand, schnelle lieferung, lieferung morgen,
        morgen bei dir, morgen bei ihnen, am nachsten tag, sofortversand, blitzversand, 次日达,
        当日达, 隔日达, 次日送达, 当天发货, 极速发货, 极速达, 闪送, 小时达, 马上发货
    """,
}
"""How soon it arrives."""

IN_STOCK = """
    in stock, back in stock, available now, available again, now available, ready to ship,
    auf lager, wieder da, vorratig*, sofort lieferbar, wieder verfugbar, wieder lieferbar,
    lieferbar, 现货, 有货, 到货, 补货
"""
"""That it is there."""
