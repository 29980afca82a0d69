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
from .tokens import MAX_CHARS, MOST_DIGITS, ConditionError, find_hidden, refuse_hidden
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
    normalise_name,
)

Path = tuple[str | int, ...]

_COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_OPERATORS = (
    *_COMPARISONS, "in", "not in", "between", "not between", "like", "not like", "holds",
    "is missing", "is not missing",
)  # fmt: skip


def parse_structured(data: Data) -> tuple[Condition | None, list[ConditionError]]:
    """Read a structured condition.

    Args:
        data: A mapping with one of `all`, `any`, `not`, or with `field` or `function`.

    Returns:
        Its tree, names not looked up yet, and the mistakes; `path` of each says where. After a
        mistake it goes on with the next condition of the list; None when nothing is left.
    """
    mistakes: list[ConditionError] = []
    return _read(data, (), mistakes), mistakes


def _read(data: Data, path: Path, mistakes: list[ConditionError]) -> Condition | None:
    try:
        head = _find_head(data, path)
        if head in ("all", "any"):
            return _read_group(head, data, path, mistakes)
        if head == "not":
            _refuse_keys(data, ("not",), path)
            part = _read(data["not"], (*path, "not"), mistakes)
            return None if part is None else Not(part=part, path=path)
        if head == "field":
            return _read_field(data, path)
        return _read_function(data, path)
    except ConditionError as mistake:
        mistakes.append(mistake)
        return None


def _find_head(data: Data, path: Path) -> str:
    if len([step for step in path if step in ("all", "any", "not")]) > MAX_DEPTH:
        raise _error(f"the condition is nested deeper than {MAX_DEPTH} levels", path)
    if not isinstance(data, Mapping):
        raise _error("a condition is a mapping with all, any, not, field or function", path)
    heads = [key for key in ("all", "any", "not", "field", "function") if key in data]
    if len(heads) != 1:
        said = "a condition has one of all, any, not, field and function"
        raise _error(said if not heads else f"{said}, not {' and '.join(heads)} together", path)
    return heads[0]


def _read_group(
    head: str, data: Mapping[str, Data], path: Path, mistakes: list[ConditionError]
) -> Condition | None:
    _refuse_keys(data, (head,), path)
    items = data[head]
    if not isinstance(items, list) or not items:
        raise _error(f"'{head}' holds a list of conditions", (*path, head))
    kind = All if head == "all" else Any
    parts: list[Condition] = []
    for index, item in enumerate(items):
        part = _read(item, (*path, head, index), mistakes)
        if isinstance(part, All | Any) and type(part) is kind:
            parts += part.parts
        elif part is not None:
            parts.append(part)
    if len(parts) <= 1:
        return parts[0] if parts else None
    return kind(parts=tuple(parts), path=path)


def _read_field(data: Mapping[str, Data], path: Path) -> Condition:
    _refuse_keys(data, ("field", "op", "value"), path)
    if not isinstance(data["field"], str):
        raise _error("'field' is the name of a field", (*path, "field"))
    field = Field(name=normalise_name(data["field"]), path=(*path, "field"))
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
        value = Decimal(str(value))
    if isinstance(value, bool | str):
        hidden = find_hidden(value) if isinstance(value, str) else None
        if hidden is not None:
            raise _error(refuse_hidden(str(value)[hidden]), path)
        if isinstance(value, str) and len(value) > MAX_CHARS:
            raise _error(f"the text has more than {MAX_CHARS:,} characters", path)
        return Constant(value=value, path=path)
    if not isinstance(value, int | Decimal):
        raise _error("must be text, a number, true or false", path)
    if len(Decimal(value).as_tuple().digits) > MOST_DIGITS or abs(value) >= 10**MOST_DIGITS:
        raise _error(f"the number has more than {MOST_DIGITS} digits", path)
    return Constant(value=value, path=path)


def _refuse_keys(data: Mapping[str, Data], known: tuple[str, ...] | list[str], path: Path) -> None:
    for key in data:
        if key not in known:
            hint = suggest_name(str(key), known)
            raise _error(f"unknown key '{key}'; {hint}", path)


def _error(message: str, path: Path) -> ConditionError:
    return ConditionError(message, 0, path=path)
