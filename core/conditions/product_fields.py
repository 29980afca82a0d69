"""The fields of a product that a condition may name."""

from __future__ import annotations

from .fields import FieldSpec, make_field_set

PRODUCT_FIELDS = make_field_set(
    "product",
    (
        FieldSpec(name="id", type="number", help="Ballyhoo's own number of the product."),
        FieldSpec(name="sku", type="text", help="The shop's own id of the product."),
        FieldSpec(
            name="category",
            type="list",
            help="Its categories, from the widest to the narrowest: `'shoes' IN category`.",
        ),
        FieldSpec(name="brand", type="text", help="Its brand."),
        FieldSpec(name="tags", type="list", help="Its tags: `'vegan' IN tags`."),
        FieldSpec(
            name="price",
            type="number",
            help="Its price in whole units of the currency asked for, or of its only one.",
        ),
        FieldSpec(
            name="list_price",
            type="number",
            help="What it cost before, in the same currency as `price`.",
        ),
        FieldSpec(
            name="on_sale", type="boolean", help="Whether `price` is less than `list_price`."
        ),
        FieldSpec(name="stock", type="number", help="How many pieces there are."),
        FieldSpec(
            name="in_stock",
            type="boolean",
            help="Whether there is a piece; also when `stock` is not known.",
        ),
        FieldSpec(name="rating", type="number", help="Its stars on average, 1 to 5."),
        FieldSpec(name="reviews", type="number", help="How many reviews it has."),
        FieldSpec(name="created_at", type="moment", help="When it first came into the catalogue."),
        FieldSpec(
            name="days_since_added",
            type="number",
            help="Whole days since it first came into the catalogue.",
        ),
    ),
    free=(
        FieldSpec(
            name="attributes",
            type="any",
            help="What the shop says of it under a name of its own, such as `attributes.colour`.",
        ),
    ),
)
"""What a filter of recommendations, a promotion and a description may name."""
