"""The rule of links: no address of the web, of a mailbox or of an account."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .words import compile_pattern

_ENDINGS = (
    "com|net|org|info|biz|shop|store|online|site|app|dev|io|ai|co|me|tv|eu|uk|de|at|ch|fr|it|es|nl|"
    "be|pl|cz|dk|se|no|fi|pt|ie|us|ca|au|nz|jp|cn|hk|tw|kr|in|ru|br|top|xyz|club|live|link|ly|gl|"
    "sale|deals|click|page|blog|news|email|world|style|fashion|outdoor|gmbh|koeln|berlin|wien"
)
_CERTAIN_ENDINGS = "com|net|org|info|biz|shop|de|cn|eu|co\\.uk|io"
_NEVER_WORDS = frozenset(
    ("com", "net", "org", "info", "biz", "shop", "store", "online", "site", "app")
)
LINKS = (
    r"(?:h ?t ?t ?p ?s?|[a-z]{2,10}):/{1,2}[^\s]{0,200}|(?<![a-z])(?:hxxps?|ftp|mailto|tel|"
    r"javascript|data):|"
    r"(?<![a-z])www[. ]|@|(?<![a-z])https?(?![a-z])|"
    rf"[^\W_]{{2,60}},(?:{_CERTAIN_ENDINGS})(?![a-z])|"
    rf"[^\W_](?:[\w-]{{0,61}})[.。]\s?(?:{_CERTAIN_ENDINGS})(?![a-z])|"
    r"[^\W_][\w-]{1,61}\.[a-z][a-z-]{1,23}(?![a-z])|(?<![\w.])[a-z]\.[a-z]{2,6}/|"
    rf"[,;] ?(?:dot|punkt|点) ?(?:{_CERTAIN_ENDINGS})(?![a-z])|"
    rf"\s?[\[({{]?\s?(?<![a-z])(?:dot|punkt|点)\s?[\])}}]?\s?(?:{_CERTAIN_ENDINGS})(?![a-z])|"
    rf"(?<=[\w\ufffc])\s?[\[(]\s?[.·]?\s?(?:dot|punkt|点|\.)\s?[\])]\s?(?:{_ENDINGS})(?![a-z])|"
    rf"[\w\ufffc]\s\.\s?(?:{_CERTAIN_ENDINGS})(?![a-z])|"
    r"(?<![a-z])(?:e-?mail|mail|call|phone|whatsapp|text) us at|(?<![a-z])(?:at|bei|"
    r"auf) [\w-]{1,30} dot|"
    r"(?<![a-z])[\[(](?:at|aet|klammeraffe)[\])]|"
    r"[\w\ufffc]/[\w-]{1,40}/|\ufffc ?\. ?(?:com|net|org|de|shop|cn)(?![a-z])|点com|點com|电邮至|"
    r"加微信|微信号"
)


def find_links(case: Case) -> Iterator[Objection]:
    """Object to web addresses, e-mail addresses, accounts, also in words and with gaps."""
    said = "an address; links are the template's"
    for passage, reading, found in case.search(compile_pattern(LINKS)):
        if not _is_end_of_sentence(reading.cased[found.start() : found.end()]):
            yield refuse("links", passage, reading, found.span(), said)


def _is_end_of_sentence(text: str) -> bool:
    """Whether a full stop was meant: the next word begins with a capital, and is no ending."""
    _, dot, ending = text.rpartition(".")
    is_word = ending[:1].isupper() and not ending.isupper()
    return dot != "" and is_word and ending.lower() not in _NEVER_WORDS
