"""Writes the prompt for models without a chat template: lines of `Key: value`, then the fields.

    Language: en
    Voice: warm
    Occasion: win-back
    Campaign: spring-trail
    Segment: lapsed runners
    Offer: code discount ends
    Kind: shoes
    Product: Tarn trail shoe
    Facts: material wool; fit wide
    Reason: bought
    Slots: {first_name} {product.name} {price} {offer.code}
    Person: orders 3

    Subject:

What all recipients of a campaign share comes first, so that its keys and values are computed once.
A line of which nothing is known is left out. Each field is one line, and its label is its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ballyhoo import Brief, Offer

from .quoting import quote_text, quote_value

MOST_ATTRIBUTES = 8
MOST_TRAITS = 12
MOST_PASSAGE = 1600
SAME_AS = {"product.price": "price", "product.list_price": "list_price"}
"""Slots that have a shorter name, which is the one that a model is told."""


def write_plain_prompt(
    brief: Brief,
    *,
    voice: str | None = None,
    occasion: str | None = None,
    segment: str | None = None,
) -> str:
    """Return the prompt up to and with the empty line; the first field's label comes next.

    Args:
        brief: What is to be written, and about what.
        voice: How the brand speaks.
        occasion: Why it writes now (`win-back`).
        segment: Whom it writes to, in the recipe's words.
    """
    known = (
        ("Language", name_language(brief.language)),
        ("Voice", quote_text(voice or "")),
        ("Occasion", quote_text(occasion or "")),
        ("Campaign", quote_text(brief.campaign)),
        ("Segment", quote_text(segment or "")),
        ("Offer", " ".join(list_offered(brief.offer))),
        *_describe_product(brief),
        ("Slots", " ".join(f"{{{name}}}" for name in list_slots(brief.slots))),
        ("Person", describe_person(brief)),
        *(("Passage", quote_text(one, MOST_PASSAGE)) for one in brief.passages),
        ("Question", quote_text(brief.question or "", MOST_PASSAGE)),
    )
    return "".join(f"{key}: {value}\n" for key, value in known if value) + "\n"


def write_label(field: str) -> str:
    """Return what stands before a field's text (`Subject:`); the text follows after a space."""
    return f"{field.replace('_', ' ').capitalize()}:"


def name_language(tag: str) -> str:
    """Return a BCP 47 tag without its country: `de-AT` is written as `de`."""
    first, *others = tag.replace("_", "-").split("-")
    script = next((one.title() for one in others if len(one) == 4 and one.isalpha()), None)
    return f"{first.lower()}-{script}" if script else first.lower()


def list_offered(offer: Offer | None) -> list[str]:
    """Return which facts of an offer there are (`code`, `discount`, `ends`); never the facts."""
    if offer is None:
        return []
    return [name for name in ("code", "discount", "ends") if getattr(offer, name)]


def list_slots(names: Sequence[str]) -> list[str]:
    """Return the slots that a model is told of: each once, those of the first product only."""
    return [
        name
        for name in names
        if not (name.startswith("product.") and name.split(".")[1].isdigit())
        and SAME_AS.get(name) not in names
    ]


def describe_person(brief: Brief) -> str:
    """Return the traits that the recipe allows, as `name value; name value`."""
    told = [(name, value) for name, value in brief.traits.items() if value is not None]
    return "; ".join(
        f"{quote_text(name)} {quote_value(value)}" for name, value in told[:MOST_TRAITS]
    )


def _describe_product(brief: Brief) -> Iterator[tuple[str, str]]:
    if not brief.products:
        return
    first = brief.products[0]
    product = first.product
    facts = list(product.attributes.items())[:MOST_ATTRIBUTES]
    yield "Kind", quote_text(product.category[-1] if product.category else "")
    yield "Product", quote_text(product.title(brief.language))
    yield "Facts", "; ".join(f"{quote_text(name)} {quote_text(value)}" for name, value in facts)
    yield "Reason", first.reason.kind if first.reason is not None else ""
