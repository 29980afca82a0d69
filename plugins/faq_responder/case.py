"""One enquiry while it is answered: what was asked, what it was understood as, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ballyhoo import Article, Context, Enquiry, Reply

from .catalogue import Catalogue
from .options import AnswerOptions
from .phrases import find_phrase, find_spoken
from .understanding.understood import Hit, Understood


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that may answer.

    Attributes:
        article: The article.
        hit: Where it was found, and how well it fits.
    """

    article: Article
    hit: Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An enquiry with everything that answering it may look at.

    Attributes:
        enquiry: The enquiry.
        asked: What is looked for: its text, with its subject and what it goes on with.
        understood: What it was understood as.
        found: Articles that she may read, best first.
        context: What the plugin may touch.
        options: The recipe's block.
        catalogue: The titles of the shop's products.
    """

    enquiry: Enquiry
    asked: str
    understood: Understood
    found: tuple[Found, ...]
    context: Context
    options: AnswerOptions
    catalogue: Catalogue

    @property
    def language(self) -> str:
        """The language that she is answered in."""
        return self.understood.language or self.enquiry.language or self.options.language

    def say(self, name: str) -> str:
        """Return a phrase in her language."""
        return find_phrase(name, self.language)

    def reply(self, text: str, **told: Any) -> Reply:
        """Return a reply in the responder's own words; a mail gets a greeting."""
        return Reply(
            text=self.greet(text), language=find_spoken(self.language), details=self.details, **told
        )

    def greet(self, text: str) -> str:
        """Return a text with a greeting where it answers a mail."""
        return f"{self.say('hello')}\n\n{text}" if self.enquiry.subject is not None else text

    @property
    def details(self) -> Mapping[str, Any]:
        """What is kept beside the reply: how it was understood, in numbers and kinds."""
        understood = self.understood
        return {
            "language": understood.language,
            "intent": understood.intent,
            "intent_confidence": round(understood.confidence, 3),
            "in_scope": understood.in_scope,
            "anger": understood.anger,
            "urgency": understood.urgency,
            "entities": sorted({one.kind for one in understood.entities}),
            "fits": [[one.article.id, round(one.hit.fit, 3)] for one in self.found[:3]],
        }


def plain(text: str) -> str:
    """Return a value of a record without the braces that would make it a slot."""
    return text.replace("{", "(").replace("}", ")")
