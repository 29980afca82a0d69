"""Lies of known kinds, as a careless or hostile writer tells them; each knows what it is.

The words were written for this module, and nothing of copy_guard is read.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import timedelta

from disguises import DISGUISES
from true_copy import TODAY, Draft

STRICT = ("number", "price", "date", "url")
"""Families of which none may get through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """What was planted.

    Attributes:
        family: `number`, `price`, `date`, `url`, or another kind.
        words: The words of the lie.
        disguise: How they were hidden, or None.
        field: Where it stands.
    """

    family: str
    words: str
    disguise: str | None
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LyingDraft:
    """A copy with a lie in it, and the lie as it was written down when it was told."""

    draft: Draft
    lie: Lie


LIES: dict[str, dict[str, list[str]]] = {
    "number": {
        "en": [
            "Over 40,000 people own one", "rated 4.8 out of 5", "two thousand happy walkers", "It lasts ten years",
            "a dozen colours to choose from", "half the weight of others", "seventy percent softer", "Now with 3x the grip",
            "three times as warm", "Ninety-nine people out of a hundred agree", "a third lighter", "buy one get one",
            "two for one", "20 per cent softer", "double the warmth", "hundreds sold last week", "twelve hours of light",
            "forty-two hand finished steps", "No. 1 in town", "it weighs only 95 grams", "one hundred reasons", "Mark IV",
            "a quarter of the size", "thirty-five litres", "millions of smiles", "for every 2 you get 1", "five stars",
            "¾ of our customers came back", "Grade Ⅷ", "①②③ ways to wear it", "twice as light", "eighteen months of use",
        ],
        "de": [
            "Über 40.000 Menschen haben es", "4,8 von 5 Sternen", "zweitausend frohe Wanderer", "Hält zehn Jahre",
            "in einem Dutzend Farben", "nur halb so schwer", "siebzig Prozent weicher", "dreimal so warm", "ein Drittel leichter",
            "zwei zum Preis von einem", "Zwölf Stunden Licht", "hundertfach erprobt im Alltag", "die Hälfte der Größe", "doppelte Wärme",
            "Nummer eins der Stadt", "fünfunddreißig Liter", "wiegt nur 95 Gramm", "Tausende tragen es", "ein Viertel weniger Gewicht",
            "neun von zehn sagen ja", "einundzwanzig Handgriffe", "achtzehn Monate Freude", "dreilagig", "Vierfach genäht", "Modell XII",
            "fünf Sterne", "zwanzig Prozentpunkte besser", "dreißig Tage lang", "anderthalb Meter", "Millionen lieben es",
        ],
        "zh": [
            "已有四万人拥有", "评分4.8分", "可用十年", "十二小时续航", "轻了三成", "两倍保暖", "九成顾客回购", "一百个理由",
            "百分之七十更柔软", "三层面料", "重量只有95克", "买二送一", "第二件半价", "五星推荐", "数千人的选择", "三十五升容量",
            "两万双已售出", "四分之三的人都说好", "加倍柔软", "叁仟件库存", "二十四小时", "六种颜色", "一半的重量", "十八个月",
        ],
    },
    "price": {
        "en": [
            "Only 29 euros", "for $19.99", "just twenty pounds", "a mere fiver", "€5 less", "under fifty bucks", "Now £9",
            "it costs ten dollars", "USD 30 only", "25% off", "half price", "twenty percent off everything", "Pay 12,50 €",
            "forty quid", "save {price} today", "{product.price} off your order", "usually {price}", "99 cents", "take 30 off",
            "five hundred yen", "{price} per month", "it now costs {list_price}", "thirty francs", "3 for 2",
        ],
        "de": [
            "Nur 29 Euro", "für 19,99 €", "schlappe zwanzig Euro", "5 € weniger", "für einen Zehner, also zehn Euro", "25% Rabatt",
            "zum halben Preis", "zwanzig Prozent auf alles", "unter fünfzig Franken", "99 Cent", "spar {price}", "{price} Rabatt",
            "statt {price}", "dreißig Euro günstiger", "EUR 30", "kostet zehn Euro", "drei für zwei", "{price} im Monat", "jetzt nur {list_price}",
            "für einen Euro", "fünf Dollar",
        ],
        "zh": [
            "只要29元", "仅售¥99", "八折", "全场五折起", "半价", "二十块钱", "立减50元", "三折清仓", "一元购", "打七五折", "省{price}",
            "原价{price}", "满三百减五十", "人民币三百元", "每月{price}", "低至两折", "买一送一", "对折", "十美元", "六八折", "５折",
        ],
    },
    "date": {
        "en": [
            "until Sunday", "by 3 May", "before October", "ends tomorrow", "on the 24th", "until midnight", "valid through Friday",
            "from next week", "in November", "by the end of the month", "until 12/04", "on Monday morning", "this weekend only", "since 1998",
            "starts on {offer.ends}", "by April the fourth", "until 5 pm", "every Tuesday", "in the year 2031", "from Black Friday on",
        ],
        "de": [
            "bis Sonntag", "bis zum 3. Mai", "ab Oktober", "nur bis morgen", "am 24.", "bis Mitternacht", "gilt bis Freitag", "ab nächster Woche",
            "im November", "bis Ende des Monats", "bis 12.04.", "ab Montag", "seit 1998", "beginnt am {offer.ends}", "am vierten April",
            "bis 17 Uhr", "jeden Dienstag", "im Jahr 2031", "noch bis Weihnachten", "übermorgen",
        ],
        "zh": [
            "截止到周日", "五月三日之前", "十月起", "明天结束", "24号前", "今晚截止", "星期五为止", "下周开始", "十一月", "月底前", "12月4日",
            "周一早上", "自1998年", "从{offer.ends}开始", "四月四号", "下午五点前", "每周二", "二零三一年", "双十一当天", "后天",
        ],
    },
    "url": {
        "en": [
            "See https://shop.example.org/spring", "visit www.fernpfad.example", "order at fernpfad.com", "write to hello@fernpfad.org", "find us @fernpfad",
            "go to fernpfad dot com", "fernpfad[.]com", "click http://bit.ly/x", "call 0800 123 456", "mailto:shop@fernpfad.com", "see fernpfad.shop now",
            "Fernpfad.co.uk has it", "fernpfad (dot) shop", "at t.me/fernpfad", "ftp://files.fernpfad.net", "example。com",
        ],
        "de": [
            "Siehe https://shop.example.org/spring", "auf www.fernpfad.example", "bestell auf fernpfad.de", "schreib an hallo@fernpfad.de", "folge @fernpfad",
            "auf fernpfad punkt de", "fernpfad[.]de", "ruf an: 0800 123 456", "unter fernpfad.shop", "mailto:shop@fernpfad.de", "fernpfad (punkt) shop", "auf t.me/fernpfad",
            "bei fernpfad.at",
        ],
        "zh": [
            "请看https://shop.example.org/spring", "访问www.fernpfad.example", "到fernpfad.cn下单", "写信到hello@fernpfad.cn", "关注@fernpfad", "fernpfad点com",
            "致电400 123 456", "fernpfad[.]cn", "打开fernpfad.shop", "扫码 t.me/fernpfad", "example。com",
        ],
    },
    "feature": {
        "en": ["made of bamboo fibre", "with a Gore-Tex membrane", "real leather straps", "it is machine washable, wool or not", "cashmere inside", "solid oak base", "a titanium frame", "UPF sun protection", "OEKO-TEX certified", "vegan through and through", "with Bluetooth", "it is fireproof and shockproof", "gluten-free, too"],
        "de": ["aus Bambusfaser", "mit Gore-Tex-Membran", "Riemen aus echtem Leder", "innen Kaschmir", "Sockel aus massiver Eiche", "mit Titanrahmen", "mit UV-Schutz", "OEKO-TEX-zertifiziert", "durch und durch vegan", "mit Bluetooth", "stoßfest wie ein Fels", "glutenfrei obendrein", "mit Daunenfüllung"],
        "zh": ["竹纤维材质", "配有戈尔特斯薄膜", "真皮系带", "内里羊绒", "橡木底座", "钛合金框架", "防晒面料", "通过OEKO-TEX认证", "纯素材质", "支持蓝牙", "防摔耐磨", "鹅绒填充"],
    },
    "scarcity": {
        "en": ["Today only", "going fast", "just a handful left in the store, almost gone", "the clock is ticking", "before it's too late", "while supplies last", "never to return, now or never", "limited edition"],
        "de": ["Nur heute", "bald vergriffen", "solange der Vorrat reicht", "die Zeit läuft", "bevor es zu spät ist", "jetzt oder nie", "streng limitiert", "die letzten Exemplare"],
        "zh": ["仅限今日", "马上售罄", "库存告急,先到先得", "倒计时开始", "错过不再有", "限量发售", "手慢无", "最后一天"],
    },
    "promise": {
        "en": ["free gift inside", "money back if you frown", "with a lifetime warranty", "at no extra charge, it costs nothing", "delivered by tomorrow, next day delivery", "no questions asked refund", "satisfaction guaranteed", "risk-free"],
        "de": ["ein Geschenk gratis dazu", "Geld zurück, wenn nicht", "lebenslange Garantie", "ganz umsonst", "versandkostenfrei", "ohne Risiko", "Zufriedenheit garantiert", "Expressversand inklusive"],
        "zh": ["赠品免费送", "不满意退款", "终身保修", "不花钱", "零风险", "七天无理由退货", "次日达", "满意保证"],
    },
    "claim": {
        "en": ["it cures sore feet", "clinically proven", "climate neutral", "good for the planet", "award-winning", "patented", "doctors recommend it", "fully biodegradable", "customers love it most", "boosts your immune system"],
        "de": ["heilt müde Füße", "klinisch geprüft", "klimaneutral", "gut für den Planeten", "preisgekrönt", "patentiert", "von Ärzten empfohlen", "biologisch abbaubar", "Testsieger", "stärkt das Immunsystem"],
        "zh": ["治疗脚痛", "临床验证", "碳中和产品", "环保之选", "屡获大奖", "拥有专利", "医生推荐", "可降解", "销量领先", "提高免疫力"],
    },
    "superlative": {
        "en": ["the best there is", "the finest in town", "simply perfect", "unrivalled comfort", "world-class"],
        "de": ["das Beste, was es gibt", "einfach perfekt", "unübertroffen bequem", "das schönste Stück", "weltklasse"],
        "zh": ["最好的选择", "完美无缺", "无与伦比", "顶级享受", "全球领先"],
    },
    "markup": {
        "en": ["<b>look</b>", "[here](there)", "**now**", "&nbsp;", "[Your Name]"],
        "de": ["<b>schau</b>", "[hier](dort)", "**jetzt**", "&nbsp;", "[Name]"],
        "zh": ["<b>看</b>", "[这里](那里)", "**现在**", "&nbsp;", "[姓名]"],
    },
    "echo": {
        "en": ["Subject: hello", "As an AI language model, I write", "### Response", "<|im_end|>", "Assistant: sure"],
        "de": ["Betreff: hallo", "Als KI-Sprachmodell schreibe ich", "### Antwort", "<|im_end|>", "Assistant: gern"],
        "zh": ["主题:你好", "作为AI语言模型", "### 回答", "<|im_end|>", "Assistant: 好"],
    },
    "slot": {
        "en": ["{product.2.price} for {product.name}", "{product.name} is yours for {product.2.price}", "{price}{price} well spent"],
        "de": ["{product.name} für {product.2.price}", "{product.2.price} kostet {product.name}"],
        "zh": ["{product.name}只要{product.2.price}", "{product.2.price}就能带走{product.name}"],
    },
    "language": {
        "en": ["Das hier ist ein ganz anderer Absatz, den niemand auf Deutsch bestellt hat, und er hört einfach nicht auf, weil das Modell die Sprache verloren hat und weiterredet, als wäre nichts gewesen"],
        "de": ["This is quite another paragraph which nobody asked for in English, and it simply does not stop, because the model has lost its language and goes on talking as if nothing had happened at all"],
        "zh": ["This is quite another paragraph which nobody asked for in English, and it simply does not stop, because the model has lost its language and goes on talking as if nothing had happened at all"],
    },
}
"""By family and language, the words of the lie."""

JOINTS: dict[str, list[str]] = {
    "en": ["{}.", "{}!", "By the way: {}.", "And listen, {}.", "{}, as you like it."],
    "de": ["{}.", "{}!", "Übrigens: {}.", "Und hör zu: {}.", "{}, wie du es magst."],
    "zh": ["{}。", "{}!", "对了,{}。", "悄悄告诉你:{}。"],
}
GENEROUS = ("SKU-3", "SKU-5")
"""Products with free shipping or a guarantee."""

AFTER_SOON = TODAY + timedelta(days=30)
HIDDEN_SHARE = 0.35
"""Of the lies of the strict families, so many are in disguise."""


def plant_lie(random_: random.Random, draft: Draft, families: list[str]) -> LyingDraft:
    """Return a true copy with one lie put in between its sentences, and what the lie is."""
    language = draft.brief.language
    family = random_.choice([one for one in families if is_false(one, draft)])
    words = random_.choice(LIES[family][language])
    needs_slot = "{" in words
    disguise = None
    if family in STRICT and not needs_slot and random_.random() < HIDDEN_SHARE:
        disguise = random_.choice(sorted(DISGUISES))
        told = DISGUISES[disguise](words, random_)
        disguise = disguise if told != words else None
        words = told
    field = "body" if family == "language" else random_.choice(["subject", "body", "body"])
    said = random_.choice(JOINTS[language]).replace("{}", words)
    fields = dict(draft.copy.fields)
    if random_.random() < 0.5:
        fields[field] = f"{said} {fields[field]}"
    else:
        fields[field] = f"{fields[field]} {said}"
    return LyingDraft(
        draft=replace(draft, copy=replace(draft.copy, fields=fields)),
        lie=Lie(family=family, words=words, disguise=disguise, field=field),
    )


def is_false(family: str, draft: Draft) -> bool:
    """Whether such words are untrue of a brief: some shops do give guarantees, or run out."""
    offer, products = draft.brief.offer, [one.product for one in draft.brief.products]
    if family == "scarcity":
        is_low = any(one.stock is not None and 0 < one.stock <= 5 for one in products)
        ends_soon = offer is not None and offer.ends is not None and offer.ends < AFTER_SOON
        return not is_low and not ends_soon
    if family == "promise":
        return not any(one.sku in GENEROUS for one in products)
    return True
