"""The rule of discounts: who says that something costs less needs an offer, or a reduced price."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .lexicon.discounts import OFFERS, REDUCTIONS
from .words import compile_pattern, compile_words

_OFF = (
    r"\ufffc ?off(?![a-z])|(?<![a-z])(?:%|percent|half|money|extra|further|more|"
    r"price) off(?![a-z])|"
    r"(?<![a-z])off (?:everything|all|selected|your (?:next |first )?(?:order|purchase|basket)|"
    r"the (?:list |usual |full )?price)|"
    r"(?<![a-z])save ?\ufffc|(?<![a-z])spare? (?:dir |dir jetzt |jetzt )?\ufffc|省\ufffc|减\ufffc|"
    r"\ufffc ?(?:weniger|guenstiger|gunstiger|less)(?![a-z])"
)
_INNOCENT = (
    r"for sale|big deal|deal with|deals with|real deal|an? great deal of|a good deal of|"
    r"steal (?:the|a|away|your|hearts)|"
    r"to offer|has to offer|have to offer|can offer|we offer|reduced (?:weight|noise|impact)|"
    r"(?:gesenkt\w*|senkt\w*) (?:kopf|blick)|mit gesenktem|"
    r"offers? (?:you |a |an |plenty|room|space|shelter|support|grip|warmth|comfort)|"
    r"die sich sparen|"
    r"kein angebot an|sparsam|\w{0,20}ausverkauft\w{0,2}"
)


def find_discounts(case: Case) -> Iterator[Objection]:
    """Object to words of reduction without a discount, and to words of an offer without one."""
    offer = case.brief.offer
    innocent = compile_pattern(_INNOCENT)
    if not (case.facts.has_reduced_price or (offer and offer.discount)):
        said = "there is neither a discount nor a reduced price"
        for pattern in (compile_words(REDUCTIONS), compile_pattern(_OFF)):
            for passage, reading, found in case.search(pattern, innocent):
                yield refuse("discounts", passage, reading, found.span(), said)
    if offer is None and not case.facts.has_reduced_price:
        for passage, reading, found in case.search(compile_words(OFFERS), innocent):
            yield refuse("discounts", passage, reading, found.span(), "there is no offer")
