"""Reads a condition, written or structured, and checks it: every mistake at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any as Data

from ..functions import ConditionFunction
from .checked import CheckedCondition
from .checking import check_condition
from .fields import FieldSet
from .named import IN_SEGMENT, SegmentTexts, find_named, read_segment_text
from .parser import parse_condition
from .structured import parse_structured
from .tokens import ConditionError
from .tree import (
    All,
    Any,
    Call,
    Condition,
    Named,
    Not,
    Truth,
    find_operands,
    find_tests,
    find_values,
)

MOST_TESTS = 300
"""The most tests of one condition, named segments included: SQLite takes no deeper expression."""

MOST_LEVELS = 20
"""How deep named segments may contain each other."""

MOST_VALUES = 10_000
"""The most values of one condition, named segments included."""


def read_condition(
    source: Data,
    fields: FieldSet,
    functions: Mapping[str, ConditionFunction],
    segments: SegmentTexts | None = None,
) -> tuple[CheckedCondition | None, list[ConditionError]]:
    """Read a condition.

    Args:
        source: An expression, or a mapping of the structured form.
        fields: The fields that it may name.
        functions: The functions that it may call.
        segments: The texts of named segments by name; without them there are none.

    Returns:
        The condition, or None and its mistakes in the order in which they stand.
    """
    reader = _Reader(fields, functions, segments or {})
    tree, mistakes = reader.read(source, ())
    if tree is None or mistakes:
        return None, mistakes
    tests = list(find_tests(tree))
    too_long = _find_excess(len(tests), sum(len(find_values(test)) for test in tests))
    if too_long is not None:
        return None, [too_long]
    called = {
        operand.name
        for test in tests
        for operand in find_operands(test)
        if isinstance(operand, Call)
    }
    checked = CheckedCondition(
        source=source,
        tree=tree,
        fields=fields,
        functions={name: functions[name] for name in sorted(called)},
        segments=dict(reader.used),
    )
    return checked, []


def _find_excess(tests: int, values: int) -> ConditionError | None:
    for count, most, what in ((tests, MOST_TESTS, "tests"), (values, MOST_VALUES, "values")):
        if count > most:
            said = f"the condition has {count:,} {what}, named segments included; at most {most:,}"
            return ConditionError(said, 0)
    return None


class _Reader:
    def __init__(
        self,
        fields: FieldSet,
        functions: Mapping[str, ConditionFunction],
        segments: SegmentTexts,
    ) -> None:
        self.fields = fields
        self.functions = functions
        self.segments = segments
        self.used: dict[str, str] = {}
        self.known: dict[str, Condition] = {}

    def read(
        self, source: Data, above: tuple[str, ...]
    ) -> tuple[Condition | None, list[ConditionError]]:
        """Read one condition; `above` are the named segments that it stands in."""
        parse = parse_condition if isinstance(source, str) else parse_structured
        tree, mistakes = parse(source)
        if tree is None:
            return None, mistakes
        tree, wrong = check_condition(tree, self.fields, self.functions)
        mistakes += wrong
        tree = self._expand(tree, above, mistakes)
        return tree, sorted(mistakes, key=lambda mistake: mistake.start)

    def _expand(
        self, condition: Condition, above: tuple[str, ...], mistakes: list[ConditionError]
    ) -> Condition:
        """Put the condition of each named segment where it is called."""
        if isinstance(condition, All | Any):
            parts = tuple(self._expand(part, above, mistakes) for part in condition.parts)
            return replace(condition, parts=parts)
        if isinstance(condition, Not):
            return replace(condition, part=self._expand(condition.part, above, mistakes))
        if not isinstance(condition, Truth) or condition.operand.name != IN_SEGMENT:
            return condition
        call = condition.operand
        assert isinstance(call, Call)
        if not call.arguments or not isinstance(call.arguments[0].value.value, str):
            return condition  # the checker said so
        name = call.arguments[0].value.value
        try:
            found = self._find(name, above)
        except ValueError as error:
            mistakes.append(ConditionError(str(error), call.start, call.end, call.path))
            return condition
        start, end, path = condition.start, condition.end, condition.path
        return Named(name=name, condition=found, start=start, end=end, path=path)

    def _find(self, name: str, above: tuple[str, ...]) -> Condition:
        if name in above:
            circle = " -> ".join((*above[above.index(name) :], name))
            raise ValueError(f"the segment '{name}' contains itself: {circle}")
        if len(above) >= MOST_LEVELS:
            raise ValueError(f"segments contain each other more than {MOST_LEVELS} levels deep")
        if name in self.known:
            return self.known[name]
        text = find_named(name, self.segments)
        tree, mistakes = self.read(read_segment_text(name, text), (*above, name))
        if tree is None or mistakes:
            raise ValueError(f"the segment '{name}' is wrong: {mistakes[0].message}")
        self.used[name] = text
        self.known[name] = tree
        return tree
