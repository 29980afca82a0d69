"""Says how hard a text is to read, by the formula of its language."""

from __future__ import annotations

import re

_SENTENCE = re.compile(r"[.!?。！？…\n]+")
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_VOWELS = {
    "en": re.compile("[aeiouy]+"),
    "de": re.compile("(?:ei|ai|ie|au|eu|äu|aa|ee|oo|[aeiouyäöü])"),
}
_SILENT = re.compile(r"(?:[^aeiouyl]e|[^aeiou]es|[^aeioutd]ed)$")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
FEWEST_WORDS = 8
"""Of fewer words, the formulas say nothing."""


def measure_reading(text: str, language: str) -> float | None:
    """Return how easy a text is to read; None when it is too short to say, or in another language.

    English: Flesch (1948), 206.835 - 1.015 words/sentence - 84.6 syllables/word. German: Amstad
    (1978), 180 - words/sentence - 58.5 syllables/word. Chinese: characters per sentence, so that
    a greater number is harder.

    Args:
        text: With a word in the place of each slot.
        language: `en`, `de` or `zh`.
    """
    sentences = [one for one in _SENTENCE.split(text) if _WORD.search(one)]
    if language == "zh":
        letters = len(_HAN.findall(text))
        return letters / len(sentences) if sentences and letters >= FEWEST_WORDS else None
    words = [word for one in sentences for word in _WORD.findall(one)]
    if len(words) < FEWEST_WORDS or language not in _VOWELS:
        return None
    length = len(words) / len(sentences)
    syllables = sum(count_syllables(word, language) for word in words) / len(words)
    if language == "de":
        return 180 - length - 58.5 * syllables
    return 206.835 - 1.015 * length - 84.6 * syllables


def count_syllables(word: str, language: str) -> int:
    """Return how many syllables an English or German word has, by its vowels."""
    found = len(_VOWELS[language].findall(word))
    if language == "en" and found > 1 and _SILENT.search(word):
        found -= 1
    return max(1, found)
