"""Writes the styles of a template into its tags, once, before any message is rendered.

Mail programs drop what stands in the head. The template is not written anew: a copy of it, with
each tag numbered and Jinja's parts replaced, is given to css-inline, and the style that each tag
gets there is put into the same tag of the template. All else of it stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_PLACE = re.compile(r"jj(\d+)jj")
_SPLIT = re.compile(
    r"(?P<comment><!--.*?-->)|(?P<style><style\b[^>]*>.*?</style\s*>)"
    r"|(?P<tag><[a-zA-Z][^\s/>]*(?:\"[^\"]*\"|'[^']*'|[^\"'>])*>)",
    re.DOTALL | re.IGNORECASE,
)
_STYLE = re.compile(r"""\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_VARIABLE = re.compile(r"var\(--([a-z_-]+)\)")


def inline_styles(source: str, *, css: str = "", variables: Mapping[str, str]) -> str:
    """Return a template with its styles in its tags.

    Args:
        source: A template: a whole page, or a part of one.
        css: Styles that hold besides those of its own `<style>`.
        variables: What stands for `var(--NAME)`.

    Of a `<style>` only what cannot be inlined stays: `@media` and other rules that begin with @.
    """
    parts: list[str] = []

    def put_away(found: re.Match[str]) -> str:
        parts.append(found[0])
        return f"jj{len(parts) - 1}jj"

    plain = JINJA.sub(put_away, fill_variables(source, variables))
    numbered, styles, count = _number_tags(plain)
    sheet = "\n".join([fill_variables(css, variables), *styles])
    if "<body" not in numbered:  # rows alone would be dropped, as no table is around them
        numbered = f"<body><table><tbody>{numbered}</tbody></table></body>"
    found = _ask_inliner(numbered, sheet)
    inlined = _write_styles(plain, found)
    return _PLACE.sub(lambda place: parts[int(place[1])], inlined) if count else source


def fill_variables(text: str, variables: Mapping[str, str]) -> str:
    """Return a text with `var(--NAME)` replaced; a name that is not known stays."""
    return _VARIABLE.sub(lambda found: variables.get(found[1].replace("-", "_"), found[0]), text)


def keep_at_rules(css: str) -> str:
    """Return the rules of a style sheet that begin with @, which cannot be inlined."""
    kept: list[str] = []
    at, depth, start = 0, 0, 0
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for at, sign in enumerate(css):
        if sign == "{":
            depth += 1
        elif sign == "}" or (sign == ";" and depth == 0):
            depth -= sign == "}"
            if depth == 0:
                rule = css[start : at + 1].strip()
                start = at + 1
                if rule.startswith("@"):
                    kept.append(rule)
    return "\n".join(kept)


def _number_tags(plain: str) -> tuple[str, list[str], int]:
    """Return the template with its tags numbered and without styles; the styles; the count."""
    styles: list[str] = []
    count = 0

    def number(found: re.Match[str]) -> str:
        nonlocal count
        if found["comment"]:
            return ""
        if found["style"]:
            styles.append(re.sub(r"^<[^>]*>|</[^>]*>$", "", found[0]))
            return ""
        count += 1
        tag = _STYLE.sub("", found[0])
        end = -2 if tag.endswith("/>") else -1
        return f'{tag[:end]} data-tag="{count}"{tag[end:]}'

    return _SPLIT.sub(number, plain), styles, count


def _ask_inliner(numbered: str, sheet: str) -> dict[int, str]:
    import css_inline

    inliner = css_inline.CSSInliner(extra_css=sheet, load_remote_stylesheets=False)
    found = _Styles()
    found.feed(inliner.inline(numbered))
    return found.styles


class _Styles(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.styles: dict[int, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        number, style = given.get("data-tag"), given.get("style")
        if number and style:
            self.styles[int(number)] = style.strip()


def _write_styles(plain: str, found: Mapping[int, str]) -> str:
    count = 0

    def write(match: re.Match[str]) -> str:
        nonlocal count
        text = match[0]
        if match["comment"]:
            return text
        if match["style"]:
            opening = re.match(r"<[^>]*>", text)
            assert opening is not None
            rules = keep_at_rules(re.sub(r"^<[^>]*>|</[^>]*>$", "", text))
            return f"{opening[0]}\n{rules}\n</style>" if rules else ""
        count += 1
        style = found.get(count)
        if style is None:
            return text
        own = _STYLE.search(text)
        if own is not None:  # hers counts more, so it comes last
            mine = own[1] if own[1] is not None else own[2]
            text = text[: own.start()] + text[own.end() :]
            style = f"{style.rstrip(';')};{mine}"
        end = -2 if text.endswith("/>") else -1
        tight = re.sub(r"\s*([:;,])\s*", r"\1", style).rstrip(";")
        return f'{text[:end].rstrip()} style="{escape(tight)}"{text[end:]}'

    return _SPLIT.sub(write, plain)
