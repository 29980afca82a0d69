"""What is understood of a question, and where its answer may stand."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing that a question names.

    Attributes:
        kind: `order`, `email`, `date`, `amount` or `product`.
        text: As it was written.
        value: In one form: an order's number without signs around it, a date as YYYY-MM-DD or
            --MM-DD without a year, an amount as `12.50 EUR`, an address in small letters, a
            product's title as it was handed in.
        start: Where it begins in the question.
        end: Where it ends, exclusive.
    """

    kind: str
    text: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a question asks for.

    Attributes:
        language: BCP 47 tag; None when nothing tells it.
        intent: What is wanted; None when it is not known.
        confidence: The probability that the intent is right, in [0, 1]; 0 without one.
        in_scope: Whether it asks for anything that the knowledge base speaks of. 95 of 100
            questions that do are taken for such.
        anger: 0 calm, 1 not content, 2 very angry.
        urgency: 0 or 1.
        is_legal: Whether it threatens legal steps, or speaks of them.
        wants_person: Whether a person is asked for.
        wants_to_unsubscribe: Whether the one who writes wants no more messages herself.
        entities: What it names, in the order of the text.
    """

    language: str | None
    intent: str | None
    confidence: float
    in_scope: bool
    anger: int = 0
    urgency: int = 0
    is_legal: bool = False
    wants_person: bool = False
    wants_to_unsubscribe: bool = False
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that a search found.

    Attributes:
        article_id: The shop's id of it.
        language: BCP 47 tag of this wording of it.
        version: The version that was searched.
        score: How well it matches; compares the hits of one question only.
        fit: The probability that it answers the question, in [0, 1].
        passage: The part of its body that matches best.
    """

    article_id: str
    language: str
    version: int
    score: float
    fit: float
    passage: str
