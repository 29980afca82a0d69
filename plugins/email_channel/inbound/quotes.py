"""Cuts off what is not new in a mail: quotes of earlier ones, signatures, what an app adds."""

from __future__ import annotations

import re

MOST_LINES = 2_000

_ATTRIBUTION = re.compile(
    r"^(?:"
    r"(?:on|am|le|el|il|em|op|den|w dniu|dnia)\b.{4,200}"
    r"(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev|napisał\w*)"
    r".{0,60}:"
    r"|.{4,120}(?:wrote|schrieb|a écrit|escribió|ha scritto|skrev)\s?:"
    r"|.{0,120}(?:写道|寫道|书写|のメール|が書きました|さんからのメール)\s?[:：]?"
    r")$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"^[-_=* ]{2,}\s*(?:original message|original-nachricht|ursprüngliche nachricht|"
    r"original-?mail|message d'origine|mensaje original|messaggio originale|mensagem original|"
    r"forwarded message|weitergeleitete nachricht|原始邮件|原始郵件|元のメッセージ|转发邮件)"
    r".{0,40}$"
    r"|^_{20,}$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"^\*?(?:from|von|de|da|van|från|发件人|寄件者|差出人)\*?\s?[:：]", re.IGNORECASE
)
_SENT = re.compile(
    r"^\*?(?:sent|date|gesendet|datum|envoyé|enviado|inviato|data|fecha|skickat|verzonden|"
    r"发送时间|日期|日時|送信日時|時間)\*?\s?[:：]",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"^(?:sent from (?:my|mail for|outlook|yahoo)|get outlook for|von meinem .{1,40}gesendet|"
    r"gesendet (?:von|mit)|envoyé de mon|enviado desde mi|inviato da|发自我的|發自我的|来自我的|"
    r"iphoneから送信|sendt fra min).{0,80}$",
    re.IGNORECASE,
)


def cut_quotes(text: str) -> str:
    """Return the new words of a mail's text.

    An answer may stand above what it quotes, below it, or between its lines. A mail that is a
    quote alone, as somebody forwards one, stays as it is.
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")[:MOST_LINES]]
    kept = _cut_signature(_drop_quoted(_cut_rest(lines)))
    new = _join(kept)
    return new or _join([line.lstrip("> ") for line in lines])


def _cut_rest(lines: list[str]) -> list[str]:
    """Cut off a whole earlier mail that follows without marks, if there is something above it."""
    for place, line in enumerate(lines):
        bare = line.strip()
        below = [one.strip() for one in lines[place + 1 : place + 6]]
        is_head = _FROM.match(bare) and any(_SENT.match(one) for one in below)
        # Between marks and without: an attribution whose quote is not marked by '>'.
        is_told = _is_attribution(lines, place) and not any(
            one.lstrip().startswith(">") for one in lines[place + 1 :]
        )
        if _SEPARATOR.match(bare) or is_head or is_told:
            return lines[:place] if _join(lines[:place]) else lines
    return lines


def _drop_quoted(lines: list[str]) -> list[str]:
    """Leave out lines that are marked as quoted, and what says whose they are."""
    kept: list[str] = []
    for place, line in enumerate(lines):
        if line.lstrip().startswith((">", "\uff1e")):
            while kept and not kept[-1].strip():
                kept.pop()
            continue
        if _is_attribution(lines, place) or (
            place and _is_attribution(lines, place - 1) and line.rstrip().endswith(":")
        ):
            continue
        kept.append(line)
    return kept


def _is_attribution(lines: list[str], place: int) -> bool:
    """Whether a line says who wrote what follows; it may be broken over two lines."""
    line = lines[place].strip()
    if _ATTRIBUTION.match(line) and re.search(r"[\d@<]", line):
        return True
    following = lines[place + 1].strip() if place + 1 < len(lines) else ""
    return bool(
        line
        and following.endswith((":", "："))
        and re.match(r"(?:on|am|le|el|il|em|op|den)\b.*\d", line, re.IGNORECASE)
        and _ATTRIBUTION.match(f"{line} {following}")
    )


def _cut_signature(lines: list[str]) -> list[str]:
    for place, line in enumerate(lines):
        # The mark is '-- '; the space is lost on the way as often as not.
        if line == "--" and _join(lines[:place]):
            return lines[:place]
    return [line for line in lines if not _ADDED.match(line.strip())]


def _join(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
