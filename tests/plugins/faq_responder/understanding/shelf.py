"""A small knowledge base in three languages, invented for the tests."""

from __future__ import annotations

from functools import cache

from ballyhoo import Article, LabelledEnquiry
from ballyhoo.plugins.faq_responder.understanding.model import Understanding

_TOLD: dict[str, dict[str, tuple[str, str, tuple[str, ...]]]] = {
    "return": {
        "en": ("Sending goods back", "You have 30 days. The label lies in the parcel.", (
            "How do I return a jacket?", "Can I send my order back?", "I want to give it back")),
        "de": ("Ware zurücksenden", "Sie haben 30 Tage Zeit. Das Etikett liegt im Paket.", (
            "Wie sende ich eine Jacke zurück?", "Kann ich meine Bestellung zurückgeben?",
            "Ich möchte etwas zurückschicken")),
        "zh": ("退货", "您可以在三十天内退货。退货标签在包裹里。", (
            "怎么退货？", "我想退回这件外套", "买错了可以退吗？")),
    },
    "shipping_cost": {
        "en": ("What shipping costs", "Shipping costs 4.90 EUR, nothing from 60 EUR on.", (
            "How much is delivery?", "Do you deliver for free?", "What are the shipping fees?")),
        "de": ("Versandkosten", "Der Versand kostet 4,90 EUR, ab 60 EUR nichts.", (
            "Was kostet der Versand?", "Liefern Sie kostenlos?", "Wie hoch ist das Porto?")),
        "zh": ("运费", "运费为4.90欧元，满60欧元免运费。", (
            "运费多少钱？", "你们包邮吗？", "送货要收费吗？")),
    },
    "size": {
        "en": ("Which size fits", "Our boots run small. Take one size more.", (
            "Which size should I take?", "Do the boots run small?", "Is there a size chart?")),
        "de": ("Welche Größe passt", "Unsere Stiefel fallen klein aus: eine Nummer mehr.", (
            "Welche Größe soll ich nehmen?", "Fallen die Stiefel klein aus?",
            "Gibt es eine Größentabelle?")),
        "zh": ("尺码", "我们的靴子偏小，请选大一码。", (
            "我应该选什么尺码？", "靴子偏小吗？", "有尺码表吗？")),
    },
    "payment": {
        "en": ("How to pay", "By card, PayPal or bank transfer.", (
            "Which cards do you take?", "Can I pay by PayPal?", "May I pay later?")),
        "de": ("Bezahlen", "Mit Karte, PayPal oder Überweisung.", (
            "Welche Karten nehmen Sie?", "Kann ich mit PayPal bezahlen?",
            "Kann ich auf Rechnung zahlen?")),
        "zh": ("付款方式", "可以用信用卡、支付宝或者银行转账。", (
            "可以用支付宝吗？", "怎么付款？", "能刷信用卡吗？")),
    },
    "warranty": {
        "en": ("Two years of warranty", "If a seam opens within two years we repair it.", (
            "How long is the warranty?", "The zip broke, do you repair it?",
            "My tent has a hole, is that covered?")),
        "de": ("Zwei Jahre Garantie", "Geht in zwei Jahren eine Naht auf, reparieren wir sie.", (
            "Wie lange gilt die Garantie?", "Der Reißverschluss ist kaputt, reparieren Sie ihn?",
            "Mein Zelt hat ein Loch")),
        "zh": ("两年保修", "两年内如果开线，我们免费修理。", (
            "保修多久？", "拉链坏了能修吗？", "帐篷破了怎么办？")),
    },
}  # fmt: skip

ARTICLES = tuple(
    Article(
        id=name, language=language, title=title, body=body, questions=questions,
        version=2 if name == "size" else 1, intent=None if name == "warranty" else name,
    )
    for name, wordings in _TOLD.items()
    for language, (title, body, questions) in wordings.items()
)  # fmt: skip
LABELLED = (
    LabelledEnquiry(text="where does my parcel with the boots go back to", intent="return"),
    LabelledEnquiry(text="ich will das Ding nicht mehr haben", intent="return", language="de"),
)
ASKED = {
    "Can I send the jacket back to you?": ("en", "return"),
    "what will the delivery cost me": ("en", "shipping_cost"),
    "do those boots run small or large?": ("en", "size"),
    "Wie kann ich eine Jacke zurücksenden?": ("de", "return"),
    "Was kostet mich der Versand nach Wien?": ("de", "shipping_cost"),
    "Kann man bei Ihnen mit PayPal bezahlen?": ("de", "payment"),
    "外套可以退货吗": ("zh", "return"),
    "靴子的尺码怎么选": ("zh", "size"),
    "运费要多少": ("zh", "shipping_cost"),
}
"""Questions in other words, their language and their intent."""


@cache
def learn() -> Understanding:
    """Return what is learned from all of it, once."""
    return Understanding.fit(ARTICLES, LABELLED)
