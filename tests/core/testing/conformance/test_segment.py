"""The segment kit: streams and selectables pass, and each bad segment fails on what is bad."""

from __future__ import annotations

USE = """
class TestIt(SegmentConformance):
    @pytest.fixture
    def plugin(self):
        return It()
"""
SELECTABLE = """
class It:
    @hookimpl
    def segment(self, context):
        from sqlalchemy import Integer, column, select, table
        customers = table("customers", column("id", Integer), column("country"))
        return select({columns}).where(customers.c.id > {least})
"""


def segment(body: str, head: str = "") -> str:
    return f"{head}\nclass It:\n    @hookimpl\n    def segment(self, context):\n        {body}\n"


def test_stream_of_ids_passes_everything(expect_success):
    expect_success(segment("yield from context.store.customer_ids()") + USE, tests=9)


def test_selectable_passes_everything(expect_success):
    source = SELECTABLE.format(columns="customers.c.id", least="7")
    expect_success(source + USE, tests=9)


BAD = {
    "finds nobody": (
        segment("yield from ()"),
        "test_audience_is_ids_or_a_selectable",
        "the audience is empty",
    ),
    "yields the shop's ids": (
        segment("yield from ('customer-1', 'customer-2')"),
        "test_audience_is_ids_or_a_selectable",
        "ids must be of type int, not str",
    ),
    "yields customers": (
        segment("yield from context.store.customers([1])"),
        "test_audience_is_ids_or_a_selectable",
        "ids must be of type int, not Customer",
    ),
    "yields booleans": (
        segment("yield True"),
        "test_audience_is_ids_or_a_selectable",
        "ids must be of type int, not bool",
    ),
    "answers nothing": (
        segment("pass"),
        "test_audience_is_ids_or_a_selectable",
        "the audience is a NoneType",
    ),
    "answers text": (
        segment("return 'everybody'"),
        "test_audience_is_ids_or_a_selectable",
        "the audience is a str",
    ),
    "selects whole rows": (
        SELECTABLE.format(columns="customers", least="7"),
        "test_audience_is_ids_or_a_selectable",
        "the selectable has 2 columns",
    ),
    "answers a list": (
        segment("return list(context.store.customer_ids())"),
        "test_audience_is_streamed",
        "the audience is a list",
    ),
    "reads everything at once": (
        segment("return iter(sorted(context.store.customer_ids()))"),
        "test_audience_is_streamed",
        "customer_ids() was read to its end before the first id was asked for",
    ),
    "draws anew each time": (
        segment("yield from random.sample(list(context.store.customer_ids()), 9)", "import random"),
        "test_same_audience_twice",
        "the same store and seed give another audience",
    ),
    "selects others each time": (
        "import itertools\nnumbers = itertools.count()\n"
        + SELECTABLE.format(columns="customers.c.id", least="next(numbers)"),
        "test_same_audience_twice",
        "another selectable",
    ),
    "needs customers": (
        segment("yield max(context.store.customer_ids())"),
        "test_audience_of_a_store_of_any_size",
        "max()",
    ),
}


def test_each_bad_segment_fails_on_what_is_bad_about_it(expect_failures):
    expect_failures("", BAD, USE)
