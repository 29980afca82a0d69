"""What a prompt's template may name: the brief in words, with all foreign text quoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ballyhoo import Brief, BriefedProduct, FieldLimits

from ..options import LlmOptions
from .plain import (
    MOST_ATTRIBUTES,
    MOST_PASSAGE,
    describe_person,
    list_offered,
    name_language,
    write_label,
)
from .quoting import quote_text

MOST_PRODUCTS = 3
"""Of how many products a model is told; slots of others are not told either."""

MOST_DESCRIPTION = 300

REASONS = {
    "bought": "the reader bought something like it",
    "viewed": "the reader looked at something like it",
    "goes_with": "it goes with what the reader has",
    "similar": "it is similar to what the reader likes",
    "popular": "many like it",
    "new": "it is new",
    "own_history": "the reader has had it before",
}
ANSWERS = {
    "lines": "with one line for each field: its name, a colon, its text",
    "json": "with one JSON object that has a text for each field",
}


def collect_prompt_facts(brief: Brief, options: LlmOptions, answer: str) -> dict[str, Any]:
    """Return what a template may name.

    Args:
        brief: What is to be written, and about what.
        options: Voice, occasion, audience and examples.
        answer: `lines` or `json`: how the model is to answer.
    """
    products = brief.products[:MOST_PRODUCTS]
    return {
        "language": write_language(brief.language),
        "voice": quote_text(options.voice or brief.voice or ""),
        "occasion": quote_text(options.occasion or brief.occasion or ""),
        "audience": quote_text(options.audience or ""),
        "campaign": quote_text(brief.campaign),
        "offer": list_offered(brief.offer),
        "products": [_describe(one, brief.language) for one in products],
        "slots": list_told_slots(brief.slots, len(products)),
        "person": _quote(describe_person(brief)),
        "fields": [_describe_field(name, limits) for name, limits in brief.fields.items()],
        "examples": quote_examples(options.examples),
        "answer": ANSWERS[answer],
        "question": _quote(brief.question or "", MOST_PASSAGE),
        "passages": [_quote(one, MOST_PASSAGE) for one in brief.passages],
    }


def write_language(tag: str) -> str:
    """Return the English name of a language (`German`), or its tag when it has none."""
    from babel import Locale, UnknownLocaleError

    try:
        name = Locale.parse(name_language(tag), sep="-").get_display_name("en")
    except (UnknownLocaleError, ValueError):
        return quote_text(tag)
    return name or quote_text(tag)


def list_told_slots(names: Sequence[str], products: int) -> list[str]:
    """Return the slots that a model is told of, those of the first product by their short names."""
    told = []
    for name in names:
        parts = name.split(".")
        if parts[0] == "product" and parts[1].isdigit() and not 2 <= int(parts[1]) <= products:
            continue
        if name in ("product.price", "product.list_price") and parts[1] in names:
            continue
        told.append(name)
    return told


def quote_examples(examples: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return examples with each text on one line; their slots stay."""
    return [
        {quote_text(field): " ".join(text.split()) for field, text in example.items()}
        for example in examples
    ]


def _describe(briefed: BriefedProduct, language: str) -> dict[str, str]:
    product = briefed.product
    tags = (language, language.split("-")[0])
    description = next(
        (product.descriptions[tag] for tag in tags if tag in product.descriptions), ""
    )
    facts = list(product.attributes.items())[:MOST_ATTRIBUTES]
    return {
        "title": _quote(product.title(language)),
        "kind": _quote(product.category[-1] if product.category else ""),
        "brand": _quote(product.brand or ""),
        "facts": "; ".join(f"{_quote(name)} {_quote(value)}" for name, value in facts),
        "description": _quote(description, MOST_DESCRIPTION),
        "reason": REASONS.get(briefed.reason.kind, "") if briefed.reason is not None else "",
    }


def _quote(text: str, most_chars: int = 200) -> str:
    """Return a text that can stand between quotation marks."""
    return quote_text(text, most_chars).translate(str.maketrans('"“”„', "''''"))


def _describe_field(name: str, limits: FieldLimits) -> dict[str, str]:
    bounds = (
        (limits.min_chars, "at least {} characters"),
        (limits.max_chars, "at most {} characters"),
        (limits.min_words, "at least {} words"),
        (limits.max_words, "at most {} words"),
    )
    wanted = [said.format(bound) for bound, said in bounds if bound is not None]
    if limits.tone:
        wanted.append(f"tone: {quote_text(limits.tone)}")
    return {"name": name, "label": write_label(name), "wanted": ", ".join(wanted) or "one line"}
