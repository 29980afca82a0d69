"""What a recipe says to copy_guard: each rule on or off, and what the rules need to know."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator

from ballyhoo import Options

Verdict = Literal["refuse", "allow"]

BANDS = ("en", "de", "zh")
"""The languages whose readability can be measured."""


class GuardOptions(Options):
    """The recipe's `review: {copy_guard: ...}` block.

    Attributes:
        numbers: Digits of any script, numbers in words, fractions, percent signs.
        prices: Signs and names of currencies.
        discounts: Words of a reduction without a discount, of an offer without one.
        dates: Days, months and moments.
        slot_sense: Slots that say something else than they are.
        links: Addresses of the web, of mailboxes and accounts.
        markup: HTML, entities, Markdown, template code, blanks.
        characters: Hidden characters, letters of another script.
        scarcity: Pressure of time or stock without the fact.
        promises: Gifts, guarantees, delivery without the fact.
        features: Materials, properties, certificates that the products lack.
        claims: Health, environment, proof.
        superlatives: The best, the first, the only.
        language: Another language than the brief's.
        repetition: Loops, and what is said twice.
        sameness: What this recipient got before.
        echo: Words of the prompt, talk of a model, obeyed instructions.
        allowed_claims: Phrases that a person vouches for.
        banned: Words that must not occur, whatever their case.
        competitors: Names that must not occur, as whole words.
        readability: By language, the band that the measure must lie in.
        low_stock: From so many pieces down, words of low stock are true.
    """

    numbers: Verdict = "refuse"
    prices: Verdict = "refuse"
    discounts: Verdict = "refuse"
    dates: Verdict = "refuse"
    slot_sense: Verdict = "refuse"
    links: Verdict = "refuse"
    markup: Verdict = "refuse"
    characters: Verdict = "refuse"
    scarcity: Verdict = "refuse"
    promises: Verdict = "refuse"
    features: Verdict = "refuse"
    claims: Verdict = "refuse"
    superlatives: Verdict = "refuse"
    language: Verdict = "refuse"
    repetition: Verdict = "refuse"
    sameness: Verdict = "refuse"
    echo: Verdict = "refuse"
    allowed_claims: list[str] = Field(default_factory=list)
    banned: list[str] = Field(default_factory=list)
    competitors: list[str] = Field(default_factory=list)
    readability: dict[str, list[int]] = Field(default_factory=dict)
    low_stock: int = Field(default=5, ge=0)

    @field_validator("readability")
    @classmethod
    def _check_bands(cls, bands: dict[str, list[int]]) -> dict[str, list[int]]:
        for language, band in bands.items():
            if language not in BANDS:
                raise ValueError(f"'{language}' cannot be measured; one of {', '.join(BANDS)}")
            if len(band) != 2 or band[0] > band[1]:
                raise ValueError(f"'{language}' needs two numbers, the lower one first")
        return bands

    @field_validator("allowed_claims", "banned", "competitors")
    @classmethod
    def _check_words(cls, words: list[str]) -> list[str]:
        if any(not one.strip() for one in words):
            raise ValueError("a word must not be empty")
        return words
