"""The rule of readability: how hard a copy is to read lies within the recipe's band."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection, measure_reading

from .case import Case
from .reading import MARK


def find_readability(case: Case) -> Iterator[Objection]:
    """Object to a copy outside of the band; without one for its language nothing is asked."""
    band = case.options.readability.get(case.language)
    if band is None:
        return
    text = "\n".join(passage.reading.plain for passage in case.passages)
    score = measure_reading(text.replace(MARK, " x "), case.language)
    if score is not None and not band[0] <= score <= band[1]:
        said = f"its readability is {score:.0f}, outside of {band[0]} to {band[1]}"
        yield Objection(rule="readability", message=said)
