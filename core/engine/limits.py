"""Whether the fields of a message keep to their limits, now that its slots are filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..brief import FieldLimits
from ..message import Channel
from ..recipe.binding import BoundRecipe

Limits = Mapping[str, Sequence[FieldLimits]]
"""By field: what the channel asks of it, and what the recipe does."""


def find_limits(bound: BoundRecipe, channel: Channel) -> Limits:
    """Return the limits of each field of a variant's messages."""
    generate = bound.recipe.generate
    asked = generate.fields if generate is not None else {}
    names = {*channel.fields, *asked}
    return {name: [one[name] for one in (channel.fields, asked) if name in one] for name in names}


def keeps_limits(fields: Mapping[str, str], limits: Limits) -> bool:
    """Whether each field has at most as many characters and words as it may."""
    for name, text in fields.items():
        for one in limits.get(name, ()):
            if one.max_chars is not None and len(text) > one.max_chars:
                return False
            if one.max_words is not None and len(text.split()) > one.max_words:
                return False
    return True
