"""Makes the site of the pages: what only the tests of the pages read is left out of it.

`<!-- file: PATH -->` becomes the title of the block that follows; blocks that readers do not see
are taken away. Where CommonMark lets a list follow a line at once, MkDocs wants one between.
"""

from __future__ import annotations

import re
from typing import Any

_NAMED = re.compile(r"^<!-- file: (\S+) -->\n```(\w+)\n", re.MULTILINE)
_FENCE = re.compile(r"^```[^\n]*\n.*?^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"^<!--.*?-->\n?", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r'<(div|pre) class="(?=(language-\w+ )?highlight"|mermaid")')
_LIST = re.compile(r"^(?![-#|>\s]|\d+\. )(.+\n)(?=- )", re.MULTILINE)


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return a page as readers of the site get it; MkDocs calls this for each."""
    fences: list[str] = []

    def keep(found: re.Match[str]) -> str:
        fences.append(found[0])
        return f"\0{len(fences) - 1}\0"

    text = _NAMED.sub(r'```{ .\2 title="\1" }' + "\n", markdown)
    text = _COMMENT.sub("", _FENCE.sub(keep, text))
    text = _LIST.sub(r"\1\n", text)
    return re.sub("\0(\\d+)\0", lambda found: fences[int(found[1])], text)


def on_page_content(html: str, **_: Any) -> str:
    """Return a page whose blocks the search passes over: it finds what is said about them."""
    return _BLOCK.sub(r'<\1 data-search-exclude class="', html)
