"""The rule of markup: a copy is plain text; tags, entities and templates are none of it."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .words import compile_pattern

_BLANKS = (
    "name|first ?name|last ?name|your name|customer|recipient|product|product name|price|link|date|"
    "brand|company|code|insert[^\\]\\[]{0,40}|your [^\\]\\[]{0,30}|vorname|nachname|produkt|preis|"
    "datum|"
    "firma|marke|shop|name des [^\\]\\[]{0,20}|姓名|名字|产品|价格|日期|链接|品牌|公司"
)
MARKUP = (
    r"<[a-z/!?][^<>\n]{0,400}>?|&(?:[a-z]{2,10}|#x?[0-9a-f]{1,6});|"
    r"!?\[[^\]\[]{0,200}\]\([^)(]{0,400}\)|\[/?(?:b|i|u|url|img|color|size|quote|"
    r"code)(?:=[^\]]{0,100})?\]|"
    rf"\[(?:{_BLANKS})\]|<(?:{_BLANKS})>|"
    r"\{\{|\}\}|\{%|%\}|\$\{|<%|%>|%%[a-z_]{1,30}%%|\*\|[a-z_:]{1,30}\|\*|"
    r"```|`[^`\n]{1,80}`|\*\*[^*\n]{1,200}\*\*|(?<!\w)__[^_\n]{1,200}__(?!\w)|(?:^|\n)#{1,6} |"
    r"(?:^|\n)\|[^\n]{1,200}\||(?:^|\n)(?:---|===|\*\*\*)(?:\n|$)|%s(?!\w)|(?<!\w)\$[a-z_]{2,30}"
)


def find_markup(case: Case) -> Iterator[Objection]:
    """Object to HTML, entities, Markdown, template code and blanks that nobody filled in."""
    for passage, reading, found in case.search(compile_pattern(MARKUP)):
        yield refuse("markup", passage, reading, found.span(), "markup, where plain text is due")
