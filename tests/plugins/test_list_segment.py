"""The segment that is a list: the kit, and what it makes of lists that people write."""

from __future__ import annotations

import logging

import pytest
from pydantic import ValidationError

from ballyhoo import DataError
from ballyhoo.plugins import list_segment
from ballyhoo.testing import SegmentConformance, make_context, sample_store


class TestListInARecipeKeepsTheContract(SegmentConformance):
    @pytest.fixture
    def plugin(self):
        return list_segment

    @pytest.fixture
    def options(self):
        return {"customers": ["customer-3", "customer-1", "nobody", "customer-24"]}


class TestListInAFileKeepsTheContract(SegmentConformance):
    @pytest.fixture
    def plugin(self):
        return list_segment

    @pytest.fixture
    def options(self, folder):
        rows = "".join(f"x,customer-{number}\n" for number in range(1, 25))
        (folder / "list.csv").write_text("note,key\n" + rows)
        return {"file": "list.csv", "column": "key"}


@pytest.fixture
def context():
    return make_context("list_segment", store=sample_store())


def select(context, **options) -> list[int]:
    return list(list_segment.segment(context, list_segment.ListOptions.model_construct(**options)))


def select_file(context, tmp_path, content, **options) -> list[int]:
    path = tmp_path / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return select(context, file=path, **options)


def test_order_of_the_list_is_kept(context):
    listed = ["customer-7", "customer-2", "customer-5"]
    assert select(context, customers=listed) == [7, 2, 5]


def test_file_is_read_by_its_column(context, tmp_path):
    content = "name,number\nA,customer-4\nB,customer-2\n"
    assert select_file(context, tmp_path, content, column="number") == [4, 2]


def test_column_is_id_unless_said_otherwise(context, tmp_path):
    assert select_file(context, tmp_path, "id\ncustomer-9\n") == [9]


def test_file_of_a_spreadsheet_is_read(context, tmp_path):
    content = '\ufeffid,note\r\n"customer-1","a, b"\r\n customer-2 ,\r\n'
    assert select_file(context, tmp_path, content) == [1, 2]


def test_empty_cells_and_short_rows_are_passed_over(context, tmp_path):
    content = "note,id\nonly a note\n,\n,customer-1\n\n"
    assert select_file(context, tmp_path, content) == [1]


def test_unknown_customers_are_counted_and_not_named(context, caplog):
    caplog.set_level(logging.DEBUG)
    listed = ["noor@example.com", "customer-1", "ash@example.com"]
    assert select(context, customers=listed) == [1]
    [record] = caplog.records
    assert record.getMessage() == "listed customers that are not in the store: 2"
    assert "example.com" not in caplog.text


def test_unknown_customers_are_counted_over_the_whole_of_a_long_list(context, tmp_path, caplog):
    rows = "".join(f"stranger-{number}\n" for number in range(list_segment.CHUNK + 5))
    assert select_file(context, tmp_path, f"id\n{rows}customer-1\n") == [1]
    [record] = caplog.records
    assert record.args == (list_segment.CHUNK + 5,)


def test_nothing_is_logged_when_all_are_known(context, caplog):
    caplog.set_level(logging.DEBUG)
    select(context, customers=["customer-1"])
    assert caplog.records == []


@pytest.mark.parametrize(
    ("content", "hint"),
    [("name,mail\nA,B\n", "it has: name, mail"), ("", "it has: no header")],
)
def test_missing_column_is_an_error_that_says_what_there_is(context, tmp_path, content, hint):
    with pytest.raises(DataError, match=r"list\.csv has no column 'id'") as raised:
        select_file(context, tmp_path, content)
    assert raised.value.hint == hint


@pytest.mark.parametrize("given", [{}, {"customers": [], "file": "list.csv"}])
def test_customers_or_file_and_not_both(given, tmp_path):
    (tmp_path / "list.csv").write_text("id\n")
    with pytest.raises(ValidationError, match="give either 'customers' or 'file'"):
        list_segment.ListOptions.model_validate(given, context={"workspace": tmp_path})


def test_ids_are_looked_up_as_they_are_asked_for(context, tmp_path):
    rows = "".join(f"customer-{number % 24 + 1}\n" for number in range(5 * list_segment.CHUNK))
    path = tmp_path / "list.csv"
    path.write_text(f"id\n{rows}")
    asked = []

    class Watched:
        def find_customers(self, keys):
            asked.append(len(keys))
            return context.store.find_customers(keys)

    options = list_segment.ListOptions.model_construct(file=path)
    ids = list_segment.segment(make_context(store=Watched()), options)
    assert asked == []
    assert next(ids) == 1
    assert asked == [list_segment.CHUNK]
