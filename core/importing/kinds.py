"""What can be imported: the kinds of rows, and the fields that each of them has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldType = Literal[
    "text", "key", "email", "phone", "language", "country", "zone", "boolean", "time", "number",
    "integer", "money", "currency", "stars", "list", "path", "url", "state", "channel", "reason",
    "condition",
    "scalar", "json", "event",
]  # fmt: skip
Grouping = Literal["none", "consecutive", "anywhere"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind.

    Attributes:
        name: As maps write it.
        type: How its values are read.
        is_required: Whether a row without it is rejected.
        aliases: Column names that mean it when there is no map; the field's own name does too.
    """

    name: str
    type: FieldType = "text"
    is_required: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of rows.

    Attributes:
        name: As the command line names it.
        fields: All of them by name.
        families: Fields that take a name of the shop's own after a dot, with their type
            (`traits.size`).
        rest: The family that takes the columns that are not mapped, or "".
        parts: The list that JSON may hold the record's parts in, or "".
        part_prefix: What a field of such a part begins with, which the part leaves out.
        grouping: How rows of one key belong together when the map does not say.
    """

    name: str
    fields: dict[str, Field]
    families: dict[str, FieldType]
    rest: str = ""
    grouping: Grouping = "none"
    parts: str = ""
    part_prefix: str = ""

    def find(self, name: str) -> Field | None:
        """Return a field, also one of a family; None when there is none."""
        field = self.fields.get(name)
        if field is not None:
            return field
        family, dot, own = name.partition(".")
        if family in self.families and (own or not dot):
            return Field(name, self.families[family] if own else "json")
        return None

    def find_part_names(self, field: Field) -> tuple[str, ...]:
        """Return how a part names one of its fields; nothing for a field of the whole."""
        if self.part_prefix:
            own = field.name.removeprefix(self.part_prefix)
            return (own,) if field.name.startswith(self.part_prefix) else ()
        names = (field.name, *field.aliases)
        return names if field.name in LINE_FIELDS else ()


def _kind(
    name: str,
    *fields: Field,
    families: dict[str, FieldType] | None = None,
    rest: str = "",
    grouping: Grouping = "none",
    parts: tuple[str, str] = ("", ""),
) -> Kind:
    named = {field.name: field for field in fields}
    return Kind(name, named, families or {}, rest, grouping, *parts)


_CUSTOMER = (
    Field("customer", "key", aliases=("customer_key", "customer_id")),
    Field("customer_email", "email", aliases=("email", "email_address")),
)

LINE_FIELDS = ("sku", "title", "quantity", "price", "amount", "line_discount", "returned")
"""The fields of an order that each of its lines has."""

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind(
            "customers",
            Field("key", "key", aliases=("id", "customer", "customer_id", "customer_key")),
            Field("email", "email", aliases=("email_address", "e_mail", "mail")),
            Field("phone", "phone", aliases=("phone_number", "mobile")),
            Field("first_name", aliases=("firstname", "given_name")),
            Field("last_name", aliases=("lastname", "surname", "family_name")),
            Field("language", "language", aliases=("locale",)),
            Field("country", "country", aliases=("country_code",)),
            Field("time_zone", "zone", aliases=("timezone",)),
            Field("created_at", "time", aliases=("created",)),
            Field("email_consent", "boolean", aliases=("consent_email", "consent", "opt_in")),
            Field("email_consent_at", "time", aliases=("consent_email_at", "consent_at")),
            Field("email_consent_place", aliases=("consent_email_place", "consent_place")),
            Field("sms_consent", "boolean", aliases=("consent_sms",)),
            Field("sms_consent_at", "time", aliases=("consent_sms_at",)),
            Field("sms_consent_place", aliases=("consent_sms_place",)),
            Field("tracking_consent", "boolean", aliases=("consent_tracking",)),
            Field("tracking_consent_at", "time", aliases=("consent_tracking_at",)),
            Field("tracking_consent_place", aliases=("consent_tracking_place",)),
            families={"traits": "scalar"},
            rest="traits",
        ),
        _kind(
            "products",
            Field("sku", "key", True, aliases=("id", "product_id", "product")),
            Field("title", aliases=("name",)),
            Field("description"),
            Field("language", "language"),
            Field("category", "path", aliases=("categories",)),
            Field("brand", aliases=("vendor", "maker")),
            Field("tags", "list"),
            Field("price", "money"),
            Field("list_price", "money"),
            Field("currency", "currency"),
            Field("stock", "integer", aliases=("quantity", "inventory")),
            Field("url", "url", aliases=("link",)),
            Field("image_url", "url", aliases=("image", "thumbnail", "image_link")),
            Field("variant_sku", "key"),
            Field("variant_title"),
            Field("variant_price", "money"),
            Field("variant_list_price", "money"),
            Field("variant_stock", "integer"),
            families={
                "title": "text",
                "description": "text",
                "price": "money",
                "list_price": "money",
                "attributes": "scalar",
                "variant_attributes": "scalar",
            },
            rest="attributes",
            grouping="consecutive",
            parts=("variants", "variant_"),
        ),
        _kind(
            "orders",
            Field("key", "key", True, aliases=("order", "order_id", "id", "order_key")),
            *_CUSTOMER,
            Field("state", "state", aliases=("status",)),
            Field("placed_at", "time", True, aliases=("date", "at", "created_at", "ordered_at")),
            Field("shipped_at", "time"),
            Field("cancelled_at", "time"),
            Field("returned_at", "time"),
            Field("tracking_url", "url"),
            Field("currency", "currency"),
            Field("total", "money"),
            Field("discount", "money"),
            Field("shipping", "money"),
            Field("code", aliases=("discount_code", "coupon")),
            Field("sku", "key", aliases=("product", "product_id", "variant_sku")),
            Field("title", aliases=("product_title", "name")),
            Field("quantity", "integer"),
            Field("price", "money", aliases=("unit_price",)),
            Field("amount", "money", aliases=("line_total",)),
            Field("line_discount", "money"),
            Field("returned", "integer"),
            grouping="consecutive",
            parts=("lines", ""),
        ),
        _kind(
            "events",
            Field("id", "key", aliases=("event_id",)),
            Field("type", "event", True, aliases=("event", "event_type")),
            Field("at", "time", True, aliases=("time", "timestamp", "date", "created_at")),
            *_CUSTOMER,
            Field("sku", "key", aliases=("product", "product_id", "variant_sku")),
            Field("quantity", "integer"),
            Field("value", "money", aliases=("price", "amount", "revenue")),
            Field("currency", "currency"),
            Field("order", "key", aliases=("order_id", "order_key")),
            families={"properties": "scalar"},
            rest="properties",
        ),
        _kind(
            "reviews",
            Field("id", "key", aliases=("review_id",)),
            Field("sku", "key", True, aliases=("product", "product_id")),
            *_CUSTOMER,
            Field("stars", "stars", True, aliases=("rating",)),
            Field("title", aliases=("headline",)),
            Field("text", aliases=("comment", "body", "review")),
            Field("language", "language"),
            Field("at", "time", True, aliases=("date", "created_at", "time")),
        ),
        _kind(
            "enquiries",
            Field("id", "key", aliases=("enquiry_id",)),
            *_CUSTOMER,
            Field("text", "text", True, aliases=("question", "body", "message")),
            Field("language", "language"),
            Field("at", "time", True, aliases=("date", "created_at", "time")),
            Field("conversation", "key", aliases=("conversation_id", "thread")),
            Field("intent", aliases=("label",)),
        ),
        _kind(
            "articles",
            Field("id", "key", aliases=("article_id", "key", "slug")),
            Field("title", "text", True, aliases=("question", "headline")),
            Field("body", "text", True, aliases=("answer", "text")),
            Field("language", "language"),
            Field("questions", "list"),
            Field("intent"),
            Field("audience", "condition"),
            Field("valid_from", "time"),
            Field("valid_until", "time"),
        ),
        _kind(
            "suppressions",
            Field("address", "text", True, aliases=("email", "email_address", "phone")),
            Field("channel", "channel"),
            Field("reason", "reason"),
            Field("at", "time", aliases=("date", "created_at", "time")),
        ),
    )
}
"""Every kind by name, in the order in which a shop is best imported."""
