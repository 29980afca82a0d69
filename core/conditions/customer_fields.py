"""The fields of a customer that a condition may name."""

from __future__ import annotations

from .fields import FieldSpec, make_field_set

CUSTOMER_FIELDS = make_field_set(
    "customer",
    (
        FieldSpec(name="id", type="number", help="Ballyhoo's own number of the customer."),
        FieldSpec(name="language", type="text", help="Language tag, such as 'de' or 'pt-BR'."),
        FieldSpec(name="country", type="text", help="Country code of two letters, such as 'AT'."),
        FieldSpec(name="time_zone", type="text", help="Time zone, such as 'Europe/Vienna'."),
        FieldSpec(name="has_email", type="boolean", help="Whether there is an e-mail address."),
        FieldSpec(name="has_phone", type="boolean", help="Whether there is a phone number."),
        FieldSpec(
            name="consent_email",
            type="boolean",
            help="Whether she agreed to e-mail, and has not withdrawn it since.",
        ),
        FieldSpec(
            name="consent_sms",
            type="boolean",
            help="Whether she agreed to text messages, and has not withdrawn it since.",
        ),
        FieldSpec(name="created_at", type="moment", help="When she became a customer."),
        FieldSpec(
            name="days_since_signup",
            type="number",
            help="Whole days since she became a customer.",
        ),
        FieldSpec(name="orders", type="number", missing=0, help="How many orders she placed."),
        FieldSpec(name="pieces", type="number", missing=0, help="How many pieces she bought."),
        FieldSpec(
            name="returned_pieces",
            type="number",
            missing=0,
            help="How many pieces she sent back.",
        ),
        FieldSpec(
            name="total_spent",
            type="number",
            missing=0,
            help="What she paid less what she got back, in whole units of `currency`.",
        ),
        FieldSpec(
            name="currency",
            type="text",
            help="The currency of her latest purchase, such as 'EUR'.",
        ),
        FieldSpec(name="first_order_at", type="moment", help="When she first ordered."),
        FieldSpec(name="last_order_at", type="moment", help="When she last ordered."),
        FieldSpec(
            name="days_since_first_order",
            type="number",
            help="Whole days since her first order.",
        ),
        FieldSpec(
            name="days_since_last_order",
            type="number",
            help="Whole days since her latest order.",
        ),
        FieldSpec(
            name="reorder_days",
            type="number",
            help="Days between two of her orders, on average; from two orders on.",
        ),
        FieldSpec(
            name="price_low",
            type="number",
            help="A quarter of what she bought cost less a piece, in whole units of `currency`.",
        ),
        FieldSpec(
            name="price_high",
            type="number",
            help="A quarter of what she bought cost more a piece, in whole units of `currency`.",
        ),
        FieldSpec(
            name="favourite_category",
            type="text",
            help="The narrowest category of which she bought most pieces.",
        ),
        FieldSpec(
            name="favourite_brand",
            type="text",
            help="The brand of which she bought most pieces.",
        ),
        FieldSpec(
            name="views",
            type="number",
            missing=0,
            help="How often she looked at a product.",
        ),
        FieldSpec(
            name="last_viewed_at",
            type="moment",
            help="When she last looked at a product.",
        ),
        FieldSpec(
            name="days_since_last_view",
            type="number",
            help="Whole days since she last looked at a product.",
        ),
        FieldSpec(
            name="last_seen_at",
            type="moment",
            help="When she last did anything at all.",
        ),
        FieldSpec(
            name="days_since_last_seen",
            type="number",
            help="Whole days since she last did anything at all.",
        ),
    ),
    free=(
        FieldSpec(
            name="traits",
            type="any",
            help="What the shop knows of her under a name of its own, such as `traits.tier`.",
        ),
        FieldSpec(
            name="consents",
            type="boolean",
            help="Whether she agreed to another channel, such as `consents.push`.",
        ),
    ),
)
"""What a segment, an offer's `where` and a filter of customers may name."""
