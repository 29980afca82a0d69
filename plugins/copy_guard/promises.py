"""The rule of promises: what is given away, guaranteed or delivered needs the fact."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .concepts import find_concepts
from .lexicon.promises import DELIVERY, GIFTS, GUARANTEES, IN_STOCK, SHIPPING
from .words import compile_pattern, compile_words

_INNOCENT = (
    r"(?<=[a-z])[- ]?free(?=[ -]?(?:living|running|spirit))|"
    r"(?:feel|run|running|roam|roaming|break|breaking|broke|set|sets|care|be|being|stay|move|"
    r"moves|moving|breathe|"
    r"breathes|breathing|hands|worry|born|stress|fancy|wild and|wind|hand|head|mind|you|them|flow|"
    r"swing|still|"
    r"arms|wander|so|and|keep|keeps|kept|fall|falling|walk|both hands|weather) ?-?free(?: (?:to|"
    r"and|as))?(?![a-z])|"
    r"[a-z]{3,20}-free(?![a-z])|"
    r"free(?:-| )?(?:time|spirit\w{0,2}|from|to|as|style|range|flow\w{0,3}|movement|fall|hand|"
    r"hours?|afternoons?|"
    r"days?|evening|weekends?|mind|rein|rid\w{2,3}|and easy|air|world|heart|run\w{0,4}|hiking|"
    r"solo|climb\w{0,3}|"
    r"standing|of (?:worr\w{1,3}|noise|dust|stress|care|fuss|cares|plastic|weight|doubt))(?![a-z])|"
    r"guaranteed to (?:make you )?smile|nicht umsonst|on us all|for life'?s|"
    r"(?:built|made) for life on|life[- ]long|(?:return|returning) (?:it|to the)|next day out|"
    r"(?:the|every) next day|"
    r"am nachsten tag (?:noch|wieder)|保障舒适|ist wieder da|sind wieder da"
)


def find_promises(case: Case) -> Iterator[Objection]:
    """Object to gifts, guarantees and deliveries that neither product nor offer speaks of."""
    said = "promises {}, which no fact of these products says"
    for concepts in (SHIPPING, GUARANTEES, DELIVERY):
        yield from find_concepts(case, "promises", concepts, said, _INNOCENT)
    yield from _find_gifts(case)
    yield from _find_stock(case)


def _find_gifts(case: Case) -> Iterator[Objection]:
    """Object to gifts; free shipping is something else, in the copy as in the facts."""
    free, shipping = compile_words(GIFTS["free"]), compile_words(SHIPPING["free shipping"])
    if free.search(shipping.remove(case.facts.text)):
        return
    innocent = compile_pattern(_INNOCENT)
    for passage, reading, found in case.search(free, shipping, innocent, with_claims=True):
        said = "nothing is given away, as far as the facts say"
        yield refuse("promises", passage, reading, found.span(), said)


def _find_stock(case: Case) -> Iterator[Objection]:
    stocks = [briefed.product.stock for briefed in case.brief.products]
    if not any(one is not None and one > 0 for one in stocks):
        pattern = compile_words(IN_STOCK)
        for passage, reading, found in case.search(pattern, with_claims=True):
            said = "the stock of these products is not known, or there is none"
            yield refuse("promises", passage, reading, found.span(), said)
