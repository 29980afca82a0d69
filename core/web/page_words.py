"""The words of customers' pages, in each language that they are shown in."""

from __future__ import annotations

from collections.abc import Mapping

from . import preference_words

DEFAULT = "en"

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "unsubscribe_title": "Unsubscribe",
        "unsubscribe_text": "You get e-mail from {shop}. Shall we stop?",
        "unsubscribe_button": "Unsubscribe",
        "unsubscribed_title": "You are unsubscribed",
        "unsubscribed_text": "{shop} will send you no more e-mail of this kind.",
        "unknown_link_title": "This link does not work",
        "unknown_link_text": "It may have been cut off. Open the message again and click there.",
        "problem_title": "Something is not right on our side",
        "problem_text": "Please try again in a few minutes. Nothing was changed.",
        "us": "us",
    },
    "de": {
        "unsubscribe_title": "Abmelden",
        "unsubscribe_text": "Sie bekommen E-Mails von {shop}. Sollen wir damit aufhören?",
        "unsubscribe_button": "Abmelden",
        "unsubscribed_title": "Sie sind abgemeldet",
        "unsubscribed_text": "{shop} schickt Ihnen keine solchen E-Mails mehr.",
        "unknown_link_title": "Dieser Link führt nirgendwohin",
        "unknown_link_text": "Vielleicht wurde er abgeschnitten. Öffnen Sie die Nachricht noch "
        "einmal und klicken Sie dort.",
        "problem_title": "Bei uns stimmt etwas nicht",
        "problem_text": "Bitte versuchen Sie es in einigen Minuten noch einmal. Es wurde nichts "
        "geändert.",
        "us": "uns",
    },
    "zh": {
        "unsubscribe_title": "退订",
        "unsubscribe_text": "您正在接收{shop}的邮件。要停止吗？",
        "unsubscribe_button": "退订",
        "unsubscribed_title": "您已退订",
        "unsubscribed_text": "{shop}不会再给您发送此类邮件。",
        "unknown_link_title": "此链接无效",
        "unknown_link_text": "链接可能不完整。请重新打开邮件，再点击一次。",
        "problem_title": "我们这边出了点问题",
        "problem_text": "请过几分钟再试。您的设置没有改变。",
        "us": "我们",
    },
}


def choose_language(known: str | None, accepted: str) -> str:
    """Return the language of a page.

    Args:
        known: BCP 47 tag of her language, or None.
        accepted: What her browser says in `Accept-Language`.
    """
    for tag in [known or "", *_read_accepted(accepted)]:
        base = tag.split("-")[0].lower()
        if base in WORDS:
            return base
    return DEFAULT


def find_words(language: str) -> Mapping[str, str]:
    """Return the words of a language that `choose_language` answered."""
    return {**WORDS[language], **preference_words.WORDS[language]}


def _read_accepted(header: str) -> list[str]:
    """Return the tags of a header, the most wanted first; what cannot be read is left out."""
    found: list[tuple[float, str]] = []
    for part in header[:500].split(",")[:20]:
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.partition("=")[2]) if quality else 1.0
        except ValueError:
            continue
        if tag and weight > 0:
            found.append((weight, tag))
    return [tag for _, tag in sorted(found, key=lambda one: -one[0])]
