"""A brief and the copy that answers it, with what reviewers object to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from .customer import TraitValue
from .product import Product, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLimits:
    """What one field of a copy must keep to; None means no limit.

    Attributes:
        max_chars: Most characters (code points), slots filled.
        max_words: Most words, slots filled.
        min_chars: Fewest characters.
        min_words: Fewest words.
        tone: How it should sound, in the recipe's own words.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    max_chars: int | None = None
    max_words: int | None = None
    min_chars: int | None = None
    min_words: int | None = None
    tone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is offered to one recipient.

    Attributes:
        code: What she types at the till, or None.
        discount: As it is written in the recipe (`20%`, `5.00 EUR`), or None.
        ends: Its last day, or None.
    """

    code: str | None = None
    discount: str | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefedProduct:
    """A product of a brief.

    Attributes:
        product: The product.
        reason: Why it was recommended; None when it was not.
        is_fallback: Whether it was chosen without knowing anything of her.
        led_by: The product that the reason names, once the message is composed; of a later attempt
            its titles alone.
    """

    product: Product
    reason: Reason | None = None
    is_fallback: bool = False
    led_by: Product | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What the copy generator is told about one recipient; no name, address or other identity.

    Attributes:
        campaign: The campaign's name.
        language: BCP 47 tag the copy must be written in.
        fields: The fields wanted, each with its limits.
        slots: Names of the slots that have a value for this recipient; only these may be used.
        products: Recommended products, best first.
        offer: The offer that fits this recipient, or None.
        traits: The customer fields that the recipe allows a model to see.
        variant: The arm of the experiment, or None without one.
        occasion: What the campaign is about, in the recipe's own words: the generator's option of
            this name, or None.
        voice: How it should sound, in the recipe's own words: the generator's option of this name,
            or None.
        previous: The fields of the messages that she got before, slots unfilled, the newest first:
            for reviewers, who may refuse what she has read already. Never a part of a prompt.
        vector: What she and her products are in numbers; `core/vector.py` says which. For choosing,
            not for writing: recipients with other numbers may share a copy.
        question: What is to be answered, as data, never an instruction; None where a message is
            written.
        passages: The only texts that the answer may rest on; data too.
        attempt: From 1; greater when reviewers refused the copy before.
        seed: For everything random in this attempt.
    """

    campaign: str
    language: str
    fields: Mapping[str, FieldLimits]
    slots: tuple[str, ...] = ()
    products: tuple[BriefedProduct, ...] = ()
    offer: Offer | None = None
    traits: Mapping[str, TraitValue] = field(default_factory=dict)
    variant: str | None = None
    occasion: str | None = None
    voice: str | None = None
    previous: tuple[Mapping[str, str], ...] = ()
    vector: tuple[float, ...] = ()
    question: str | None = None
    passages: tuple[str, ...] = ()
    attempt: int = 1
    seed: int = 0


def name_offer(offer: Offer) -> str:
    """Return what an offer is called in plans and reports: its code, else what it takes off."""
    if offer.code or offer.discount:
        return str(offer.code or offer.discount)
    return "offer" if offer.ends is None else f"until {offer.ends.isoformat()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What produced a copy, kept with the message.

    Attributes:
        generator: The plugin's name.
        model: Model id and revision, or None when none was used.
        engine: How it ran, or None.
        seed: The seed that was used.
        prompt_hash: Hash of the prompt, or None.
        tokens: How many tokens were written, or None.
        seconds: How long it took: of a batch, its part; the core says it where the plugin does not.
    """

    generator: str
    model: str | None = None
    engine: str | None = None
    seed: int | None = None
    prompt_hash: str | None = None
    tokens: int | None = None
    seconds: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The generated fields, with slots still in them.

    Attributes:
        fields: Text by field name: exactly the fields that the brief asked for.
        provenance: What produced it.
        prompt: What a model was told, for a person to look at; it is kept nowhere.
    """

    fields: Mapping[str, str]
    provenance: Provenance
    prompt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What a reviewer has against a copy.

    Attributes:
        rule: Name of the rule that it breaks (`numbers`, `unknown_slot`).
        field: The field it stands in, or None for the copy as a whole.
        message: What is wrong, for a person.
        excerpt: The words objected to, or None.
    """

    rule: str
    message: str
    field: str | None = None
    excerpt: str | None = None
