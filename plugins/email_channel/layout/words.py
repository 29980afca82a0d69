"""The words of the layout itself, in the languages that it speaks."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "look": "Have a look", "code": "Your code", "until": "Valid until",
        "was": "Instead of", "view": "View product", "unsubscribe": "Unsubscribe",
        "choose": "Choose what you get",
        "helped": "Did this help?", "yes": "Yes", "no": "No",
        "asked": "You get this message because you wrote to us; it was written by a program.",
        "why": "You get this message because you agreed to hear from us by e-mail.",
        "why_from": "You get this message because you agreed to hear from {brand} by e-mail.",
        "bought": "Because of what you bought", "viewed": "You looked at something like it",
        "bought_named": "Because you bought {name}", "viewed_named": "You looked at {name}",
        "goes_with": "Goes well with what you have", "goes_with_named": "Goes well with {name}",
        "similar": "Close to what you like", "similar_named": "Similar to {name}",
        "popular": "Popular right now", "popular_named": "Popular in {name}",
        "new": "New in the shop",
        "own_history": "You have had it before", "promoted": "Picked for you",
    },
    "de": {
        "look": "Jetzt ansehen", "code": "Ihr Code", "until": "Gültig bis",
        "was": "Statt", "view": "Produkt ansehen", "unsubscribe": "Abmelden",
        "choose": "Einstellungen",
        "helped": "Hat das geholfen?", "yes": "Ja", "no": "Nein",
        "asked": "Sie erhalten diese Nachricht, weil Sie uns geschrieben haben; "
        "ein Programm hat sie verfasst.",
        "why": "Sie erhalten diese Nachricht, weil Sie E-Mails von uns zugestimmt haben.",
        "why_from": "Sie erhalten diese Nachricht, weil Sie E-Mails von {brand} zugestimmt haben.",
        "bought": "Passend zu Ihrem Einkauf", "viewed": "Ähnliches haben Sie angesehen",
        "bought_named": "Weil Sie {name} gekauft haben",
        "viewed_named": "Sie haben {name} angesehen",
        "goes_with": "Passt zu dem, was Sie haben", "goes_with_named": "Passt gut zu: {name}",
        "similar": "Nah an dem, was Sie mögen", "similar_named": "Ähnlich wie: {name}",
        "popular": "Gerade beliebt", "popular_named": "Beliebt in: {name}",
        "new": "Neu im Sortiment",
        "own_history": "Hatten Sie schon einmal", "promoted": "Unsere Empfehlung",
    },
    "fr": {
        "look": "Découvrir", "code": "Votre code", "until": "Valable jusqu’au",
        "was": "Au lieu de", "view": "Voir le produit", "unsubscribe": "Se désabonner",
        "choose": "Vos préférences",
        "helped": "Cela vous a-t-il aidé ?", "yes": "Oui", "no": "Non",
        "asked": "Vous recevez ce message car vous nous avez écrit ; un programme l’a rédigé.",
        "why": "Vous recevez ce message car vous avez accepté nos e-mails.",
        "why_from": "Vous recevez ce message car vous avez accepté les e-mails de {brand}.",
        "bought": "D’après vos achats", "viewed": "Proche de ce que vous avez regardé",
        "bought_named": "Parce que vous avez acheté {name}",
        "viewed_named": "Vous avez regardé {name}",
        "goes_with": "Va bien avec ce que vous avez", "goes_with_named": "Va bien avec : {name}",
        "similar": "Proche de vos goûts", "similar_named": "Semblable à : {name}",
        "popular": "Populaire en ce moment", "popular_named": "Populaire dans : {name}",
        "new": "Nouveauté",
        "own_history": "Vous l’avez déjà eu", "promoted": "Notre sélection",
    },
    "es": {
        "look": "Ver ahora", "code": "Tu código", "until": "Válido hasta el",
        "was": "Antes", "view": "Ver producto", "unsubscribe": "Darse de baja",
        "choose": "Tus preferencias",
        "helped": "¿Le ha servido?", "yes": "Sí", "no": "No",
        "asked": "Recibes este mensaje porque nos escribiste; lo ha redactado un programa.",
        "why": "Recibes este mensaje porque aceptaste nuestros correos.",
        "why_from": "Recibes este mensaje porque aceptaste los correos de {brand}.",
        "bought": "Por lo que compraste", "viewed": "Parecido a lo que viste",
        "bought_named": "Porque compraste {name}", "viewed_named": "Viste {name}",
        "goes_with": "Combina con lo que tienes", "goes_with_named": "Combina con: {name}",
        "similar": "Parecido a lo que te gusta", "similar_named": "Parecido a: {name}",
        "popular": "Popular ahora", "popular_named": "Popular en: {name}",
        "new": "Novedad",
        "own_history": "Ya lo tuviste", "promoted": "Nuestra selección",
    },
    "zh": {
        "look": "立即查看", "code": "您的优惠码", "until": "有效期至",
        "was": "原价", "view": "查看商品", "unsubscribe": "退订",
        "choose": "邮件偏好",
        "helped": "这个回答有帮助吗？", "yes": "有", "no": "没有",
        "asked": "您收到此邮件，是因为您写信给我们；它由程序撰写。",
        "why": "您收到此邮件，是因为您同意接收我们的邮件。",
        "why_from": "您收到此邮件，是因为您同意接收{brand}的邮件。",
        "bought": "根据您的购买推荐", "viewed": "与您看过的商品相似",
        "bought_named": "因为您购买了“{name}”", "viewed_named": "因为您看过“{name}”",
        "goes_with": "与您已有的商品很搭", "goes_with_named": "与“{name}”很搭",
        "similar": "与您的喜好相近", "similar_named": "与“{name}”相似",
        "popular": "近期热门", "popular_named": "“{name}”近期热门",
        "new": "新品",
        "own_history": "您曾经购买过", "promoted": "本店推荐",
    },
}  # fmt: skip
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


def find_words(language: str) -> Mapping[str, str]:
    """Return the layout's words in a language; in English when it does not speak it."""
    return WORDS.get(_base(language), WORDS["en"])


def find_direction(language: str) -> str:
    """Return which way a language is written: `ltr` or `rtl`."""
    return "rtl" if _base(language) in RIGHT_TO_LEFT else "ltr"


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()
