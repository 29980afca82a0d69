"""Takes the pages of the documentation apart: sections, blocks, links, anchors."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]


@dataclass
class Section:
    """A heading with what stands below it, up to the next heading."""

    title: str
    level: int
    text: str
    blocks: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Page:
    """One page: its sections, links and anchors."""

    path: Path
    text: str
    sections: list[Section]
    links: list[str]

    @property
    def titles(self) -> list[str]:
        return [section.title for section in self.sections]

    @property
    def anchors(self) -> list[str]:
        """Of each heading; the second one with a title gets a number, as GitHub does it."""
        found: list[str] = []
        for title in self.titles:
            anchor = make_anchor(title)
            times = self.titles[: len(found)].count(title)
            found.append(f"{anchor}-{times}" if times else anchor)
        return found

    def below(self, title: str) -> list[Section]:
        """The sections below a heading, itself included."""
        start = self.titles.index(title)
        level = self.sections[start].level
        found = [self.sections[start]]
        for section in self.sections[start + 1 :]:
            if section.level <= level:
                break
            found.append(section)
        return found


def make_anchor(title: str) -> str:
    """Return a heading's anchor as GitHub and MkDocs make it."""
    return re.sub(r"[^\w\s-]", "", title).strip().lower().replace(" ", "-")


def read_page(path: Path) -> Page:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    found: list[tuple[Section, int]] = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.map is not None:
            title = "".join(one.content for one in tokens[at + 1].children or ())
            found.append((Section(title=title, level=int(token.tag[1]), text=""), token.map[0]))
        elif token.type == "fence" and found:
            found[-1][0].blocks.append((token.info, token.content))
        assert token.type != "code_block", f"{path.name}: fence this block:\n{token.content}"
    ends = [line for _, line in found[1:]] + [len(lines)]
    for (section, start), end in zip(found, ends, strict=True):
        section.text = "".join(lines[start + 1 : end])
    return Page(path, text, [section for section, _ in found], find_links(tokens))


def find_links(tokens: list[Token]) -> list[str]:
    links: list[str] = []
    for token in tokens:
        for name in ("href", "src"):
            target = token.attrs.get(name)
            if isinstance(target, str):
                links.append(target)
        links += find_links(token.children or [])
    return links


def list_pages() -> list[Path]:
    """Every page there is, those at the root first."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
