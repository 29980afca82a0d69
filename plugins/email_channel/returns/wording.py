"""What servers mean by their words: patterns of refusals, in the languages they are written in.

The order decides: a full mailbox and a block are named before the address is called unknown,
because many servers add a general sentence about unknown addresses to whatever they refuse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Weight = Literal["hard", "weak", "soft"]
"""`hard` means it whatever the code; `weak` only when the code is a permanent one."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A reason with the words that give it."""

    reason: str
    weight: Weight
    pattern: re.Pattern[str]


def _say(reason: str, weight: Weight, *patterns: str) -> Wording:
    return Wording(reason, weight, re.compile("|".join(patterns), re.IGNORECASE))


_WHO = r"(?:user|recipient|address(?:ee)?|mailbox|account|customer|inbox)"

WORDINGS: tuple[Wording, ...] = (
    _say(
        "full", "soft",
        r"(?:mail\s?box|inbox|mail\s?folder|account|user|recipient|mail\s?drop)[^.\n]{0,40}"
        r"\b(?:is |are )?(?:too )?full\b",
        r"over\s?quota|quota (?:is )?(?:exceeded|full)|exceed(?:s|ed|ing)? (?:\w+ ){0,4}quota",
        r"(?:mailbox|storage|disk) (?:size |space )?(?:limit|allocation) (?:\w+ )?exceeded",
        r"out of (?:storage|disk) space|not enough (?:storage|disk) space|mailfull",
        r"(?:insufficient|exceeded) (?:mailbox )?(?:storage|space)\b",
        r"post(?:fach|box)[^.\n]{0,40}(?:voll|überfüllt)|speicherplatz[^.\n]{0,40}überschritten",
        r"bo[iî]te[^.\n]{0,40}pleine|quota (?:d[eé]pass[eé]|superado|superato)",
        r"buz[oó]n[^.\n]{0,40}lleno|casella[^.\n]{0,40}piena|caixa[^.\n]{0,40}cheia",
        r"ящик[^.\n]{0,30}(?:переполнен|заполнен)|容量(?:を超|オーバー|不足)|いっぱい|邮箱已满|信箱已滿",
    ),
    _say(
        "too_large", "soft",
        r"(?:message|mail|content)\s+(?:file )?(?:size|is|too)[^.\n]{0,40}"
        r"(?:exceed|too (?:large|big|long)|limit)",
        r"exceeds? (?:the )?(?:\w+ )?(?:maximum|max\.?) (?:\w+ )?size|message too (?:large|big)",
    ),
    _say(
        "policy", "soft",
        r"spamhaus|spamcop|barracuda|sorbs|uceprotect|abuseat|\brbl\b|dnsbl|senderbase|\bsurbl\b",
        r"black\s?list|block\s?list|deny\s?list|listed (?:at|by|in|on) ",
        r"\bspam(?:ming|my|mer)?\b|\b(?:junk|bulk) mail\b|unsolicited|\bphish|\bvirus\b|malware",
        r"reverse dns|\bptr\b(?: record)?|\brdns\b|no reverse|helo (?:command )?rejected",
        r"\bspf\b|\bdkim\b|\bdmarc\b|authentication (?:level|requirement|check|result)",
        r"unauthenticated (?:e-?mail|mail|message|sender)|sender (?:id|verif)",
        r"reputation|(?:due to|by|of|violates?|local|against) (?:\w+ ){0,2}polic(?:y|ies)\b",
        r"policy (?:violation|reasons?|rejection)|administrative(?:ly)? prohibit",
        r"\b(?:ip|host|client|server|domain|network)\b[^.\n]{0,50}\b(?:blocked|banned|refused)\b",
        r"(?:message|mail|content|connection|access)[^.\n]{0,30}\b(?:was |has been )?(?:blocked|"
        r"denied by)\b|\bblocked by\b|relay(?:ing)?(?: access)? (?:denied|not permitted)",
        r"rate[ -]limit|too many (?:messages|connections|recipients|emails)|at a rate that|throttl",
        r"multiple (?:\w+ ){0,5}addresses in from|from:? header|5322\.from|not rfc ?\d+.compliant",
    ),
    _say(
        "sender", "soft",
        r"after mail from|sender (?:address )?(?:rejected|denied|refused|unknown|blocked|not)",
        r"(?:invalid|unknown|bad|illegal) sender|(?:return|mail) from (?:address|domain)",
        r"(?:sender|sending|from|originating)(?:'s)? domain (?:\w+ ){0,4}(?:not|must|invalid)",
        r"domain of sender",
    ),
    _say(
        "no_user", "hard",
        rf"(?:unknown|no such|non.?existent|invalid|illegal) (?:local |e-?mail )?{_WHO}\b",
        rf"\b{_WHO}\b[^.\n]{{0,70}}\b(?:unknown|invalid|not (?:be )?(?:found|known|listed|exist))",
        rf"\b{_WHO}\b[^.\n]{{0,90}}\b(?:does ?n[o']t|doesn't|did not) exist",
        rf"\b{_WHO}\b[^.\n]{{0,60}}\b(?:was|is|has been|been|now)\b[^.\n]{{0,20}}"
        r"\b(?:disabled|deactivated|discontinued|suspended|closed|deleted|terminated|inactive|"
        r"expired|removed|no longer)\b",
        rf"(?:inactive|disabled|deleted|suspended|closed|expired) (?:e-?mail )?{_WHO}\b",
        rf"no (?:mail\s?box|{_WHO})\b[^.\n]{{0,20}}(?:here|by that name|with that name|found)",
        r"not (?:our|a valid|a local|a known) (?:user|customer|mailbox|recipient|address)",
        r"(?:couldn't|could not|wasn't|was not) (?:be )?found at|address (?:couldn't|could not) be",
        r"no longer (?:works?|employed|with|available|valid|in use|active)|has (?:moved|left)\b",
        r"recipient (?:address )?rejected: access denied|unrouteable address|dest(?:ination)? "
        r"(?:addr|address) (?:unknown|invalid)|mailbox name not allowed|unknown rcpt",
        r"(?:benutzer|empfänger|adresse|konto|postfach)[^.\n]{0,50}(?:unbekannt|existiert nicht|"
        r"nicht gefunden|gibt es nicht|deaktiviert|gesperrt)",
        r"(?:utilisateur|destinataire|adresse|compte)[^.\n]{0,50}(?:inconnue?|n'existe|introuvable|"
        r"d[eé]sactiv[eé])",
        r"(?:usuario|destinatario|cuenta|direcci[oó]n|utente|indirizzo|usu[aá]rio)[^.\n]{0,50}"
        r"(?:desconocid|no existe|no encontrad|inesistente|sconosciut|n[aã]o existe|desconhecid)",
        r"(?:пользовател|получател|адрес|ящик)\w*[^.\n]{0,50}(?:не найден|не существует|неизвест|"
        r"отключ[её]н|заблокирован)",
        r"(?:アドレス|宛先|ユーザ)[^。\n]{0,20}(?:見つかりません|存在しません|不明)",
        r"(?:用户|收件人|邮箱|帳號|账号)[^。\n]{0,12}(?:不存在|未找到|无效|無效)",
    ),
    _say(
        "no_domain", "hard",
        r"(?:host|domain)(?: name)?[^.\n]{0,70}(?:not found|unknown|does ?n[o']t exist|"
        r"couldn't be found|could not be found)",
        r"(?:unknown|no such|illegal|invalid|bad) (?:destination )?(?:host|domain)\b",
        r"nxdomain|null mx|(?:doesn't|does not) (?:receive|accept) (?:e-?)?mail",
        r"no mx (?:record|host)",
        r"dns lookup failure: host|domain (?:is )?(?:parked|expired|inactive)",
    ),
    _say(
        "no_user", "weak",
        rf"\b{_WHO}\b[^.\n]{{0,30}}\bunavailable|cannot deliver to|address rejected\.?\s*$",
        r"recipient not accepted|not accepting (?:network )?(?:mail|messages)",
    ),
    _say(
        "busy", "soft",
        r"try (?:again )?later|temporar(?:y|ily)|gr[ae]y\s?list|resources|timed? ?out|deferred",
        r"connection (?:refused|lost|reset)|too busy|overload|service (?:not )?(?:un)?available",
        r"unable to contact|queue too long|could not load|retry time|vorübergehend|später",
    ),
)  # fmt: skip


def read_wording(text: str) -> Wording | None:
    """Return the first wording that a server's answer has; None when its words say nothing."""
    folded = re.sub(r"\s+", " ", text)
    return next((one for one in WORDINGS if one.pattern.search(folded)), None)


TRIES_ON = re.compile(
    r"warning message only|(?:has been|is) delayed|delayed delivery|not (?:yet )?been delivered|"
    r"will (?:be )?(?:retried|retry|keep trying|continue)|do not need to resend|delay\)|"
    r"delivery (?:delay|warning)|message delayed|wird (?:weiter|erneut) versucht|noch nicht zuge",
    re.IGNORECASE,
)
"""The server still tries."""

GIVES_UP = re.compile(
    r"(?:could|can|was|were)(?: ?n[o']t| not) (?:be )?(?:able to )?(?:be )?deliver|undeliver|"
    r"unable to deliver|not delivered|delivery[^.\n]{0,60}(?:failed|failure)|permanent|failed to "
    r"deliver|returned mail|failure notice|returning message|problem delivering|deliver[^.\n]{0,40}"
    r"(?:unsuccessful|error)|nicht zugestellt|unzustellbar|konnte nicht|non (?:remis|distribu)|"
    r"pas pu être (?:remis|livr)|no (?:se )?(?:pudo|ha podido) (?:ser )?entreg|non recapitat|"
    r"não (?:pôde|foi) (?:ser )?entreg|не (?:может быть )?доставлен|送信できません|"
    r"配信できません|无法送达|退信|未能送达",
    re.IGNORECASE,
)
"""The server gave up."""

FOR_GOOD = re.compile(r"permanent(?:ly)?|for good|i've given up|fatal error|5\d\d ", re.IGNORECASE)
"""It says that trying again is of no use."""
