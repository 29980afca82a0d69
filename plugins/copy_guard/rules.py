"""The rules of copy_guard, by the name under which a recipe turns them on and off."""

from __future__ import annotations

from .case import Rule
from .characters import find_characters
from .claims import find_claims, find_superlatives
from .dates import find_dates
from .discounts import find_discounts
from .echo import find_echo
from .features import find_features
from .language import find_language
from .links import find_links
from .markup import find_markup
from .named_words import find_banned, find_competitors
from .numbers import find_numbers, find_prices
from .promises import find_promises
from .readability import find_readability
from .repetition import find_repetition, find_sameness
from .scarcity import find_scarcity
from .slot_sense import find_slot_lies

RULES: dict[str, Rule] = {
    "numbers": find_numbers,
    "prices": find_prices,
    "discounts": find_discounts,
    "dates": find_dates,
    "slot_sense": find_slot_lies,
    "links": find_links,
    "markup": find_markup,
    "characters": find_characters,
    "scarcity": find_scarcity,
    "promises": find_promises,
    "features": find_features,
    "claims": find_claims,
    "superlatives": find_superlatives,
    "language": find_language,
    "repetition": find_repetition,
    "sameness": find_sameness,
    "echo": find_echo,
    "banned": find_banned,
    "competitors": find_competitors,
    "readability": find_readability,
}
"""Those that are `refuse` or `allow`, then those that the recipe gives words or a band."""
