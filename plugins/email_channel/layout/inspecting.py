"""Looks at templates of the workspace, and at where the links in what they made lead."""

from __future__ import annotations

import re
from html import unescape

from ballyhoo import DataError

from .inlining import JINJA

SCHEMES = frozenset({"http", "https", "mailto", "tel", "sms", "cid"})
"""Where a link or picture of a message may lead."""

_TAG = re.compile(r"<[a-zA-Z](?:\"[^\"]*\"|'[^']*'|[^\"'>])*>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ALT = re.compile(r"\salt\s*=", re.IGNORECASE)
_UNQUOTED = re.compile(r"=\s*[^\s\"'>]*jjj")
_LINK = re.compile(
    r"\b(href|src|background|(?:form)?action)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_USUAL = ("https://", "http://", "mailto:", "tel:")
_UNSEEN = re.compile(r"[\x00-\x20\x7f]")


def inspect_source(name: str, source: str) -> list[str]:
    """Return what is to be said of a template of HTML before anything is made of it.

    Args:
        name: The template's name.
        source: Its text.

    Raises:
        DataError: It puts a value into an attribute without quotes, where a space would end it
            and begin another attribute.
    """
    plain = JINJA.sub("jjj", source)  # with its comments: Outlook reads some of them
    warnings: list[str] = []
    nameless = 0
    for found in _TAG.finditer(plain):
        if _UNQUOTED.search(_QUOTED.sub('""', found[0])):
            raise DataError(
                f"{name}: a value stands in an attribute without quotes",
                hint='write quotes around it: href="{{ product.url }}"',
            )
    for found in _TAG.finditer(_COMMENT.sub("", plain)):
        bare = _QUOTED.sub('""', found[0])
        nameless += bare[:4].lower() == "<img" and not _ALT.search(bare)
    if nameless:
        pictures = "a picture has" if nameless == 1 else f"{nameless} pictures have"
        warnings.append(f'{name}: {pictures} no alt text; alt="" is for what says nothing')
    for _, double, single in _LINK.findall(plain):
        url = double or single
        if url.startswith("http:"):
            warnings.append(f"{name}: {url.partition('jjj')[0]} is not https")
    return list(dict.fromkeys(warnings))


def inspect_links(name: str, html: str) -> list[str]:
    """Return warnings about where the links and pictures of a page lead.

    Args:
        name: Of the template that made it.
        html: The page.

    Raises:
        DataError: One leads to what is none of the web, such as a script: data may say anything.
    """
    warnings: list[str] = []
    for where, double, single in _LINK.findall(html):
        url = double or single
        if url.startswith(_USUAL) or url.startswith("#"):
            continue
        bare = _UNSEEN.sub("", unescape(url)).lower()
        scheme = _SCHEME.match(bare)
        if scheme is None:
            warnings.append(f"{name}: a link or picture leads nowhere; mails need whole addresses")
        elif scheme[1] not in SCHEMES and not (
            where.lower() == "src" and bare.startswith("data:image/")
        ):
            raise DataError(
                f"{name}: {where.lower()} holds an address that begins with '{scheme[1][:20]}:'",
                hint=f"a message leads to {', '.join(sorted(SCHEMES))} only",
            )
    return list(dict.fromkeys(warnings))
