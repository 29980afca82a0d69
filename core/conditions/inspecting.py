"""Says how each part of a condition narrows the audience, and which parts hold for one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, case, false, func, literal, select

from ..context import Progress
from ..store.segments import count_people
from .checked import CheckedCondition
from .compiling import Compiler
from .measures import whole_units
from .tree import All, Call, Condition, Field, Operand, find_operands, find_parts
from .writing import write_condition, write_operand


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelStep:
    """One part of a condition at its top.

    Attributes:
        condition: As it is written.
        alone: For how many it holds, whatever the other parts say.
        left: For how many it holds together with all parts before it.
    """

    condition: str
    alone: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedCondition:
    """A part of a condition, and whether it holds for one person.

    Attributes:
        condition: As it is written.
        holds: Whether it does.
        values: What each field and counting function of a test came to; None is no value.
        parts: The parts inside of it.
    """

    condition: str
    holds: bool
    values: dict[str, Any]
    parts: tuple[ExplainedCondition, ...] = ()


def top_parts(condition: CheckedCondition) -> list[Condition]:
    """Return the parts that AND joins at the top, one when there is no AND."""
    tree = condition.tree
    return list(tree.parts) if isinstance(tree, All) else [tree]


def count_funnel(
    connection: Connection,
    condition: CheckedCondition,
    now: datetime,
    progress: Progress = lambda done, total=None: None,
) -> tuple[int, list[FunnelStep]]:
    """Count how a condition narrows the audience.

    Args:
        connection: Within any transaction.
        condition: Over customers.
        now: The moment that "days since" counts from.
        progress: Told how many of the parts were counted.

    Returns:
        How many there are without it, and its parts in order.
    """
    everybody = count_people(connection, Compiler(condition, now=now).select([]))
    steps: list[FunnelStep] = []
    parts = top_parts(condition)
    for number, part in enumerate(parts, start=1):
        alone = count_people(connection, Compiler(condition, now=now).select([part]))
        left = alone
        if number > 1:
            left = count_people(connection, Compiler(condition, now=now).select(parts[:number]))
        steps.append(FunnelStep(condition=write_condition(part), alone=alone, left=left))
        progress(number, len(parts))
    return everybody, steps


def explain_condition(
    connection: Connection, condition: CheckedCondition, now: datetime, subject_id: int
) -> tuple[ExplainedCondition, ...]:
    """Say which parts of a condition hold for one customer or product.

    Args:
        connection: Within any transaction.
        condition: What is asked.
        now: The moment that "days since" counts from.
        subject_id: Of one who is there.

    Returns:
        The parts at the top.
    """
    return tuple(
        _explain(connection, condition, now, subject_id, part) for part in top_parts(condition)
    )


def _explain(
    connection: Connection,
    condition: CheckedCondition,
    now: datetime,
    subject_id: int,
    part: Condition,
) -> ExplainedCondition:
    compiler = Compiler(condition, now=now, is_few=True)
    holds = case((compiler.compile(part), 1), else_=0)
    operands: tuple[Operand, ...] = ()
    inner = find_parts(part)
    if not inner:
        operands = find_operands(part)  # type: ignore[arg-type]
    shown = {
        write_operand(operand): operand for operand in operands if _has_value(compiler, operand)
    }
    columns = [_show(compiler, operand) for operand in shown.values()]
    row = connection.execute(
        select(holds, *columns)
        .select_from(compiler.columns.source())
        .where(compiler.columns.table.c.id == subject_id)
    ).one()
    values = {
        name: _read(compiler, operand, value)
        for (name, operand), value in zip(shown.items(), row[1:], strict=True)
    }
    return ExplainedCondition(
        condition=write_condition(part),
        holds=bool(row[0]),
        values=values,
        parts=tuple(_explain(connection, condition, now, subject_id, one) for one in inner),
    )


def _has_value(compiler: Compiler, operand: Operand) -> bool:
    if isinstance(operand, Call):
        return compiler.functions[operand.name].returns == "number"
    assert isinstance(operand, Field)
    spec = compiler.fields.find(operand.name)
    return spec is not None and spec.type != "list"


def _show(compiler: Compiler, operand: Operand) -> Any:
    measure = compiler.measure(operand)
    expression = measure.expression
    if measure.unit == "days":
        expression = compiler.moment.days_since(expression)
    elif measure.unit == "money":
        expression = whole_units(measure)
    if measure.missing is not None:
        expression = func.coalesce(expression, _literal(measure.missing))
    return expression


def _literal(value: int | bool) -> Any:
    return false() if value is False else literal(value)


def _read(compiler: Compiler, operand: Operand, value: Any) -> Any:
    measure = compiler.measure(operand)
    if value is None:
        return None
    if measure.unit == "free":
        return dict(value).get(measure.key)
    if measure.unit == "moment":
        return datetime.fromtimestamp(value / 1000, UTC).isoformat()
    if measure.unit == "money":
        return round(float(value), 3)
    return float(value) if not isinstance(value, str | int | bool) else value
