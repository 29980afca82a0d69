"""Makes text of a mail that is HTML alone: hostile markup costs no more than its length."""

from __future__ import annotations

import re
from html import unescape

MOST_CHARS = 200_000

# No tag reaches over another's beginning: what is cut off costs no second look.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b([^<>]{0,4000})>")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_QUOTED = re.compile(
    r"gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote|divRplyFwdMsg|"
    r"appendonsend|OLK_SRC_BODY_SECTION|zmail_extra",
    re.IGNORECASE,
)
_REST_IS_QUOTED = re.compile(r"divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION", re.IGNORECASE)
_BREAKS = frozenset(
    ["br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
     "pre", "section", "article"]
)  # fmt: skip
_WORDLESS = frozenset({"style", "script", "head", "title", "template"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "wbr", "col", "area"})


def make_text(html: str) -> str:
    """Return the words of a page, without what it quotes of an earlier mail."""
    page = html[:MOST_CHARS]
    words: list[str] = []
    hidden, depth, seen = "", 0, 0
    for tag in _TAG.finditer(page):
        name, closes = tag[2].lower(), bool(tag[1])
        if not hidden:
            words.append(unescape(page[seen : tag.start()]).replace("\n", " "))
            if not closes and _REST_IS_QUOTED.search(tag[3]):
                seen = len(page)
                break
            is_hidden = name in _WORDLESS or name == "blockquote" or _QUOTED.search(tag[3])
            if not closes and is_hidden and name not in _VOID:
                hidden, depth = name, 1
            elif name in _BREAKS:
                words.append("\n")
        elif name == hidden:
            depth += -1 if closes else 1
            hidden = hidden if depth > 0 else ""
        seen = tag.end()
    if not hidden:
        words.append(unescape(page[seen:]).replace("\n", " "))
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(words).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
