"""Reads the structured form of a condition, as YAML mappings, into the same tree.

all:
  - {field: country, op: in, value: [DE, AT]}
  - {not: {field: orders, op: "=", value: 0}}
  - {function: bought, category: shoes, days: 730}
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any as Data
from typing import cast

from ..spelling import suggest_name
from .parser import MAX_DEPTH, MAX_VALUES
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
    Operator,
    Truth,
)

Path = tuple[str | int, ...]

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_OPERATORS = (
    *_COMPARISONS, "in", "not in", "between", "not between", "like", "not like", "holds",
    "is missing", "is not missing",
)  # fmt: skip


def parse_structured(data: Data) -> Condition:
    """Read a structured condition.

    Args:
        data: A mapping with one of `all`, `any`, `not`, or with `field` or `function`.

    Returns:
        Its tree; names are not looked up yet.

    Raises:
        ConditionError: It is not a condition; `path` says where.
    """
    return _read(data, ())


def _read(data: Data, path: Path) -> Condition:
    if len([step for step in path if step in ("all", "any", "not")]) > MAX_DEPTH:
        raise _error(f"the condition is nested deeper than {MAX_DEPTH} levels", path)
    if not isinstance(data, Mapping):
        raise _error("a condition is a mapping with all, any, not, field or function", path)
    heads = [key for key in ("all", "any", "not", "field", "function") if key in data]
    if len(heads) != 1:
        said = "a condition has one of all, any, not, field and function"
        raise _error(said if not heads else f"{said}, not {' and '.join(heads)} together", path)
    head = heads[0]
    if head in ("all", "any"):
        return _read_group(head, data, path)
    if head == "not":
        _refuse_keys(data, ("not",), path)
        return Not(part=_read(data["not"], (*path, "not")), path=path)
    if head == "field":
        return _read_field(data, path)
    return _read_function(data, path)


def _read_group(head: str, data: Mapping[str, Data], path: Path) -> Condition:
    _refuse_keys(data, (head,), path)
    items = data[head]
    if not isinstance(items, list) or not items:
        raise _error(f"'{head}' holds a list of conditions", (*path, head))
    kind = All if head == "all" else Any
    parts: list[Condition] = []
    for index, item in enumerate(items):
        part = _read(item, (*path, head, index))
        parts += part.parts if isinstance(part, All | Any) and type(part) is kind else [part]
    return parts[0] if len(parts) == 1 else kind(parts=tuple(parts), path=path)


def _read_field(data: Mapping[str, Data], path: Path) -> Condition:
    _refuse_keys(data, ("field", "op", "value"), path)
    if not isinstance(data["field"], str):
        raise _error("'field' is the name of a field", (*path, "field"))
    field = Field(name=data["field"].lower(), path=(*path, "field"))
    return _read_test(field, data, path)


def _read_function(data: Mapping[str, Data], path: Path) -> Condition:
    if not isinstance(data["function"], str):
        raise _error("'function' is the name of a function", (*path, "function"))
    arguments = tuple(
        Argument(name=str(name), value=_constant(value, (*path, name)), path=(*path, name))
        for name, value in data.items()
        if name not in ("function", "op", "value")
    )
    call = Call(name=data["function"].lower(), arguments=arguments, path=(*path, "function"))
    return _read_test(call, data, path)


def _read_test(operand: Field | Call, data: Mapping[str, Data], path: Path) -> Condition:
    if "op" not in data:
        if "value" in data:
            raise _error("'value' needs an 'op'", (*path, "value"))
        return Truth(operand=operand, path=path)
    operator, here = data["op"], (*path, "value")
    if operator not in _OPERATORS:
        hint = suggest_name(str(operator), _OPERATORS)
        raise _error(f"unknown operator '{operator}'; {hint}", (*path, "op"))
    if operator in ("is missing", "is not missing"):
        _refuse_keys(data, [key for key in data if key != "value"], path)
        condition: Condition = Missing(operand=operand, path=path)
    elif "value" not in data:
        raise _error(f"'{operator}' needs a 'value'", path)
    else:
        condition = _read_value_test(operand, operator.removeprefix("not "), data["value"], here)
    if operator.startswith("not ") or operator == "is not missing":
        return Not(part=condition, path=path)
    return condition


def _read_value_test(operand: Field | Call, operator: str, value: Data, path: Path) -> Condition:
    above = path[:-1]
    if operator in _COMPARISONS:
        sign = cast(Operator, operator)
        right = _constant(value, path)
        return Comparison(left=operand, operator=sign, right=right, path=above)
    if operator == "like":
        return Like(operand=operand, pattern=_constant(value, path), path=above)
    if operator == "holds":
        if not isinstance(operand, Field):
            raise _error("'holds' is for fields", path)
        return Holding(field=operand, value=_constant(value, path), path=above)
    values = value if isinstance(value, list) else None
    if operator == "between":
        if values is None or len(values) != 2:
            raise _error("'between' takes a list of two values", path)
        low, high = (_constant(one, (*path, index)) for index, one in enumerate(values))
        return Between(operand=operand, low=low, high=high, path=above)
    if not values:
        raise _error("'in' takes a list of values", path)
    if len(values) > MAX_VALUES:
        raise _error(f"the list has more than {MAX_VALUES:,} values", path)
    constants = tuple(_constant(one, (*path, index)) for index, one in enumerate(values))
    return Membership(operand=operand, values=constants, path=above)


def _constant(value: Data, path: Path) -> Constant:
    if isinstance(value, float):
        return Constant(value=Decimal(str(value)), path=path)
    if not isinstance(value, str | int | bool | Decimal):
        raise _error("must be text, a number, true or false", path)
    return Constant(value=value, path=path)


def _refuse_keys(data: Mapping[str, Data], known: tuple[str, ...] | list[str], path: Path) -> None:
    for key in data:
        if key not in known:
            hint = suggest_name(str(key), known)
            raise _error(f"unknown key '{key}'; {hint}", path)


def _error(message: str, path: Path) -> ConditionError:
    return ConditionError(message, 0, path=path)
