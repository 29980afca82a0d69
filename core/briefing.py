"""Makes the brief of a recipient from the recipe: what the copy generator is told, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from .brief import Brief, BriefedProduct, Copy, Offer, Provenance
from .conditions.checked import CheckedCondition
from .customer import Customer
from .recipe.binding import BoundRecipe
from .vector import make_vector

DEFAULT_LANGUAGE = "en"
"""The language of a customer whose language is not known."""

BY_HAND = "recipe"
"""The generator's name in the provenance of copy that stands in the recipe itself."""


def make_brief(
    bound: BoundRecipe,
    customer: Customer,
    *,
    products: Sequence[BriefedProduct],
    offer: Offer | None,
    slots: Iterable[str],
    variant: str | None,
    previous: Sequence[Mapping[str, str]] = (),
    seed: int = 0,
) -> Brief:
    """Return the brief of one recipient's first attempt.

    Args:
        bound: The recipe, with a `generate` block.
        customer: The recipient; of her traits, only those that the recipe allows are told.
        products: Her recommended products, best first.
        offer: The offer that fits her.
        slots: The slots that have a value for her.
        variant: Her arm of the experiment.
        previous: The fields of what she got before, the newest first.
        seed: The seed of the first attempt.
    """
    generate = bound.recipe.generate
    assert generate is not None
    allowed = {name: customer.traits[name] for name in generate.traits if name in customer.traits}
    return Brief(
        campaign=bound.recipe.campaign or "",
        language=customer.language or DEFAULT_LANGUAGE,
        fields=generate.fields,
        slots=tuple(slots),
        products=tuple(products),
        offer=offer,
        traits=allowed,
        variant=variant,
        occasion=_read_option(bound, "occasion"),
        voice=_read_option(bound, "voice"),
        previous=tuple(previous),
        vector=make_vector(customer, [one.product for one in products]),
        seed=seed,
    )


def _read_option(bound: BoundRecipe, name: str) -> str | None:
    """Return what the generator is told by its own option of this name, for reviewers."""
    value = getattr(bound.stages["generate"].options, name, None)
    return value if isinstance(value, str) and value.strip() else None


def take_hand_written(bound: BoundRecipe) -> Copy:
    """Return the copy that stands in the recipe, of a campaign without a generator."""
    deliver = bound.recipe.deliver
    texts = deliver.fields if deliver is not None and deliver.fields is not None else {}
    return Copy(fields=dict(texts), provenance=Provenance(generator=BY_HAND))


def list_offers(bound: BoundRecipe) -> list[tuple[CheckedCondition | None, Offer]]:
    """Return the recipe's offers in order, each with its condition (None: for everybody)."""
    blocks = bound.recipe.generate.offer if bound.recipe.generate is not None else []
    return [
        (block.where, Offer(code=block.code, discount=block.discount, ends=block.ends))
        for block in blocks
    ]
