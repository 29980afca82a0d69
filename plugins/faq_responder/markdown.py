"""Turns an article's Markdown into plain text, which every channel can show."""

from __future__ import annotations

import re

_RULES = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"```[^\n]*\n(.*?)```", re.DOTALL), r"\1"),
    (re.compile(r"!\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\(<?([^)\s>]+)>?[^)]*\)"), r"\1 (\2)"),
    (re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"^([ \t]*)[*+][ \t]+", re.MULTILINE), r"\1- "),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>\n]*>"), ""),
    (re.compile(r"\n{3,}"), "\n\n"),
)

WRAPPED_WIDTH = 60
"""A shorter line ends where its author wanted it to, as those of an address do."""

_BEGINS = re.compile(r"\s*([-*+]\s|[#>|]|\d+[.)]\s|```|$)")
_STANDS_ALONE = re.compile(r"\s*[#>|]|.*(  |\\)$")
_WIDE = "\u3000"
"""From here on signs need no space between them, and are as wide as two."""


def strip_markdown(text: str) -> str:
    """Return Markdown as plain text: links keep their address, lists their dashes.

    Lines that an editor wrapped are one again: whoever shows the text wraps it anew.
    """
    text = _unwrap(text)
    for pattern, instead in _RULES:
        text = pattern.sub(instead, text)
    return text.strip()


def _unwrap(text: str) -> str:
    lines: list[str] = []
    last, is_code = "", False
    for line in text.splitlines():
        is_fence = line.lstrip().startswith("```")
        if lines and not is_code and _is_wrapped(last) and not _BEGINS.match(line):
            is_wide = last[-1] >= _WIDE and line.lstrip()[0] >= _WIDE
            lines[-1] += ("" if is_wide else " ") + line.lstrip()
        else:
            lines.append(line)
        is_code ^= is_fence
        last = "" if is_fence else line
    return "\n".join(lines)


def _is_wrapped(line: str) -> bool:
    width = len(line) + sum(one >= _WIDE for one in line)
    return width >= WRAPPED_WIDTH and not _STANDS_ALONE.match(line)
