"""The segment that is a condition: the kit, and what its options refuse."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ballyhoo.plugins import sql_segment
from ballyhoo.plugins.sql_segment import SqlSegmentOptions
from ballyhoo.testing import SegmentConformance


class TestConditionKeepsTheContract(SegmentConformance):
    @pytest.fixture
    def plugin(self):
        return sql_segment

    @pytest.fixture
    def options(self):
        return {"where": "country = 'DE' AND NOT traits.tier = 'gold' AND viewed(at_least => 2)"}


def test_the_written_and_the_structured_form_are_the_same_segment():
    written = SqlSegmentOptions(where="orders >= 2")
    structured = SqlSegmentOptions(where={"field": "orders", "op": ">=", "value": 2})
    assert written.where.tree == structured.where.tree


def test_options_are_written_as_they_were_read():
    source = {"all": [{"field": "consent_email"}, {"function": "bought", "days": 30}]}
    assert SqlSegmentOptions(where=source).model_dump(mode="json") == {"where": source}


def test_a_condition_with_mistakes_is_no_option():
    with pytest.raises(ValidationError, match="did you mean 'orders'") as error:
        SqlSegmentOptions(where="ordrs >= 2 AND contry = 'DE'")
    assert "did you mean 'country'" in str(error.value)
