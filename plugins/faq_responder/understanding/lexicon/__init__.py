"""The words by which a temper or a wish is told: a module for each language."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Patterns of one language, for folded text: small letters, plain quotes, one space.

    Attributes:
        displeasure: What somebody says who is not content.
        fury: What somebody says who is very angry; insults.
        stress: Words in front of a word of displeasure that make fury of it.
        legal: Legal steps.
        urgency: It cannot wait.
        person: A person is asked for.
        stop: No more messages, said as a wish or an order.
        stop_others: Where a wish to stop is a question, somebody else's, or told of the past.
        negation: What stands in front of words that are then not meant.
    """

    displeasure: re.Pattern[str]
    fury: re.Pattern[str]
    stress: re.Pattern[str]
    legal: re.Pattern[str]
    urgency: re.Pattern[str]
    person: re.Pattern[str]
    stop: re.Pattern[str]
    stop_others: re.Pattern[str]
    negation: re.Pattern[str]


def compile_words(pattern: str) -> re.Pattern[str]:
    """Return a pattern of whole words; spaces and line ends in it mean nothing."""
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.VERBOSE)


def compile_signs(pattern: str) -> re.Pattern[str]:
    """Return a pattern of a script without spaces."""
    return re.compile(pattern, re.VERBOSE)
