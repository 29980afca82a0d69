"""Checks a parsed condition against the fields and functions there are, every mistake at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ..functions import ConditionFunction, FunctionArgument
from ..quoting import shorten
from ..spelling import suggest_name
from .fields import TYPE_NAMES, FieldSet, FieldType
from .tokens import ConditionError
from .tree import (
    All,
    Any,
    Argument,
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
    Operator,
    Truth,
)
from .values import ARGUMENT_NAMES, fits_argument, is_moment, show_constant, show_operand, type_of

MOST_PATTERN_CHARS = 1_000
"""The longest pattern of LIKE."""

_ORDERED: frozenset[FieldType] = frozenset({"number", "moment", "any"})


def check_condition(
    condition: Condition, fields: FieldSet, functions: Mapping[str, ConditionFunction]
) -> tuple[Condition, list[ConditionError]]:
    """Check a tree.

    Args:
        condition: As it was parsed.
        fields: The fields that it may name.
        functions: The functions that it may call.

    Returns:
        The tree with every argument by its name, and all mistakes in the order they stand.
    """
    checker = _Checker(fields, functions)
    checked = checker.check(condition)
    return checked, sorted(checker.mistakes, key=lambda mistake: mistake.start)


_TURNED: dict[Operator, Operator] = {
    "=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip
"""What an operator becomes when its sides change places."""


class _Checker:
    def __init__(self, fields: FieldSet, functions: Mapping[str, ConditionFunction]) -> None:
        self.fields = fields
        self.functions = functions
        self.mistakes: list[ConditionError] = []

    def add(self, message: str, part: Operand | Condition | Argument) -> None:
        self.mistakes.append(ConditionError(message, part.start, part.end, part.path))

    def check(self, condition: Condition) -> Condition:
        if isinstance(condition, All | Any):
            return replace(condition, parts=tuple(self.check(part) for part in condition.parts))
        if isinstance(condition, Not):
            return replace(condition, part=self.check(condition.part))
        if isinstance(condition, Truth):
            return self._truth(condition)
        if isinstance(condition, Holding):
            return self._holding(condition)
        if isinstance(condition, Comparison):
            return self._comparison(condition)
        if isinstance(condition, Named):
            return condition
        operand, kind = self._operand(condition.operand)
        self._test(condition, kind)
        return replace(condition, operand=operand)

    def _truth(self, condition: Truth) -> Condition:
        operand, kind = self._operand(condition.operand)
        if kind not in (None, "boolean", "any"):
            said = f"{show_operand(operand)} is {TYPE_NAMES[kind]}, not a condition; compare it"
            self.add(said, operand)
        assert isinstance(operand, Field | Call)
        return replace(condition, operand=operand)

    def _holding(self, condition: Holding) -> Condition:
        _, kind = self._operand(condition.field)
        if not isinstance(condition.value.value, str):
            self.add("what is looked for in a list is text in quotes", condition.value)
        if kind not in (None, "list", "any"):
            said = f"'{condition.field.name}' holds one value; write it before IN, a list after"
            self.add(said, condition.field)
        return condition

    def _comparison(self, condition: Comparison) -> Condition:
        left, left_kind = self._operand(condition.left)
        right, right_kind = self._operand(condition.right)
        if isinstance(left, Constant) and isinstance(right, Constant):
            self.add("two values are compared; compare a field with a value", condition)
        elif isinstance(right, Constant):
            return self._comparison_with(condition, left, condition.operator, right, left_kind)
        elif isinstance(left, Constant):
            turned = _TURNED[condition.operator]
            return self._comparison_with(condition, right, turned, left, right_kind)
        elif left_kind is not None and right_kind is not None:
            self._two_fields(condition, left_kind, right_kind)
        return replace(condition, left=left, right=right)

    def _comparison_with(
        self,
        condition: Comparison,
        operand: Operand,
        operator: Operator,
        constant: Constant,
        kind: FieldType | None,
    ) -> Condition:
        """Check a comparison of a field or call with a value, which is to stand on the right."""
        if kind is not None and operator not in ("=", "!="):
            self._order(condition, kind if kind != "any" else type_of(constant))
        if kind is not None:
            self._value(constant, kind)
        if isinstance(operand, Call) and isinstance(constant.value, bool):
            # A function is never missing, so that `did('view') = TRUE` is `did('view')`.
            start, end, path = condition.start, condition.end, condition.path
            truth = Truth(operand=operand, start=start, end=end, path=path)
            holds = constant.value is (operator == "=")
            return truth if holds else Not(part=truth, start=start, end=end, path=path)
        return replace(condition, left=operand, operator=operator, right=constant)

    def _order(self, condition: Comparison, kind: FieldType) -> None:
        if kind not in _ORDERED and not (kind == "text" and self._is_free(condition)):
            said = f"{TYPE_NAMES[kind]} cannot be greater or less; use = or IN"
            self.add(said, condition)

    def _is_free(self, condition: Comparison) -> bool:
        return any(
            isinstance(side, Field) and "." in side.name
            for side in (condition.left, condition.right)
        )

    def _two_fields(self, condition: Comparison, left: FieldType, right: FieldType) -> None:
        if left == right == "any":
            said = "two free fields are compared, and nothing says as what; use a value"
            self.add(said, condition)
        elif "list" in (left, right):
            self.add("a list is compared with a field; write 'value' IN field", condition)
        elif "any" not in (left, right) and left != right:
            self.add(f"{TYPE_NAMES[left]} is compared with {TYPE_NAMES[right]}", condition)
        elif condition.operator not in ("=", "!="):
            self._order(condition, left if left != "any" else right)

    def _missing(self, condition: Missing) -> None:
        if isinstance(condition.operand, Call):
            function = self.functions.get(condition.operand.name)
            if function is not None and function.returns == "boolean":
                said = f"{condition.operand.name} is true or false and never missing"
                self.add(said, condition.operand)

    def _test(
        self, condition: Membership | Between | Like | Missing, kind: FieldType | None
    ) -> None:
        if isinstance(condition.operand, Constant):
            self.add("a field is due before this test", condition.operand)
        elif isinstance(condition, Missing):
            self._missing(condition)
        elif kind is None:
            return
        elif isinstance(condition, Like):
            if kind not in ("text", "any") or not isinstance(condition.pattern.value, str):
                self.add("LIKE compares text with a pattern such as 'trail%'", condition)
            elif len(condition.pattern.value) > MOST_PATTERN_CHARS:
                said = f"the pattern has more than {MOST_PATTERN_CHARS:,} characters"
                self.add(said, condition.pattern)
        elif isinstance(condition, Between) and kind not in _ORDERED:
            self.add(f"{TYPE_NAMES[kind]} cannot be between; use IN", condition)
        else:
            values = (
                condition.values
                if isinstance(condition, Membership)
                else (condition.low, condition.high)
            )
            for value in values:
                self._value(value, kind)
            types = {type_of(value) for value in values}
            if isinstance(condition, Between) and (len(types) > 1 or "boolean" in types):
                self.add("BETWEEN takes two numbers, or two texts", condition)

    def _operand(self, operand: Operand) -> tuple[Operand, FieldType | None]:
        """Return the operand with its calls resolved, and its type (None when it is not known)."""
        if isinstance(operand, Constant):
            return operand, type_of(operand)
        if isinstance(operand, Field):
            spec = self.fields.find(operand.name)
            if spec is None:
                self.add(self.fields.explain_unknown(operand.name), operand)
                return operand, None
            return operand, spec.type
        return self._call(operand)

    def _call(self, call: Call) -> tuple[Call, FieldType | None]:
        function = self.functions.get(call.name)
        if function is None:
            hint = suggest_name(call.name, self.functions)
            said = f"unknown function '{shorten(call.name)}'"
            self.add(f"{said}; {hint}" if hint else said, call)
            return call, None
        given: dict[str, Argument] = {}
        for place, argument in enumerate(call.arguments):
            self._argument(function, place, argument, given)
        for known in function.arguments:
            if known.required and known.name not in given:
                self.add(f"{call.name} needs the argument '{known.name}': {known.help}", call)
        ordered = tuple(given[one.name] for one in function.arguments if one.name in given)
        return replace(call, arguments=ordered), function.returns

    def _argument(
        self,
        function: ConditionFunction,
        place: int,
        argument: Argument,
        given: dict[str, Argument],
    ) -> None:
        known = {one.name: one for one in function.arguments}
        name = argument.name
        if name is None:
            if place >= len(function.arguments):
                self.add(f"{function.name} takes {len(known)} arguments", argument)
                return
            name = function.arguments[place].name
        if name not in known:
            hint = suggest_name(name, known)
            said = f"{function.name} has no argument '{shorten(name)}'"
            self.add(f"{said}; {hint}" if hint else said, argument)
        elif name in given:
            self.add(f"the argument '{name}' is given twice", argument)
        else:
            self._argument_value(function, known[name], argument.value)
            given[name] = replace(argument, name=name)

    def _argument_value(
        self, function: ConditionFunction, known: FunctionArgument, constant: Constant
    ) -> None:
        said = f"'{known.name}' of {function.name} must be"
        if not fits_argument(constant.value, known.type):
            self.add(
                f"{said} {ARGUMENT_NAMES[known.type]}, not {show_constant(constant)}", constant
            )
        elif known.type == "number":
            assert isinstance(constant.value, int | Decimal)
            if constant.value < known.least:
                self.add(f"{said} at least {known.least}, not {show_constant(constant)}", constant)
            elif known.most is not None and constant.value > known.most:
                self.add(f"{said} at most {known.most:,}, not {show_constant(constant)}", constant)

    def _value(self, constant: Constant, kind: FieldType) -> None:
        actual = type_of(constant)
        if kind == "any":
            return
        if kind == "list":
            self.add("this field holds several values; write 'value' IN field", constant)
        elif kind == "moment":
            if actual != "text" or not is_moment(str(constant.value)):
                self.add(
                    f"must be a date such as '2026-04-30', not {show_constant(constant)}", constant
                )
        elif kind != actual:
            said = f"must be {TYPE_NAMES[kind]}, not {show_constant(constant)}"
            self.add(said, constant)
