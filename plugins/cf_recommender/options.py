"""The recipe's `recommend` block."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from ballyhoo import CheckedCondition, Duration, Options, ProductCondition

from .conditions import list_conditions

MOST_PRODUCTS = 50
OF_HERS = ("cart", "last_purchase", "last_view")
"""What `to` may name of the customer's own, in the order in which they are tried."""

TRAINED_BY = (
    "algorithm",
    "settings",
    "weights",
    "stars",
    "half_life",
    "popularity",
    "learn",
    "embed",
)
"""The options that training looks at."""

Algorithm = Literal[
    "auto", "ease", "svd", "item_knn",
    "ials",
    "surprise.SVD", "surprise.SVDpp", "surprise.NMF", "surprise.SlopeOne", "surprise.CoClustering",
    "surprise.KNNBasic", "surprise.KNNWithMeans", "surprise.KNNWithZScore", "surprise.KNNBaseline",
    "surprise.BaselineOnly", "surprise.NormalPredictor",
]  # fmt: skip
Task = Literal["discover", "replenish", "similar", "popular", "together"]


def _make_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Words = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=255)]],
    BeforeValidator(_make_list),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    ),
]
"""One text, or a list of texts."""


class Popularity(Options):
    """How much counts what everybody buys.

    Attributes:
        window: How far back purchases count.
        share: How much it weighs beside what was learned of her: at 0 nothing, at 1 as much. A
            shop with enough of a past learns that from it, and this is not looked at.
    """

    window: Duration = Field(default=timedelta(days=30), description="How far back it is counted.")
    share: float = Field(
        default=0.5, ge=0, le=10, description="What it weighs beside what was learned of her."
    )


class PriceRange(Options):
    """What a product may cost.

    Attributes:
        min: At least, in whole units of the product's only currency.
        max: At most.
    """

    min: float | None = Field(default=None, ge=0, description="At least.")
    max: float | None = Field(default=None, ge=0, description="At most.")

    @model_validator(mode="after")
    def _check_order(self) -> PriceRange:
        if self.min is None and self.max is None:
            raise ValueError("give 'min', 'max' or both")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("'min' is more than 'max'")
        return self


class Filters(Options):
    """Which products may be recommended; all that is said must hold.

    Attributes:
        in_stock: Only what can be had.
        price: What it may cost.
        category: In one of these categories, at any level.
        brand: Of one of these brands.
        not_bought_days: Not what she bought within so many days.
        where: A condition over the product.
    """

    in_stock: bool = Field(default=True, description="Only products that can be had.")
    price: PriceRange | None = Field(default=None, description="What a product may cost.")
    category: Words = Field(default_factory=list, description="In one of these categories.")
    brand: Words = Field(default_factory=list, description="Of one of these brands.")
    not_bought_days: int | None = Field(
        default=None, ge=1, le=3660, description="Not what she bought within so many days."
    )
    where: ProductCondition | None = Field(default=None, description="Which products, in words.")


class Promotion(Options):
    """Places that are kept for some products.

    Attributes:
        where: For which: the best of them for her.
        slots: How many places.
    """

    where: ProductCondition = Field(description="Which products the places are kept for.")
    slots: int = Field(default=1, ge=1, le=MOST_PRODUCTS, description="How many places.")


class CfOptions(Options):
    """The recipe's `recommend` block.

    Attributes:
        task: What is asked for.
        top: How many products at most.
        to: What `similar` and `together` start from: `cart`, `last_purchase`, `last_view`, or
            products by their sku; empty: the first of those three that she has.
        filters: Which products may be recommended.
        promote: Places that are kept for some products.
        explore: The share of places for products that are new in the shop, 0 to 1.
        new_within: How long a product is new.
        max_per_category: How many products of one category at most.
        diversity: How much products differ from each other, 0 to 1.
        algorithm: What learns.
        settings: Of the algorithm, by name.
        weights: What an event of a kind is worth.
        stars: Whether reviews count too.
        half_life: After how long an event counts half.
        popularity: How much counts what everybody buys.
        learn: Whether the order of products is learned from the shop's own past, where it has
            enough of one.
        embed: A language model that helps to tell which products are alike.
    """

    task: Task = Field(default="discover", description="What is asked for.")
    top: int = Field(default=3, ge=1, le=MOST_PRODUCTS, description="How many products at most.")
    to: Words = Field(
        default_factory=list, description="What similar and together start from: hers, or skus."
    )
    filters: Filters = Field(default_factory=Filters, description="Which products may be shown.")
    promote: Promotion | None = Field(default=None, description="Places for some products.")
    explore: float = Field(
        default=0, ge=0, le=1, description="The share of places for new products."
    )
    new_within: Duration = Field(
        default=timedelta(days=30), description="How long a product is new."
    )
    max_per_category: int | None = Field(
        default=None, ge=1, description="How many products of one category at most."
    )
    diversity: float = Field(default=0, ge=0, le=1, description="How much products differ.")
    algorithm: Algorithm = Field(default="auto", description="What learns.")
    settings: dict[str, Any] = Field(default_factory=dict, description="Of the algorithm.")
    weights: dict[str, float] = Field(
        default_factory=lambda: {"view": 0.1, "cart": 0.3, "purchase": 1.0, "return": -1.0},
        description="What an event of a kind is worth.",
    )
    stars: bool = Field(default=False, description="Whether reviews count too.")
    half_life: Duration = Field(
        default=timedelta(days=90), description="After how long an event counts half."
    )
    popularity: Popularity = Field(
        default_factory=Popularity, description="How much counts what everybody buys."
    )
    learn: bool = Field(
        default=True, description="Whether the order of products is learned from the past too."
    )
    embed: str | None = Field(
        default=None, min_length=1, description="A language model: a folder, or an id of a hub."
    )

    def training_options(self) -> CfOptions:
        """Return the options with all that makes no difference to training left as it is by itself.

        So that recipes and variants that differ in the rest share what was learned.
        """
        learned = {name: getattr(self, name) for name in TRAINED_BY}
        return CfOptions.model_construct(**learned)

    def product_conditions(self) -> list[CheckedCondition]:
        """Return what must hold of a product also when its message leaves."""
        return list_conditions(self.filters)

    @classmethod
    def search_space(cls) -> dict[str, list[Any]]:
        """Return what `ballyhoo evaluate --search` tries, by name and in the words of a recipe."""
        return {
            "algorithm": ["ease", "ials", "item_knn"],
            "half_life": ["30d", "90d", "180d"],
            "popularity.share": [0.2, 0.5, 1.0],
            "popularity.window": ["14d", "30d", "60d"],
            "learn": [True, False],
        }

    @model_validator(mode="after")
    def _check_together(self) -> CfOptions:
        if self.to and self.task not in ("similar", "together"):
            raise ValueError("'to' is for the tasks 'similar' and 'together'")
        if self.promote is not None and self.promote.slots > self.top:
            raise ValueError(
                f"promote keeps {self.promote.slots} places, where 'top' has {self.top}"
            )
        named = [one for one in self.to if one in OF_HERS]
        if named and len(named) != len(self.to):
            raise ValueError(f"'to' names either products or some of {', '.join(OF_HERS)}")
        return self
