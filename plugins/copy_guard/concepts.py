"""Concepts: what is claimed of a product, each with its words in English, German and Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from ballyhoo import Objection

from .case import Case, refuse
from .lexicon import Concepts
from .reading import read
from .words import compile_pattern, compile_words


def find_concepts(
    case: Case, rule: str, concepts: Concepts, said: str, innocent: str | None = None
) -> Iterator[Objection]:
    """Object to each concept that neither these products nor the recipe's list of claims has.

    Args:
        case: What is judged.
        rule: The rule's name.
        concepts: What is looked for.
        said: What is wrong, with `{}` for the concept.
        innocent: A pattern of phrases in which such words claim nothing.
    """
    harmless = [compile_pattern(innocent)] if innocent is not None else []
    anything = compile_words("\n".join(concepts.values()))
    if not any(True for _ in case.search(anything, *harmless, with_claims=True)):
        return
    claims = [read(one).bare for one in case.options.allowed_claims]
    for name, words in concepts.items():
        pattern = compile_words(words)
        if any(pattern.search(one) for one in claims):
            continue
        for passage, reading, found in case.search(pattern, *harmless, with_claims=True):
            if not case.facts.match(pattern):
                yield refuse(rule, passage, reading, found.span(), said.format(name))
