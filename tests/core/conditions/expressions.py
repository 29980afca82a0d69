"""Conditions by chance, as people write them."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

COMPARED = ("=", "!=", "<", "<=", ">", ">=")
NULLS = ("IS NULL", "IS NOT NULL")


def quote(text: str) -> str:
    """Write a text as a condition has it."""
    return "'" + text.replace("'", "''") + "'"


numbers = st.one_of(
    st.integers(-3, 12).map(str),
    st.sampled_from(["0.5", "10.5", "19.99", "20", "30.5", "59", "60", "400", "999999999999"]),
)
texts = st.sampled_from(
    ["gold", "Gold", "10", "DE", "AT", "Österreich", "shoes", "O'Hara", "ÄRGER", "", "Acme", "EUR"]
).map(quote)
patterns = st.sampled_from(
    ["g%", "%OLD", "_old", "ä%", "Ä%", "a\\%", "a%b", "%\\%", "%", "", "a_b", "1_", "d_"]
).map(quote)
moments = st.sampled_from(
    ["2026-05-17", "2026-05-16", "2026-04-01", "2026-05-17T09:30:15.123+00:00",
     "2026-05-17T11:30:15.123+02:00", "1969-12-31", "2025-06-01T00:00:00"]
).map(quote)  # fmt: skip


def _some(values: SearchStrategy[str]) -> SearchStrategy[list[str]]:
    return st.lists(values, min_size=1, max_size=3)


def _compare(
    field: str | SearchStrategy[str], values: SearchStrategy[str], ordered: bool = True
) -> SearchStrategy[str]:
    fields = st.just(field) if isinstance(field, str) else field
    signs = st.sampled_from(COMPARED if ordered else COMPARED[:2])
    tests = [
        st.builds(lambda one, sign, value: f"{one} {sign} {value}", fields, signs, values),
        st.builds(lambda one, sign, value: f"{value} {sign} {one}", fields, signs, values),
        st.builds(lambda one, some: f"{one} IN ({', '.join(some)})", fields, _some(values)),
        st.builds(lambda one, said: f"{one} {said}", fields, st.sampled_from(NULLS)),
    ]
    if ordered:
        tests.append(
            st.builds(
                lambda one, low, high: f"{one} BETWEEN {low} AND {high}", fields, values, values
            )
        )
    return st.one_of(tests)


def _like(field: str) -> SearchStrategy[str]:
    return patterns.map(lambda pattern: f"{field} LIKE {pattern}")


def _pair(
    left: str | SearchStrategy[str], right: str | SearchStrategy[str], ordered: bool = True
) -> SearchStrategy[str]:
    signs = st.sampled_from(COMPARED if ordered else COMPARED[:2])
    sides = [st.just(side) if isinstance(side, str) else side for side in (left, right)]
    return st.builds(lambda a, sign, b: f"{a} {sign} {b}", sides[0], signs, sides[1])


def _call(name: str, arguments: dict[str, SearchStrategy[str]]) -> SearchStrategy[str]:
    given = st.fixed_dictionaries({}, optional=arguments)
    return given.map(
        lambda some: f"{name}({', '.join(f'{key} => {value}' for key, value in some.items())})"
    )


_free = ("traits.tier", "traits.Tier")
_about = {
    "days": st.sampled_from(["0", "1", "7", "30", "30.5", "59", "61"]),
    "category": st.sampled_from(["shoes", "trail 1", "nothing"]).map(quote),
    "product": st.sampled_from(["P-1", "P-5", "P-7-red", "P-99"]).map(quote),
    "brand": st.sampled_from(["Acme", "Bolt"]).map(quote),
}
_often = {"at_least": st.sampled_from(["1", "2", "3"])}
_message = {
    "campaign": st.sampled_from(["spring", "autumn", "none"]).map(quote),
    "days": _about["days"],
    **_often,
}
_types = st.sampled_from(["view", "cart", "purchase", "return"]).map(quote)

function_tests = {
    "did": st.builds(
        lambda kind, rest: f"did({kind}{rest})", _types,
        _call("", {**_about, **_often}).map(lambda c: ", " + c[1:-1] if c != "()" else ""),
    ),
    "bought": _call("bought", {**_about, **_often}),
    "viewed": _call("viewed", {**_about, **_often}),
    "spent": st.one_of(
        _compare(_call("spent", _about), numbers),
        _pair(_call("spent", _about), "total_spent"),
        _pair("orders", _call("spent", _about)),
        _pair(_call("spent", _about), _call("spent", _about)),
    ),
    "received": _call("received", _message),
    "opened": _call("opened", _message),
    "clicked": _call("clicked", _message),
    "in_segment": st.just("in_segment('inner')"),
    "sample": st.builds(
        lambda percent, salt: f"sample({percent}{salt})",
        st.sampled_from(["0", "0.5", "10", "50", "99.9", "100"]),
        st.one_of(st.just(""), texts.map(lambda text: f", {text}")),
    ),
}  # fmt: skip
"""By the function's name, tests that call it."""

customer_tests = st.one_of(
    *(_compare(name, texts, ordered=False)
      for name in ("country", "language", "currency", "favourite_category", "favourite_brand")),
    *(_compare(name, numbers)
      for name in ("id", "orders", "pieces", "returned_pieces", "total_spent", "views",
                   "days_since_signup", "days_since_last_order", "days_since_first_order",
                   "days_since_last_view", "days_since_last_seen", "reorder_days", "price_low")),
    *(_compare(name, moments)
      for name in ("created_at", "last_order_at", "first_order_at", "last_viewed_at",
                   "last_seen_at")),
    *(_compare(name, numbers) for name in _free),
    *(_compare(name, texts) for name in _free),
    *(_some(st.one_of(numbers, texts, st.sampled_from(["TRUE", "FALSE"])))
      .map(lambda some, name=name: f"{name} IN ({', '.join(some)})") for name in _free),
    *(_compare(name, st.sampled_from(["TRUE", "FALSE"]), ordered=False)
      for name in (*_free, "consent_email", "consents.sms", "has_phone")),
    st.sampled_from(["consent_email", "consent_sms", "has_email", "consents.push", *_free]),
    *(_like(name) for name in ("country", "favourite_category", "time_zone", *_free)),
    texts.map(lambda text: f"{text} IN traits.tier"),
    _pair("country", "traits.tier", ordered=False),
    _pair("orders", "traits.tier"),
    _pair("orders", "views"),
    _pair("price_low", "price_high"),
    _pair("price_low", "total_spent"),
    _pair("created_at", "last_order_at"),
    _pair("days_since_signup", "days_since_last_order"),
    _pair("days_since_last_order", "reorder_days"),
    _pair("consent_email", "consent_sms", ordered=False),
    *(tests for name, tests in function_tests.items() if name != "in_segment"),
)  # fmt: skip

product_tests = st.one_of(
    *(_compare(name, texts, ordered=False) for name in ("sku", "brand")),
    *(_compare(name, numbers)
      for name in ("id", "price", "list_price", "stock", "rating", "reviews", "days_since_added")),
    _compare("created_at", moments),
    _compare("attributes.size", texts),
    _compare("attributes.size", numbers),
    st.sampled_from(["on_sale", "in_stock"]),
    st.sampled_from(["category IS NULL", "tags IS NULL", "tags IS NOT NULL"]),
    st.sampled_from(["'shoes' IN category", "'trail 1' IN category", "'vegan' IN tags",
                     "'gold' IN attributes.size"]),
    _pair("price", "list_price"),
    _pair("price", "stock"),
)  # fmt: skip


def combine(tests: SearchStrategy[str]) -> SearchStrategy[str]:
    """Join tests by NOT, AND, OR and brackets."""
    return st.recursive(
        tests,
        lambda inner: st.one_of(
            inner.map(lambda part: f"NOT ({part})"),
            st.builds(lambda a, b: f"({a}) AND ({b})", inner, inner),
            st.builds(lambda a, b: f"({a}) OR ({b})", inner, inner),
        ),
        max_leaves=5,
    )
