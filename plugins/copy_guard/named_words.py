"""The rules of banned words and competitors: what the recipe names must not occur."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .reading import HAN, read


def find_banned(case: Case) -> Iterator[Objection]:
    """Object to words of the recipe's list, also inside of longer words."""
    for word in case.options.banned:
        wanted = re.compile(re.escape(read(word.strip()).bare))
        for passage, reading, found in case.search(wanted):
            yield refuse("banned", passage, reading, found.span(), f"'{word}' is banned")


def find_competitors(case: Case) -> Iterator[Objection]:
    """Object to the names of other houses, as whole words, in the genitive too."""
    for name in case.options.competitors:
        wanted = _compile_name(read(name.strip()).bare)
        for passage, reading, found in case.search(wanted):
            yield refuse("competitors", passage, reading, found.span(), "the name of a competitor")


def _compile_name(name: str) -> re.Pattern[str]:
    if re.search(f"[{HAN}]", name):
        return re.compile(re.escape(name))
    parts = r"[\W_]{0,2}".join(re.escape(part) for part in name.split())
    return re.compile(rf"(?<![a-z0-9]){parts}(?:'?s)?(?![a-z0-9])")
