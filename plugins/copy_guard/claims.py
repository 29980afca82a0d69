"""The rules of claims: health, environment, proof and superlatives need a fact or an allowance."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .concepts import find_concepts
from .lexicon.claims import ENVIRONMENT, HEALTH
from .lexicon.proof import PROOF
from .lexicon.superlatives import SUPERLATIVES
from .words import compile_pattern, compile_words

_INNOCENT = (
    r"best (?:wishes|regards|of luck|friends?|foot|of both|before|when|if|laid|time to)|"
    r"(?:all the|at its|at their|at your|do your|my|your|our|her|his) best|"
    r"most (?:of|days|people|mornings|evenings|likely|nights|weekends|things)|at (?:most|last|"
    r"least)|"
    r"(?:on|at|to|over|from|from the|the|to the|near the|at the|a|back to) top(?! quality| seller|"
    r" rated)|top (?:to|of|up|layer|down|shelf|drawer)|(?:tank|crop|hill|mountain|roof|"
    r"table)[- ]?top|from top|at the latest|"
    r"leading (?:to|up|up to|the way|you|out|into|down)|(?:out )?in the world|all over the world|"
    r"the whole world|worlds? (?:away|apart|of)|another worlds?|"
    r"the very top|top off|am besten (?:gleich|noch|mit|bei|schmeckt)|die besten (?:grusse|"
    r"wunsche)|beste (?:grusse|freunde|wunsche|freundin)|besten (?:dank|gruss|freunde|freund)|"
    r"zum besten geben|der welt (?:entfliehen|entkommen|zeigen|draussen)|(?:rest|ende|lauf|welt|"
    r"last) der welt|hochste (?:zeit|eisenbahn)|"
    r"(?:latest|newest|neueste[nrs]?|neuste[nrs]?) (?:at|when)|prefer\w*|healthy (?:appetite|"
    r"respect|dose)|gesunde? (?:skepsis|portion|mischung)|"
    r"tested to|prevents nothing|(?:eine?|mit) gesunden|最后|最近|最终|最初|最爱(?!选择)|最常|"
    r"最想|全球各地|第一(?:次|步|眼|缕|口|站|天|时间|场|片|道)"
)
_SAID = "claims {}, which is neither a fact of these products nor an allowed claim"


def find_claims(case: Case) -> Iterator[Objection]:
    """Object to claims of health, environment and proof."""
    for concepts in (HEALTH, ENVIRONMENT, PROOF):
        yield from find_concepts(case, "claims", concepts, _SAID, _INNOCENT)


def find_superlatives(case: Case) -> Iterator[Objection]:
    """Object to the best, the first, the only: not even a product's own text proves those."""
    pattern, innocent = compile_words(SUPERLATIVES), compile_pattern(_INNOCENT)
    for passage, reading, found in case.search(pattern, innocent, with_claims=True):
        said = "a superlative that the recipe does not allow"
        yield refuse("superlatives", passage, reading, found.span(), said)
