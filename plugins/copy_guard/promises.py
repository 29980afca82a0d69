"""The rule of promises: what is given away, guaranteed or delivered needs the fact."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .concepts import find_concepts
from .words import compile_pattern, compile_words

GIFTS = {
    "free": """
        free, for free, freebie*, gratis, gratisbeigabe*, kostenlos*, kostenfrei*, umsonst, geschenkt, dazu geschenkt,
        gift with, surprise gift, gift included, gift inside, geschenk dazu, geschenk gratis, kleines geschenk, 就送, 还送, 送小礼, 送礼物, 送你一份,
        complimentary, free of charge, no charge, no cost, at no cost, without charge, costs nothing, costs you nothing,
        on us, on the house, our treat, giveaway*, ohne aufpreis, ohne kosten, auf unsere kosten,
        kostet nichts, kostet dich nichts, kostet sie nichts, geht auf uns, aufs haus, gratis*,
        免费, 免单, 白送, 赠送, 附赠, 赠品, 送好礼, 送礼, 零元, 不花钱, 不要钱, 不收费, 0元, 零费用, 免税
    """,
}
SHIPPING = {
    "free shipping": """
        pay the postage, pay postage, pay for shipping, cover the shipping, zahlen das porto, ubernehmen den versand, zahlen den versand, porto geht auf uns, 付邮费, 出运费, 承担运费,
        free shipping, free delivery, ships free, shipped free, postage paid, no shipping cost*, shipping is on us,
        versandkostenfrei*, portofrei*, gratisversand, gratis versand, kostenloser versand, versand gratis,
        frei haus, ohne versandkosten, gebuhrenfrei*, 包邮, 免邮, 免运费, 免费配送
    """,
}
GUARANTEES = {
    "a guarantee": """
        guarantee*, guaranty, warranty, warranties, warrantied, garantie*, *garantie, garantiert*, gewahrleistung*,
        保证, 保修, 质保, 担保, 保障
    """,
    "money back": """
        money back, refund*, no questions asked, ruckgaberecht*, geld zuruck, ruckerstatt*, erstatt*, kaufpreis zuruck,
        退款, 包退, 包换, 退换, 三包, 无理由退, 假一赔
    """,
    "no risk": """
        no risk, risk free, riskfree, without risk, without any risk, nothing to lose, risikofrei*, risikolos*,
        ohne risiko, kein risiko, 无风险, 零风险
    """,
    "a lifetime": "lifetime, for life, last forever, lasts forever, lebenslang*, ein leben lang, halt ewig, 终身, 永久",
    "returns": """
        returns are,
        free returns, easy returns, return it, returns accepted, send it back, try it at home, ruckversand*, rucksendung*,
        ruckgabe*, umtausch*, zuruckschicken, zuruckgeben, 退货, 换货, 七天无理由, 试用
    """,
    "a test": "free trial, trial period, try before you buy, probezeit, probemonat, unverbindlich*, 试穿",
}
DELIVERY = {
    "delivery": """
        express delivery, fast delivery, quick delivery, next day, same day, overnight delivery, fast shipping,
        delivered tomorrow, delivered today, delivered overnight, arrives tomorrow, arrives today, ships today,
        ships tomorrow, expressversand, expresslieferung, schneller versand, schnelle lieferung, lieferung morgen,
        morgen bei dir, morgen bei ihnen, am nachsten tag, sofortversand, blitzversand, 次日达, 当日达, 隔日达,
        次日送达, 当天发货, 极速发货, 极速达, 闪送, 小时达, 马上发货
    """,
}
_IN_STOCK = """
    in stock, back in stock, available now, available again, now available, ready to ship, auf lager, wieder da,
    vorratig*, sofort lieferbar, wieder verfugbar, wieder lieferbar, lieferbar, 现货, 有货, 到货, 补货
"""
_INNOCENT = (
    r"(?<=[a-z])[- ]?free(?=[ -]?(?:living|running|spirit))|"
    r"(?:feel|run|running|roam|roaming|break|breaking|broke|set|sets|care|be|being|stay|move|moves|moving|breathe|"
    r"breathes|breathing|hands|worry|born|stress|fancy|wild and|wind|hand|head|mind|you|them|flow|swing|still|"
    r"arms|wander|so|and|keep|keeps|kept|fall|falling|walk|both hands|weather) ?-?free(?: (?:to|and|as))?(?![a-z])|"
    r"[a-z]{3,20}-free(?![a-z])|"
    r"free(?:-| )?(?:time|spirit\w{0,2}|from|to|as|style|range|flow\w{0,3}|movement|fall|hand|hours?|afternoons?|"
    r"days?|evening|weekends?|mind|rein|rid\w{2,3}|and easy|air|world|heart|run\w{0,4}|hiking|solo|climb\w{0,3}|"
    r"standing|of (?:worr\w{1,3}|noise|dust|stress|care|fuss|cares|plastic|weight|doubt))(?![a-z])|"
    r"guaranteed to (?:make you )?smile|nicht umsonst|on us all|for life'?s|"
    r"(?:built|made) for life on|life[- ]long|(?:return|returning) (?:it|to the)|next day out|(?:the|every) next day|"
    r"am nachsten tag (?:noch|wieder)|保障舒适|ist wieder da|sind wieder da"
)


def find_promises(case: Case) -> Iterator[Objection]:
    """Object to gifts, guarantees and deliveries that neither product nor offer speaks of."""
    said = "promises {}, which no fact of these products says"
    for concepts in (SHIPPING, GUARANTEES, DELIVERY):
        yield from find_concepts(case, "promises", concepts, said, _INNOCENT)
    yield from _find_gifts(case)
    yield from _find_stock(case)


def _find_gifts(case: Case) -> Iterator[Objection]:
    """Object to gifts; free shipping is something else, in the copy as in the facts."""
    free, shipping = compile_words(GIFTS["free"]), compile_words(SHIPPING["free shipping"])
    if free.search(shipping.remove(case.facts.text)):
        return
    innocent = compile_pattern(_INNOCENT)
    for passage, reading, found in case.search(free, shipping, innocent, with_claims=True):
        said = "nothing is given away, as far as the facts say"
        yield refuse("promises", passage, reading, found.span(), said)


def _find_stock(case: Case) -> Iterator[Objection]:
    stocks = [briefed.product.stock for briefed in case.brief.products]
    if not any(one is not None and one > 0 for one in stocks):
        pattern = compile_words(_IN_STOCK)
        for passage, reading, found in case.search(pattern, with_claims=True):
            said = "the stock of these products is not known, or there is none"
            yield refuse("promises", passage, reading, found.span(), said)
