"""Makes the text part from HTML: what a reader without pictures gets, links kept."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    [
    "address", "article", "blockquote", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "tr", "ul",
]
)  # fmt: skip
_HIDDEN = frozenset({"head", "script", "style", "title", "template"})
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"})
_INVISIBLE = re.compile("[\u00ad\u034f\u200b-\u200f\u2060\ufeff]")


def make_plain_text(html: str) -> str:
    """Return the text of a page: blocks on lines of their own, links after their words."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
    return text.strip() + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden: list[str] = []
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID and (self.hidden or tag in _HIDDEN or _is_hidden(given)):
            self.hidden.append(tag)
            return
        if self.hidden:
            return
        if tag == "br":
            self.parts.append("\n")
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag in ("p", "h1", "h2", "h3", "table") else "\n")
            self.parts.append("* " if tag == "li" else "")
        elif tag == "img" and given.get("alt"):
            self.parts.append(f" {given['alt']} ")
        elif tag == "a":
            self.links.append((given.get("href", ""), len(self.parts)))
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            if tag in self.hidden:
                while self.hidden and self.hidden.pop() != tag:
                    pass
            return
        if tag == "a" and self.links:
            url, start = self.links.pop()
            said = "".join(self.parts[start:]).strip()
            if url.startswith(("http:", "https:", "mailto:")) and said and said != url:
                self.parts.append(f" ({url.removeprefix('mailto:')})")
        elif tag in _BLOCKS:
            self.parts.append("\n\n" if tag in ("p", "h1", "h2", "h3", "table") else "\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(_INVISIBLE.sub("", data).replace("\n", " "))


def _is_hidden(given: dict[str, str]) -> bool:
    style = given.get("style", "").replace(" ", "").lower()
    return "hidden" in given or "display:none" in style or given.get("aria-hidden") == "true"
