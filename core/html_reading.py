"""Reads of an HTML part what a mail program makes of it: preheader, links, pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

_HIDDEN_TAGS = frozenset({"head", "script", "style", "title", "template", "noscript"})
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"]
)
_FILLER = re.compile("[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2007\u2060-\u2064\ufeff]")
MOST_PREHEADER = 160
"""No mail program shows more of it."""


@dataclass(slots=True)
class HtmlPart:
    """What stands in an HTML part.

    Attributes:
        preheader: The hidden words before the first ones that are seen.
        opening: The first words that are seen: what an inbox shows without a preheader.
        links: Address and words of each link, in order.
        pictures: Address and alternative text of each picture; None is one without.
    """

    preheader: str = ""
    opening: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[tuple[str, str | None]] = field(default_factory=list)


def read_html(html: str) -> HtmlPart:
    """Return what stands in an HTML part; it may be any."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    part = reader.part
    part.preheader = clean_words("".join(reader.before))[:MOST_PREHEADER]
    part.opening = clean_words("".join(reader.seen))[:MOST_PREHEADER]
    return part


def clean_words(text: str) -> str:
    """Return a text on one line, without signs that only keep other words out of an inbox."""
    return " ".join(_FILLER.sub("", text).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.part = HtmlPart()
        self.before: list[str] = []
        self.seen: list[str] = []
        self.seen_chars = 0
        self.open: list[tuple[str, str]] = []
        self.link: str | None = None
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "img":
            alt = (given["alt"] or "") if "alt" in given else None
            self.part.pictures.append((given.get("src") or "", alt))
            self.words.append(alt or "")
        if tag not in _VOID:
            self.open.append((tag, _find_kind(tag, given, self.open)))
        if tag == "a" and given.get("href"):
            self.link, self.words = given["href"], []

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.link is not None:
            self.part.links.append((self.link, clean_words(" ".join(self.words))))
            self.link = None
        if any(one == tag for one, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        kind = self.open[-1][1] if self.open else ""
        if kind == "none":
            return
        if self.link is not None:
            self.words.append(data)
        if kind == "hidden":
            if not self.seen_chars:
                self.before.append(data)
        elif self.seen_chars < MOST_PREHEADER:
            self.seen.append(f"{data} ")
            self.seen_chars += len(data.strip())


def _find_kind(tag: str, given: dict[str, str | None], open_: list[tuple[str, str]]) -> str:
    """Return `none` for what is no text, `hidden` for text that is not seen, "" for other."""
    outer = open_[-1][1] if open_ else ""
    if outer == "none" or tag in _HIDDEN_TAGS:
        return "none"
    style = re.sub(r"\s", "", given.get("style") or "").lower()
    hides = "display:none" in style or "max-height:0" in style or "visibility:hidden" in style
    return "hidden" if outer == "hidden" or hides or "hidden" in given else ""
