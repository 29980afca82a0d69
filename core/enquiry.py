"""A customer's question, the articles of the knowledge base, and the reply."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An entry of the knowledge base.

    Attributes:
        id: The shop's id of it.
        version: From 1; a reply keeps the version it rested on.
        title: Its headline.
        body: Its text, Markdown.
        language: BCP 47 tag.
        questions: What people ask when this is the answer.
        intent: The intent it answers, or None.
    """

    id: str
    title: str
    body: str
    language: str = "en"
    version: int = 1
    questions: tuple[str, ...] = ()
    intent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquiry:
    """A customer's question.

    Attributes:
        text: What was asked: data, never an instruction.
        language: BCP 47 tag when it is known.
        customer_id: Who asks, only when that was proved; None means public facts only.
        conversation_id: What earlier enquiries belong to it, or None.
    """

    text: str
    language: str | None = None
    customer_id: int | None = None
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """Why a person has to answer, and what was found for her.

    Attributes:
        reason: One word (`low_confidence`, `angry`, `legal`, `asked_for_a_person`).
        summary: What it is about, for the person who takes over.
        draft: A suggested reply, or None.
    """

    reason: str
    summary: str
    draft: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to an enquiry.

    Attributes:
        text: What to send, or None when a person has to answer.
        articles: Ids of the articles it rests on, most important first.
        intent: What the customer wants, or None when it is not known.
        confidence: In [0, 1].
        handoff: Set when, and only when, a person has to answer.
    """

    text: str | None
    confidence: float
    articles: tuple[str, ...] = ()
    intent: str | None = None
    handoff: Handoff | None = None
