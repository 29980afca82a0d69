"""Checks a parsed condition against the fields and functions there are, every mistake at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from ..functions import ArgumentType, ConditionFunction, FunctionArgument
from ..recipe.values import parse_duration
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
    Not,
    Operand,
    Truth,
)

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
        operand, kind = self._operand(condition.operand)
        self._test(condition, kind)
        return replace(condition, operand=operand)

    def _truth(self, condition: Truth) -> Condition:
        operand, kind = self._operand(condition.operand)
        if kind not in (None, "boolean", "any"):
            said = f"{_written(operand)} is {TYPE_NAMES[kind]}, not a condition; compare it"
            self.add(said, operand)
        assert isinstance(operand, Field | Call)
        return replace(condition, operand=operand)

    def _holding(self, condition: Holding) -> Condition:
        _, kind = self._operand(condition.field)
        if kind not in (None, "list"):
            said = f"'{condition.field.name}' holds one value; write it before IN, a list after"
            self.add(said, condition.field)
        return condition

    def _comparison(self, condition: Comparison) -> Condition:
        left, left_kind = self._operand(condition.left)
        right, right_kind = self._operand(condition.right)
        if isinstance(left, Constant) and isinstance(right, Constant):
            self.add("two values are compared; compare a field with a value", condition)
        elif left_kind is not None and right_kind is not None:
            kind = left_kind if not isinstance(left, Constant) else right_kind
            if condition.operator not in ("=", "!=") and kind not in _ORDERED:
                said = f"{TYPE_NAMES[kind]} cannot be greater or less; use = or IN"
                self.add(said, condition)
            elif isinstance(right, Constant):
                self._value(right, kind)
            elif isinstance(left, Constant):
                self._value(left, kind)
            elif "any" not in (left_kind, right_kind) and left_kind != right_kind:
                said = f"{TYPE_NAMES[left_kind]} is compared with {TYPE_NAMES[right_kind]}"
                self.add(said, condition)
        return replace(condition, left=left, right=right)

    def _test(
        self, condition: Membership | Between | Like | Missing, kind: FieldType | None
    ) -> None:
        if isinstance(condition.operand, Constant):
            self.add("a field is due before this test", condition.operand)
        elif kind is None or isinstance(condition, Missing):
            return
        elif isinstance(condition, Like):
            if kind not in ("text", "any") or not isinstance(condition.pattern.value, str):
                self.add("LIKE compares text with a pattern such as 'trail%'", condition)
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

    def _operand(self, operand: Operand) -> tuple[Operand, FieldType | None]:
        """Return the operand with its calls resolved, and its type (None when it is not known)."""
        if isinstance(operand, Constant):
            return operand, _type_of(operand)
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
            said = f"unknown function '{call.name}'"
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
            said = f"{function.name} has no argument '{name}'"
            self.add(f"{said}; {hint}" if hint else said, argument)
        elif name in given:
            self.add(f"the argument '{name}' is given twice", argument)
        else:
            self._argument_value(function, known[name], argument.value)
            given[name] = replace(argument, name=name)

    def _argument_value(
        self, function: ConditionFunction, known: FunctionArgument, constant: Constant
    ) -> None:
        if not _fits(constant.value, known.type):
            said = f"'{known.name}' of {function.name} must be {_ARGUMENT_NAMES[known.type]}"
            self.add(f"{said}, not {_quote(constant)}", constant)

    def _value(self, constant: Constant, kind: FieldType) -> None:
        actual = _type_of(constant)
        if kind == "list":
            self.add("this field holds several values; write 'value' IN field", constant)
        elif kind == "moment":
            if actual != "text" or not _is_moment(str(constant.value)):
                self.add(f"must be a date such as '2026-04-30', not {_quote(constant)}", constant)
        elif kind not in ("any", actual):
            said = f"must be {TYPE_NAMES[kind]}, not {_quote(constant)}"
            self.add(said, constant)


_ARGUMENT_NAMES: dict[ArgumentType, str] = {
    "text": "text in single quotes",
    "number": "a number",
    "duration": "a duration such as '30d'",
    "boolean": "TRUE or FALSE",
}


def _fits(value: object, kind: ArgumentType) -> bool:
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "number":
        return isinstance(value, int | Decimal) and not isinstance(value, bool) and value >= 0
    if kind == "text":
        return isinstance(value, str)
    try:
        parse_duration(str(value))
    except ValueError:
        return False
    return isinstance(value, str)


def _type_of(constant: Constant) -> FieldType:
    if isinstance(constant.value, bool):
        return "boolean"
    return "text" if isinstance(constant.value, str) else "number"


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _written(operand: Operand) -> str:
    return f"'{operand.name}'" if isinstance(operand, Field | Call) else _quote(operand)


def _quote(constant: Constant) -> str:
    if isinstance(constant.value, bool):
        return str(constant.value).upper()
    return f"'{constant.value}'" if isinstance(constant.value, str) else str(constant.value)
