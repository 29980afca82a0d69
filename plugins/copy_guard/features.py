"""The rule of features: a material, a property or a certificate must be a fact of the product."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .concepts import find_concepts
from .lexicon.certificates import CERTIFICATES
from .lexicon.materials import MATERIALS
from .lexicon.properties import PROPERTIES

_INNOCENT = (
    r"(?:golden|silver) lining|steel yourself|nerves of steel|nerven aus stahl|wrapped in cotton|"
    r"in watte|(?:cut|rough) diamond|pearls of|perlen der|smooth as silk|wie seide|bio? zu|"
    r"am buche|"
    r"im samt|sanft und samt|(?:samt|mitsamt) (?:dem|der|den)|in your pocket|pocket[- ]sized|"
    r"out of pocket|"
    r"thermal (?:bath|springs?)|thermo(?:meter|logie)|under the hood|carbon (?:neutral|footprint)|"
    r"carbon ?neutral\w*|"
    r"regional(?:bahn|zug|express)|(?:den|allen|einen|durch|unter|im|alte[rn]?) (?:eichen?|"
    r"buchen?)|"
    r"(?:old|tall|under the|an?) (?:oak|beech)|elastic step|entspannt|titanen|titanisch|albumin|"
    r"alumni\w*|made in (?:heaven|the shade)|wolle(?:n|st|t)? (?:wir|sie|ihr|dich|dir|man)|(?:wir|"
    r"sie|die|das|es) wollen|"
    r"wollen (?:wir|sie|dich|die|das|es|nicht|mehr|raus|hinaus|los|gehen)|cord(?:ial|on)\w*|"
    r"mit reisverschluss|棉花糖|木棉花"
)


def find_features(case: Case) -> Iterator[Objection]:
    """Object to features of the lexicon and words of the catalogue that these products lack."""
    said = "claims '{}', which is no fact of these products"
    for concepts in (PROPERTIES, MATERIALS, CERTIFICATES):
        yield from find_concepts(case, "features", concepts, said, _INNOCENT)
    for passage in case.passages:
        for start, end in case.vocabulary(passage.reading.bare):
            word = passage.reading.bare[start:end]
            if not case.facts.text.count(word):
                said = "a word of other products in the catalogue, no fact of these"
                yield refuse("features", passage, passage.reading, (start, end), said)
