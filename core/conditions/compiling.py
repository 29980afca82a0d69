"""Compiles a checked condition to SQLAlchemy, the same for SQLite and PostgreSQL.

Every value is a bound parameter. Negation is pushed down to the tests, so that each test is true
or false also where a value is missing: a comparison with a missing value is false, and its
negation is true.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any as Anything

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select

from ..functions import SUBJECT, to_milliseconds
from ..recipe.values import parse_duration
from ..store.segments import ONLY_KNOWN
from .built_in import BUILT_IN
from .checked import CheckedCondition
from .comparing import Moment, compare, compare_between, compare_like, compare_membership
from .customer_columns import CustomerColumns
from .fields import FieldType
from .measures import Measure
from .pairing import compare_measures
from .product_columns import ProductColumns
from .tree import (
    All,
    Any,
    Between,
    Call,
    Comparison,
    Condition,
    Constant,
    Field,
    Holding,
    Like,
    Membership,
    Missing,
    Named,
    Not,
    Operand,
    Test,
    Truth,
)


class Compiler:
    """Compiles the tree of one condition, or parts of it.

    Args:
        condition: Over customers or products.
        now: The moment that "days since" counts from, aware.
        currency: Of products' prices.
        is_few: Whether the caller will narrow the answer to few ids.
    """

    def __init__(
        self,
        condition: CheckedCondition,
        *,
        now: datetime,
        currency: str | None = None,
        is_few: bool = False,
    ) -> None:
        self.fields = condition.fields
        self.functions = condition.functions
        self.columns: CustomerColumns | ProductColumns = (
            CustomerColumns() if self.fields.subject == "customer" else ProductColumns(currency)
        )
        self.moment = Moment(to_milliseconds(now))
        self.subject = self.columns.make_subject(now=now, is_few=is_few)

    def select(self, parts: list[Condition]) -> Select[tuple[int]]:
        """Return a statement that selects the ids of those for whom all parts hold."""
        clauses = [self.compile(part) for part in parts]
        found = select(self.columns.table.c.id).select_from(self.columns.source())
        # Last, as it stands at the end of the row: SQLite reads a row up to what it needs.
        found = found.where(*clauses, *self.columns.who)
        return found.execution_options(**{ONLY_KNOWN: True})

    def compile(self, condition: Condition, negated: bool = False) -> ColumnElement[bool]:
        """Return the condition, or its negation, as an expression that holds or does not."""
        if isinstance(condition, Not):
            return self.compile(condition.part, not negated)
        if isinstance(condition, Named):
            return self.compile(condition.condition, negated)
        if isinstance(condition, All | Any):
            parts = [self.compile(part, negated) for part in condition.parts]
            return and_(*parts) if isinstance(condition, All) is not negated else or_(*parts)
        return self._test(condition, negated)

    def measure(self, operand: Operand) -> Measure:
        """Return what stands for a field or a call.

        Raises:
            DataError: A function cannot be built with its arguments.
        """
        if isinstance(operand, Call):
            built = self._build(operand)
            return built if isinstance(built, Measure) else Measure(expression=built)
        assert isinstance(operand, Field)
        spec = self.fields.find(operand.name)
        assert spec is not None, operand.name
        return self.columns.find(operand.name, spec.missing)

    def _test(self, test: Test, negated: bool) -> ColumnElement[bool]:
        if isinstance(test, Truth):
            return self._truth(test, negated)
        if isinstance(test, Holding):
            held = self.columns.hold(test.field.name, str(test.value.value))
            return not_(held) if negated else held
        if isinstance(test, Missing):
            return self._missing(test, negated)
        if isinstance(test, Comparison):
            return self._comparison(test, negated)
        measure = self.measure(test.operand)
        if isinstance(test, Membership):
            values = [value.value for value in test.values]
            return compare_membership(measure, values, negated, self.moment)
        if isinstance(test, Between):
            low, high = test.low.value, test.high.value
            return compare_between(measure, low, high, negated, self.moment)
        assert isinstance(test, Like)
        return compare_like(measure, str(test.pattern.value), negated)

    def _truth(self, test: Truth, negated: bool) -> ColumnElement[bool]:
        if isinstance(test.operand, Field):
            return compare(self.measure(test.operand), "=", True, negated, self.moment)
        built = self._build(test.operand)
        # What a plugin built may be null; ours never is, and the planner sees through it.
        is_ours = self.functions[test.operand.name] == BUILT_IN.get(test.operand.name)
        holds = built if is_ours else func.coalesce(built, false())
        return not_(holds) if negated else holds

    def _missing(self, test: Missing, negated: bool) -> ColumnElement[bool]:
        operand = test.operand
        if isinstance(operand, Field) and self._type(operand) == "list":
            lacks = self.columns.lack(operand.name)
            return not_(lacks) if negated else lacks
        return self.moment.is_missing(self.measure(operand), negated)

    def _comparison(self, test: Comparison, negated: bool) -> ColumnElement[bool]:
        left = self.measure(test.left)
        if isinstance(test.right, Constant):
            return compare(left, test.operator, test.right.value, negated, self.moment)
        right = self.measure(test.right)
        types = (self._type(test.left), self._type(test.right))
        return compare_measures(left, test.operator, right, types, negated, self.moment)

    def _type(self, operand: Operand) -> FieldType:
        if isinstance(operand, Call):
            return self.functions[operand.name].returns
        assert isinstance(operand, Field)
        spec = self.fields.find(operand.name)
        assert spec is not None, operand.name
        return spec.type

    def _build(self, call: Call) -> Anything:
        function = self.functions[call.name]
        given: dict[str, Anything] = {}
        known = {argument.name: argument for argument in function.arguments}
        for argument in call.arguments:
            assert argument.name is not None
            value: Anything = argument.value.value
            if known[argument.name].type == "duration":
                value = parse_duration(str(value))
            given[argument.name] = value
        if function.takes_subject:
            given[SUBJECT] = self.subject
        return function.build(**given)
