"""Invents situations: briefs as a shop could give them, with what the copy for them may say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, get_args

from ballyhoo import Brief, BriefedProduct, FieldLimits, Offer, Product, Reason
from ballyhoo.core.product import ReasonKind

from .kind import Kind, load_kinds, load_words, say_fact, translate

LIMITS: Mapping[str, FieldLimits] = {
    "subject": FieldLimits(max_chars=60),
    "preheader": FieldLimits(max_chars=90),
    "headline": FieldLimits(max_chars=60),
    "button": FieldLimits(max_chars=36),
    "push": FieldLimits(max_chars=120),
    "sms": FieldLimits(max_chars=160),
    "blurb": FieldLimits(max_chars=110),
    "promotion": FieldLimits(max_chars=200),
    "description": FieldLimits(max_chars=300),
    "body": FieldLimits(max_words=80),
}
"""What each field keeps to, slots filled; the prompt does not name them."""
SETS = (
    ("subject", "preheader", "body"),
    ("subject", "body"),
    ("subject", "preheader", "headline", "body"),
    ("subject", "preheader", "headline", "body", "button"),
)
OFFERED = (
    ("code", "discount", "ends"),
    ("code", "discount"),
    ("code",),
    ("discount",),
    ("discount", "ends"),
    ("code", "ends"),
    ("ends",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A brief, and what can be said.

    Attributes:
        brief: As the core would give it.
        segment: The segment's name, or None.
        style: The voice of the grammar's phrases, or None for the common ones.
        theme: The occasion of the grammar's phrases, or None.
        kind: The kind of the first product, or None when it is not known.
        facts: What its attributes say, in words of the brief's language.
        seasons: The season in the forms that a sentence needs.
    """

    brief: Brief
    segment: str | None
    style: str | None
    theme: str | None
    kind: Kind | None
    facts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    seasons: Mapping[str, str] = field(default_factory=dict)


def draw_situation(
    random: Random, *, language: str | None = None, fields: Sequence[str] | None = None
) -> Situation:
    """Invent a situation.

    Args:
        random: Decides everything.
        language: `en` or `de`; None draws one.
        fields: The fields wanted; None draws them.
    """
    words = load_words()
    language = language or random.choice(("en", "de"))
    style = random.choice((None, *words["voices"]))
    kind, product, facts = _draw_product(random, language)
    reason = random.choice((None, *get_args(ReasonKind))) if product else None
    offer = _draw_offer(random)
    slots = _draw_slots(random, product, offer)
    occasion, theme, seasons = _draw_occasion(random, slots, language, reason)
    voice = _draw_voice(random, style)
    brief = Brief(
        campaign=_draw_campaign(random),
        language=language,
        fields={name: LIMITS[name] for name in fields or _draw_fields(random)},
        slots=tuple(slots),
        products=_recommend(product, reason),
        offer=offer,
        traits=_draw_traits(random),
        occasion=occasion,
        voice=voice,
        seed=random.getrandbits(31),
    )
    return Situation(
        brief=brief,
        segment=random.choice(words["segments"]) if random.random() < 0.4 else None,
        style=style,
        theme=theme,
        kind=kind,
        facts=facts,
        seasons=seasons,
    )


def _recommend(product: Product | None, reason: ReasonKind | None) -> tuple[BriefedProduct, ...]:
    if product is None:
        return ()
    return (BriefedProduct(product=product, reason=Reason(kind=reason) if reason else None),)


def _draw_fields(random: Random) -> Sequence[str]:
    drawn = random.random()
    if drawn < 0.35:
        return random.choice(SETS)
    if drawn < 0.45:
        return [random.choice(tuple(LIMITS))]
    return random.sample(tuple(LIMITS), random.randint(3, 7))


def _draw_voice(random: Random, style: str | None) -> str | None:
    words = load_words()
    beside: list[str] = random.sample(words["beside_a_voice"], random.choice((0, 0, 1, 2)))
    named = [random.choice(words["voices"][style])] if style else []
    return ", ".join([*named, *beside]) or None


def _draw_occasion(
    random: Random, slots: Sequence[str], language: str, reason: str | None
) -> tuple[str | None, str | None, Mapping[str, str]]:
    """Return the occasion's words, the theme, and the forms of a season."""
    words = load_words()
    by_reason: str | None = words["reasons"].get(reason)
    drawn = random.random()
    if drawn < 0.3:
        return random.choice(words["other_occasions"]) or None, by_reason, {}
    if drawn < 0.45:
        season: Mapping[str, Any] = random.choice(list(words["seasons"].values()))
        said = random.choice(season["said"])
        forms: Sequence[str] = season["de"] if language == "de" else [season["en"]] * 3
        named = dict(zip(("season", "for_season", "bare_season"), forms, strict=True))
        return said, "season", named
    theme = random.choice(list(words["occasions"]))
    said = random.choice(words["occasions"][theme])
    said = said if random.random() < 0.7 else said.lower()
    if theme == "price_drop" and not {"list_price", "offer.discount"} & set(slots):
        return said, by_reason, {}
    return said, theme, {}


def _draw_product(
    random: Random, language: str
) -> tuple[Kind | None, Product | None, Mapping[str, Sequence[str]]]:
    words = load_words()
    if random.random() < 0.06:
        return None, None, {}
    kind = random.choice(load_kinds()) if random.random() < 0.88 else None
    said = "en" if random.random() < 0.4 else language
    named = random.choice(kind.words[said] if kind else words["unknown_kinds"])
    is_in_title = random.random() < 0.6
    is_category = random.random() < 0.85 or not is_in_title
    attributes, facts = _draw_facts(random, kind, language)
    price = Decimal(random.randint(500, 30000)) / 100
    product = Product(
        id=1,
        sku="1",
        titles={language: _draw_title(random, named if is_in_title else None)},
        category=(random.choice((named, named.lower(), named.capitalize())),)
        if is_category
        else (),
        brand=random.choice(words["brands"]) if random.random() < 0.6 else None,
        prices={"EUR": price},
        list_prices={"EUR": price + 10} if random.random() < 0.3 else {},
        attributes=attributes,
    )
    return kind, product, facts


def _draw_facts(
    random: Random, kind: Kind | None, language: str
) -> tuple[dict[str, str], dict[str, list[str]]]:
    words = load_words()
    drawn: list[tuple[str, str]] = []
    facts: dict[str, list[str]] = {}
    possible = list(kind.facts) if kind else []
    for attribute in random.sample(possible, random.randint(0, min(3, len(possible)))):
        value = random.choice(kind.facts[attribute]) if kind else ""
        said = "en" if random.random() < 0.35 else language
        name = random.choice(words["attributes"][attribute])
        drawn.append((name, translate(value, said)))
        told = say_fact(attribute, value, language)
        facts.setdefault("fact", []).append(told)
        if attribute == "material":
            facts["made"] = [told]
    for name, *values in random.sample(words["noise"], random.choice((0, 0, 1, 1, 2))):
        drawn.append((name, random.choice(values)))
    random.shuffle(drawn)
    return dict(drawn), facts


def _draw_title(random: Random, named: str | None) -> str:
    words = load_words()
    parts = ["".join(random.choices(words["syllables"], k=random.choice((1, 2, 2, 3)))).title()]
    if random.random() < 0.3:
        parts.append(random.choice(words["adjectives"]).capitalize())
    if random.random() < 0.15:
        parts.append(str(random.choice((2, 3, 200, 1000))))
    if named:
        parts.append(named)
    if random.random() < 0.15:
        parts.insert(0, random.choice(words["brands"]))
    return " ".join(parts)


def _draw_offer(random: Random) -> Offer | None:
    if random.random() < 0.55:
        return None
    offered = random.choices(OFFERED, weights=(4, 3, 2, 2, 2, 1, 1))[0]
    return Offer(
        code="SPRING20" if "code" in offered else None,
        discount="20%" if "discount" in offered else None,
        ends=date(2026, 4, 30) if "ends" in offered else None,
    )


def _draw_slots(random: Random, product: Product | None, offer: Offer | None) -> list[str]:
    slots: list[str] = []
    if random.random() < 0.7:
        slots.append("first_name")
        slots += ["last_name", "full_name"] if random.random() < 0.6 else []
    if product is not None:
        slots += ["product.name"] if random.random() < 0.95 else []
        slots += ["product.brand"] if product.brand else []
        slots += ["product.category"] if product.category else []
        if product.list_prices or random.random() < 0.85:
            slots.append("price")
        slots += ["list_price"] if product.list_prices else []
    if offer is not None:
        slots += [f"offer.{name}" for name in ("code", "discount", "ends") if getattr(offer, name)]
    return slots


def _draw_traits(random: Random) -> dict[str, str]:
    if random.random() < 0.6:
        return {}
    traits: Sequence[Sequence[str]] = random.sample(load_words()["traits"], random.randint(1, 3))
    return {name: random.choice(values) for name, *values in traits}


def _draw_campaign(random: Random) -> str:
    words = load_words()
    if random.random() < 0.6:
        return str(random.choice(words["campaigns"]))
    return "-".join(
        "".join(random.choices(words["syllables"], k=2)) for _ in range(random.randint(1, 2))
    )
