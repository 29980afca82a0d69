"""Knows automatic answers (RFC 3834): out of office, receipts, challenges. They are no bounces."""

from __future__ import annotations

import re

from .parts import Mail

_SUBJECT = re.compile(
    r"^\W{0,3}(?:auto(?:matic|mated|mat\w*)?[ :_-]{0,3}(?:reply|response|answer)|auto(?:reply|:)|"
    r"out of (?:the )?office|ooo\b|away from|on (?:vacation|holiday|leave)|vacation|"
    r"abwesend|abwesenheit\w*|automatische (?:antwort|abwesenheit\w*)|nicht im (?:büro|haus)|"
    r"r[eé]ponse automatique|absence|absent|message d'absence|"
    r"respuesta autom|fuera de (?:la )?oficina|ausencia|risposta automatica|fuori sede|assenza|"
    r"resposta autom|fora do escrit|aus[eê]ncia|automatisch antwoord|afwezig|"
    r"autosvar|frånvaro|fravær|automaattinen vastaus|automatyczna odpowied|nieobecno|"
    r"автоматический ответ|автоответ|自动回复|自動回覆|自動返信|自動応答|不在|外出中|부재중)",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    r"boxbe|spam ?arrest|tmda|bluebottle|mailblocks|please (?:confirm|verify) (?:your|that you)|"
    r"(?:confirm|verify) (?:that )?you(?:r| are)[^.\n]{0,40}(?:human|sender|message|e?-?mail)|"
    r"challenge[ /-]response|awaiting (?:your )?(?:approval|verification|authorization)|"
    r"whitelist request|your (?:mail|message) (?:is|has been) (?:held|quarantined)",
    re.IGNORECASE,
)
_MARKS = (
    "x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-autoreply-from",
    "x-auto-response", "x-mail-autoreply", "x-away-message", "auto-reply",
)  # fmt: skip


def find_answer(mail: Mail, words: str) -> str | None:
    """Return what an automatic answer is: `away`, `receipt`, `challenge`, `answer`; else None."""
    subject = mail.first("subject").strip()
    if mail.content_type == "multipart/report" and "disposition-notification" in (
        mail.first("content-type").lower()
    ):
        return "receipt"
    submitted = mail.first("auto-submitted").strip().lower()
    precedence = mail.first("precedence").strip().lower()
    is_marked = (
        submitted.startswith(("auto-replied", "auto-generated", "auto-notified"))
        or any(mail.first(name) for name in _MARKS)
        or precedence in ("auto_reply", "auto-reply", "autoreply")
        or mail.first("x-precedence").strip().lower() == "auto_reply"
        or "oof" in mail.first("x-auto-response-suppress").lower().split(",")
    )
    bare = re.sub(r"^(?:(?:re|aw|sv|antw|res|ris|rv)\s*:\s*)+", "", subject, flags=re.IGNORECASE)
    if _CHALLENGE.search(subject) or (is_marked and _CHALLENGE.search(words[:4_000])):
        return "challenge"
    if _SUBJECT.search(bare):
        return "away"
    return "answer" if is_marked else None
