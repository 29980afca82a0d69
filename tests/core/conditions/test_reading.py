from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.core.conditions.built_in import BUILT_IN
from ballyhoo.core.conditions.customer_fields import CUSTOMER_FIELDS
from ballyhoo.core.conditions.parser import parse_condition
from ballyhoo.core.conditions.reading import read_condition
from ballyhoo.core.conditions.structured import parse_structured
from ballyhoo.core.conditions.writing import write_condition

from .expressions import combine, customer_tests


def complain(source: Any, segments: dict[str, str] | None = None) -> list[tuple[int, str]]:
    condition, mistakes = read_condition(source, CUSTOMER_FIELDS, BUILT_IN, segments)
    assert (condition is None) == bool(mistakes)
    return [(mistake.start, mistake.message) for mistake in mistakes]


@settings(max_examples=300, deadline=None)
@given(combine(customer_tests))
def test_what_is_written_from_a_tree_reads_back_to_the_same_tree(expression: str) -> None:
    tree, mistakes = parse_condition(expression)
    assert mistakes == []
    assert tree is not None
    again, mistakes = parse_condition(write_condition(tree))
    assert mistakes == []
    assert again == tree


@pytest.mark.parametrize(
    ("written", "structured"),
    [
        ("orders >= 3", {"field": "orders", "op": ">=", "value": 3}),
        ("traits.Tier = 'a'", {"field": "traits.Tier", "op": "=", "value": "a"}),
        ("total_spent < 19.9", {"field": "total_spent", "op": "<", "value": 19.9}),
        ("consent_email", {"field": "consent_email"}),
        ("country NOT IN ('DE')", {"field": "country", "op": "not in", "value": ["DE"]}),
        ("id BETWEEN 1 AND 2", {"field": "id", "op": "between", "value": [1, 2]}),
        ("country LIKE 'D%'", {"field": "country", "op": "like", "value": "D%"}),
        ("country IS NOT NULL", {"field": "country", "op": "is not missing"}),
        ("'x' IN traits.l", {"field": "traits.l", "op": "holds", "value": "x"}),
        ("bought(days => 3)", {"function": "bought", "days": 3}),
        ("spent(days => 3) > 5", {"function": "spent", "days": 3, "op": ">", "value": 5}),
        (
            "NOT (orders = 1 OR orders = 2) AND consent_sms",
            {
                "all": [
                    {
                        "not": {
                            "any": [
                                {"field": "orders", "op": "=", "value": 1},
                                {"field": "orders", "op": "=", "value": 2},
                            ]
                        }
                    },
                    {"field": "consent_sms"},
                ]
            },
        ),
    ],
)
def test_the_structured_form_gives_the_tree_of_the_written_one(
    written: str, structured: dict[str, Any]
) -> None:
    assert parse_structured(structured) == parse_condition(written)


@pytest.mark.parametrize(
    ("expression", "start", "said"),
    [
        ("orders = 1; DROP TABLE customers", 10, "';' is not allowed: a condition is one expres"),
        ("orders = 1 -- and the rest", 11, "comments ('--') are not allowed in a condition"),
        ("orders = 1 /* x */", 11, "comments ('/*') are not allowed in a condition"),
        ("orders = 1 # x", 11, "comments ('#') are not allowed in a condition"),
        ("id IN (SELECT id FROM customers)", 7, "'SELECT' is not part of the condition language"),
        ("orders = 1 UNION SELECT 1", 11, "'UNION' is not part of the condition language"),
        ("pg_sleep(10) = 1", 0, "unknown function 'pg_sleep'"),
        ("load_extension('x')", 0, "unknown function 'load_extension'"),
        ("sqlite_master.name = 'x'", 0, "unknown field 'sqlite_master.name'"),
        ("customers.key = 'x'", 0, "unknown field 'customers.key'"),
        ("email = 'a@example.com'", 0, "unknown field 'email'"),
        ("country = \"DE\"", 10, "text stands in single quotes: 'DE'"),
        ("country = ‘DE’", 10, "the typographic quote ‘ is not a quote; write '"),
        ("country = $$DE$$", 10, "'$' is not allowed in a condition"),
        ("country = 'D\u200bE'", 12, "the text holds the invisible character U+200B"),
        ("country = 'D\u202eE'", 12, "the text holds the invisible character U+202E"),
        ("country = 'D\x00E'", 12, "the text holds the invisible character U+0000"),
        ("ｃountry = 'DE'", 0, "the character 'ｃ' is not part of the condition language"),
        ("orders\u00a0= 1", 6, "the character 'U+00A0' is not part of the condition language"),
        ("orders = ٣", 9, "the character '٣' is not part of the condition language"),
        ("country = 'DE", 10, "a quote is not closed"),
        ("orders = 99999999999999999999", 9, "the number has more than 15 digits"),
        ("orders = 1e99", 9, "a number such as 30 or 19.90 is due here"),
        ("country = 'a' || 'b'", 14, "the character '|' is not part of the condition language"),
        ("orders + 1 = 2", 7, "a condition does not compute"),
        ("traits.a = traits.b", 0, "two free fields are compared"),
        ("1 = 1", 0, "two values are compared"),
        ("TRUE", 0, "a value alone is no condition"),
        ("country = NULL", 10, "nothing equals NULL; write IS NULL or IS NOT NULL"),
        ("(" * 60 + "orders = 1" + ")" * 60, 50, "the condition is nested deeper than 50 levels"),
        ("NOT " * 60 + "orders = 1", 200, "the condition is nested deeper than 50 levels"),
        ("orders = 1 OR " * 400 + "orders = 2", 0, "the condition has 401 tests"),
        ("orders = 1" + " " * 30_000, 20_000, "the condition has more than 20,000 characters"),
        (f"id IN ({', '.join(['1'] * 1001)})", 0, "the list has more than 1,000 values"),
        (f"country LIKE '{'%' * 1001}'", 13, "the pattern has more than 1,000 characters"),
        ("sample(101)", 7, "'percent' of sample must be at most 100, not 101"),
        ("viewed(at_least => 0)", 19, "'at_least' of viewed must be at least 1, not 0"),
        ("did()", 0, "did needs the argument 'type'"),
        ("bought(2, 3, days => 4)", 7, "'category' of bought must be text"),
        ("created_at > 'soon'", 13, "must be a date such as '2026-04-30', not 'soon'"),
        ("created_at > '2026-02-30'", 13, "must be a date such as '2026-04-30'"),
        ("country > 'A'", 0, "text cannot be greater or less; use = or IN"),
        ("in_segment('../secret')", 0, "'../secret' is no name of a segment"),
        ("in_segment('nobody')", 0, "there is no segment 'nobody' in segments/"),
    ],
)  # fmt: skip
def test_what_the_language_does_not_have_is_refused_where_it_stands(
    expression: str, start: int, said: str
) -> None:
    found = complain(expression)
    assert found[0][0] == start
    assert found[0][1].startswith(said)


@pytest.mark.parametrize(
    "name", ["größe", "2024_orders", "schuh_größe", "尺寸", "a.b", "select", "x1"]
)
def test_a_name_of_the_shops_own_is_written_after_the_dot(name: str) -> None:
    written, _ = parse_condition(f"NOT traits.{name} = 'x' AND traits.{name} IS NULL")
    assert written is not None
    test = {"field": f"traits.{name}", "op": "=", "value": "x"}
    missing = {"field": f"traits.{name}", "op": "is missing"}
    assert parse_structured({"all": [{"not": test}, missing]}) == (written, [])
    assert complain(f"traits.{name} = 1") == []


@pytest.mark.parametrize("key", ["", 'a"b', "a\\b", "a\nb", "\ue000", "x" * 201])
def test_a_name_that_no_database_finds_is_no_field(key: str) -> None:
    [(_, said)] = complain({"field": f"traits.{key}", "op": "=", "value": 1})
    assert said.startswith("unknown field 'traits.")


def test_every_mistake_is_found_at_once() -> None:
    expression = (
        "contry = 'DE' AND orders = = 2 AND (veiwed() OR orders > 'many') AND in_segment('x')"
    )
    assert [start for start, _ in complain(expression)] == [0, 27, 36, 57, 69]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_fails(text: str) -> None:
    complain(text)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
        | st.sampled_from(["orders", "in", "=", "country", "bought"]),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "field", "function", "op", "value", "days"]),
            inner,
            max_size=4,
        ),
        max_leaves=10,
    ).filter(lambda data: not isinstance(data, str))
)  # fmt: skip
def test_any_structure_is_read_or_refused_and_never_fails(data: Any) -> None:
    complain(data)


def test_a_named_segment_stands_for_its_condition() -> None:
    segments = {"loyal": "where: orders >= 3", "near": "where: in_segment('loyal') AND id > 1"}
    condition, _ = read_condition(
        "NOT in_segment('near')", CUSTOMER_FIELDS, BUILT_IN, {**segments, "other": "where: 1"}
    )
    assert condition is not None
    assert condition.segments == segments
    assert write_condition(condition.tree) == "NOT in_segment('near')"


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"a": "where: in_segment('a')"}, "the segment 'a' contains itself: a -> a"),
        (
            {"a": "where: in_segment('b')", "b": "where: orders = 1 OR NOT in_segment('a')"},
            "the segment 'b' is wrong: the segment 'a' contains itself: a -> b -> a",
        ),
        ({"a": "where: contry = 'x'"}, "the segment 'a' is wrong: unknown field 'contry'"),
        ({"a": "wher: orders = 1"}, "segments/a.yaml holds 'where: CONDITION'"),
        ({"a": "where: [unclosed"}, "the segment 'a' is wrong: segments/a.yaml:"),
        ({"b": "where: orders = 1"}, "there is no segment 'a' in segments/"),
    ],
)
def test_a_named_segment_that_is_wrong_is_said_where_it_is_used(
    texts: dict[str, str], said: str
) -> None:
    [(start, message)] = complain("orders = 1 AND in_segment('a')", texts)
    assert start == 15
    assert said in message
