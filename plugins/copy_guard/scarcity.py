"""The rule of scarcity: who says that time or stock runs out needs that fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ballyhoo import Objection

from .case import Case, refuse
from .lexicon.scarcity import EDITIONS, STOCK, TIME, TODAY
from .words import compile_pattern, compile_words

SOON = timedelta(days=14)
"""An offer that ends later than this is no last chance."""

_INNOCENT = (
    r"(?:das )?letzte stuck (?:des|vom|am) (?:tag|weg)\w{0,3}|(?:no|never) hurry|without hurry|"
    r"keine? eile|"
    r"(?:few|only a few|just a few|"
    r"last few) (?:steps|words|minutes|"
    r"days out|hours of|things|metres|meters|miles)|(?:nur ein paar|nur wenige) (?:schritte|worte|"
    r"minuten|handgriffe)|"
    r"last one standing|nie wieder (?:nasse|kalte)|never again (?:wet|cold)|not limited to|"
    r"never too late|nie zu spat|"
    r"nicht zu spat|不容错过的风景"
)


def find_scarcity(case: Case) -> Iterator[Objection]:
    """Object to pressure of time without an end of the offer, of stock without low stock."""
    offer, innocent = case.brief.offer, compile_pattern(_INNOCENT)
    ends = offer.ends if offer is not None else None
    wanted: list[tuple[str, str]] = []
    if ends != case.today:
        wanted.append((TODAY, "the offer does not end today"))
    if ends is None or not case.today <= ends <= case.today + SOON:
        wanted.append((TIME, "no offer ends soon"))
    if not _is_low(case):
        wanted.append((STOCK, "the stock of these products is not low"))
    for words, said in wanted:
        for passage, reading, found in case.search(compile_words(words), innocent):
            yield refuse("scarcity", passage, reading, found.span(), said)
    edition = compile_words(EDITIONS)
    for passage, reading, found in case.search(edition, innocent):
        if not case.facts.match(edition):
            said = "no fact says that these products are a limited edition"
            yield refuse("scarcity", passage, reading, found.span(), said)


def _is_low(case: Case) -> bool:
    stocks = [briefed.product.stock for briefed in case.brief.products]
    return any(0 < one <= case.options.low_stock for one in stocks if one is not None)
