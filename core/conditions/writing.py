"""Writes the tree of a condition as an expression that reads back to the same tree."""

from __future__ import annotations

from decimal import Decimal

from .tree import (
    All,
    Any,
    Between,
    Call,
    Comparison,
    Condition,
    Constant,
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


def write_condition(condition: Condition) -> str:
    """Return the expression of a tree; AND, OR and NOT in capitals, brackets where they are due."""
    if isinstance(condition, All):
        return " AND ".join(_bracket(part, Any) for part in condition.parts)
    if isinstance(condition, Any):
        return " OR ".join(_bracket(part, All) for part in condition.parts)
    if isinstance(condition, Not):
        return f"NOT {_bracket(condition.part, All, Any)}"
    if isinstance(condition, Named):
        return f"in_segment({_quote(condition.name)})"
    return _write_test(condition)


def write_operand(operand: Operand) -> str:
    """Return a field, a call or a value as a condition has it."""
    if isinstance(operand, Constant):
        if isinstance(operand.value, bool):
            return "TRUE" if operand.value else "FALSE"
        if isinstance(operand.value, str):
            return _quote(operand.value)
        return f"{operand.value:f}" if isinstance(operand.value, Decimal) else str(operand.value)
    if isinstance(operand, Call):
        given = [
            f"{one.name} => {write_operand(one.value)}" if one.name else write_operand(one.value)
            for one in operand.arguments
        ]
        return f"{operand.name}({', '.join(given)})"
    return operand.name


def _bracket(condition: Condition, *kinds: type) -> str:
    written = write_condition(condition)
    return f"({written})" if isinstance(condition, kinds) else written


def _write_test(test: Test) -> str:
    if isinstance(test, Comparison):
        return f"{write_operand(test.left)} {test.operator} {write_operand(test.right)}"
    if isinstance(test, Holding):
        return f"{write_operand(test.value)} IN {test.field.name}"
    written = write_operand(test.operand)
    if isinstance(test, Membership):
        return f"{written} IN ({', '.join(write_operand(value) for value in test.values)})"
    if isinstance(test, Between):
        return f"{written} BETWEEN {write_operand(test.low)} AND {write_operand(test.high)}"
    if isinstance(test, Like):
        return f"{written} LIKE {write_operand(test.pattern)}"
    if isinstance(test, Missing):
        return f"{written} IS NULL"
    assert isinstance(test, Truth)
    return written


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
