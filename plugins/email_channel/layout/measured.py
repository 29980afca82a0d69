"""Lets the links of a page lead through us, and tell of its being opened, where that is wanted."""

from __future__ import annotations

import re
from html import escape, unescape

from ballyhoo import Links, Message

_LINK = re.compile(r"(<a\s(?:[^<>]{0,2000}?\s)?href\s*=\s*)(\"[^\"<>]*\"|'[^'<>]*')", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)


def measure_page(html: str, links: Links, message: Message) -> str:
    """Return a page whose links are those that `links` answers, with a picture that nobody sees.

    The links to unsubscribe and to choose stay as they are, and so does what leads to no page.
    The same page is answered when nothing is measured.

    Args:
        html: The page.
        links: Of the context.
        message: Whose page it is.
    """
    own = (links.unsubscribe(message), links.preferences(message))

    def lead(found: re.Match[str]) -> str:
        url = unescape(found[2][1:-1]).strip()
        if url in own:
            return found[0]
        target = links.click(message, url)
        return found[0] if target == url else f'{found[1]}"{escape(target)}"'

    page = _LINK.sub(lead, html)
    picture = links.open(message)
    if not picture:
        return page
    seen = f'<img src="{escape(picture)}" width="1" height="1" alt="" style="display:block">'
    ends = list(_BODY_END.finditer(page))
    at = ends[-1].start() if ends else len(page)
    return page[:at] + seen + page[at:]
