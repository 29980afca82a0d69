"""How long a text is with its slots filled, as far as that is known before it is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ballyhoo import Brief, BriefedProduct, FieldLimits, write_date, write_price

UNKNOWN = {"first_name": "Maximiliane", "last_name": "Featherstone-Haugh"}
"""Stands for a name, which is not told here: about as long as long ones are."""

_SLOT = re.compile(r"\{([^{}|]*)(?:\|[^{}]*)?\}")


def expect_values(brief: Brief) -> dict[str, str]:
    """Return for each slot of a brief a value as long as the one that will be filled in."""
    values = dict(UNKNOWN)
    values["full_name"] = " ".join(UNKNOWN.values())
    for number, briefed in enumerate(brief.products, start=1):
        for name, value in _describe(briefed, brief.language).items():
            values[f"product.{number}.{name}"] = value
            if number == 1:
                values[f"product.{name}"] = value
                values[name] = value
    offer = brief.offer
    if offer is not None:
        ends = "" if offer.ends is None else write_date(offer.ends, brief.language)
        values |= {
            "offer.code": offer.code or "",
            "offer.discount": offer.discount or "",
            "offer.ends": ends,
        }
    return {name: values.get(name, "") for name in brief.slots}


def _describe(briefed: BriefedProduct, language: str) -> dict[str, str]:
    product = briefed.product
    values = {
        "name": product.title(language),
        "brand": product.brand or "",
        "category": product.category[-1] if product.category else "",
    }
    for name, prices in (("price", product.prices), ("list_price", product.list_prices)):
        written = [write_price(amount, currency, language) for currency, amount in prices.items()]
        values[name] = max(written, key=len, default="")
    return values


def is_over(text: str, limits: FieldLimits, values: Mapping[str, str]) -> bool:
    """Whether a text is over its limits, with its slots empty or filled."""
    return any(
        (limits.max_chars is not None and len(one) > limits.max_chars)
        or (limits.max_words is not None and len(one.split()) > limits.max_words)
        for one in (_SLOT.sub("", text), fill_in(text, values))
    )


def has_least(text: str, limits: FieldLimits) -> bool:
    """Whether a text has the least that its limits ask for, with its slots empty."""
    bare = _SLOT.sub("", text)
    return len(bare) >= (limits.min_chars or 0) and len(bare.split()) >= (limits.min_words or 0)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return a text with values in its slots."""
    return _SLOT.sub(lambda found: values.get(found[1].strip(), ""), text)


def fits_alone(name: str, limits: FieldLimits, values: Mapping[str, str]) -> bool:
    """Whether the value of a slot is within the limits when nothing else stands there."""
    return not is_over(f"{{{name}}}", limits, values)
