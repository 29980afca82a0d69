"""Parses a condition in SQL's familiar form into its tree."""

from __future__ import annotations

from decimal import Decimal

from .tokens import ConditionError, Token, read_tokens
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
    Operator,
    Truth,
    normalise_name,
)

MAX_DEPTH = 50
"""How deep brackets and NOT may be nested."""

MAX_VALUES = 1_000
"""The most values of one IN list; a longer one is a list of customers, not a condition."""

_COMPARISONS: dict[str, Operator] = {
    "=": "=",
    "==": "=",
    "!=": "!=",
    "<>": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}


def parse_condition(expression: str) -> tuple[Condition | None, list[ConditionError]]:
    """Parse an expression.

    Args:
        expression: For example `country IN ('DE', 'AT') AND NOT orders = 0`.

    Returns:
        Its tree, names not looked up yet, and what is no part of the language. After a mistake
        it goes on with the next test; None when nothing is left of the tree.
    """
    try:
        parser = _Parser(expression)
    except ConditionError as mistake:
        return None, [mistake]
    condition = parser.parse()
    return condition, parser.mistakes


class _Parser:
    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.tokens = list(read_tokens(expression))
        self.at = 0
        self.depth = 0
        self.mistakes: list[ConditionError] = []

    def _peek(self) -> Token:
        return self.tokens[self.at]

    def parse(self) -> Condition | None:
        if self._peek().kind == "end":
            self.mistakes.append(ConditionError("the condition is empty", 0))
            return None
        condition = self._or()
        if self._peek().kind != "end":
            self.mistakes.append(self._unexpected("AND or OR"))
        return condition

    def _next(self) -> Token:
        token = self._peek()
        self.at += 1
        return token

    def _take(self, *words: str) -> Token | None:
        return self._next() if self._peek().is_one(*words) else None

    def _expect(self, sign: str) -> Token:
        token = self._take(sign)
        if token is None:
            raise self._unexpected(f"'{sign}'")
        return token

    def _unexpected(self, due: str) -> ConditionError:
        token = self._peek()
        if token.kind == "end":
            return ConditionError(f"the condition ends where {due} is due", token.start)
        return ConditionError(f"{due} is due, not '{token.text}'", token.start, token.end)

    def _deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            said = f"the condition is nested deeper than {MAX_DEPTH} levels"
            raise ConditionError(said, token.start, token.end)

    def _or(self) -> Condition | None:
        parts = [self._and()]
        while self._take("or"):
            parts.append(self._and())
        return _join(parts, Any)

    def _and(self) -> Condition | None:
        parts = [self._part()]
        while self._take("and"):
            parts.append(self._part())
        return _join(parts, All)

    def _part(self) -> Condition | None:
        """Read one part; after a mistake, pass over the rest of it."""
        depth = self.depth
        try:
            return self._not()
        except ConditionError as mistake:
            self.mistakes.append(mistake)
            self.depth = depth
            self._pass_over()
            return None

    def _pass_over(self) -> None:
        level = 0
        while self._peek().kind != "end":
            token = self._peek()
            if level == 0 and token.is_one("and", "or", ")"):
                return
            level += token.is_one("(") - token.is_one(")")
            self.at += 1

    def _not(self) -> Condition | None:
        negation = self._take("not")
        if negation is None:
            return self._predicate()
        self._deeper(negation)
        part = self._not()
        self.depth -= 1
        if part is None:
            return None
        return Not(part=part, start=negation.start, end=part.end)

    def _predicate(self) -> Condition | None:
        bracket = self._take("(")
        if bracket is None:
            return self._test(self._operand())
        self._deeper(bracket)
        condition = self._or()
        self._expect(")")
        self.depth -= 1
        return condition

    def _test(self, operand: Operand) -> Condition:
        """Read what is said of an operand; nothing, when it is itself true or false."""
        if self._peek().kind == "sign" and self._peek().text in _COMPARISONS:
            operator = _COMPARISONS[self._next().text]
            right = self._operand()
            return Comparison(
                left=operand, operator=operator, right=right, start=operand.start, end=right.end
            )
        if self._take("is"):
            return self._missing(operand)
        if self._peek().is_one("+", "-", "*", "/", "%"):
            token = self._peek()
            raise ConditionError("a condition does not compute", token.start, token.end)
        negated = self._take("not") is not None
        condition = self._set_test(operand)
        if condition is None:
            if negated:
                raise self._unexpected("IN, BETWEEN or LIKE")
            return self._truth(operand)
        if negated:
            return Not(part=condition, start=condition.start, end=condition.end)
        return condition

    def _missing(self, operand: Operand) -> Condition:
        negated = self._take("not") is not None
        if self._take("null", "missing") is None:
            raise self._unexpected("NULL")
        end = self.tokens[self.at - 1].end
        missing = Missing(operand=operand, start=operand.start, end=end)
        return Not(part=missing, start=operand.start, end=end) if negated else missing

    def _set_test(self, operand: Operand) -> Condition | None:
        if self._take("in"):
            return self._membership(operand)
        if self._take("between"):
            low = self._constant()
            if self._take("and") is None:
                raise self._unexpected("AND")
            high = self._constant()
            return Between(operand=operand, low=low, high=high, start=operand.start, end=high.end)
        if self._take("like"):
            pattern = self._constant()
            return Like(operand=operand, pattern=pattern, start=operand.start, end=pattern.end)
        return None

    def _membership(self, operand: Operand) -> Condition:
        if isinstance(operand, Constant) and self._peek().kind == "name":
            token = self._next()
            held = Field(name=normalise_name(token.text), start=token.start, end=token.end)
            return Holding(field=held, value=operand, start=operand.start, end=token.end)
        self._expect("(")
        values = [self._constant()]
        while self._take(","):
            values.append(self._constant())
        if len(values) > MAX_VALUES:
            said = f"the list has more than {MAX_VALUES:,} values"
            raise ConditionError(said, operand.start, values[-1].end)
        end = self._expect(")").end
        return Membership(operand=operand, values=tuple(values), start=operand.start, end=end)

    def _truth(self, operand: Operand) -> Condition:
        if isinstance(operand, Constant):
            said = "a value alone is no condition; compare a field with it"
            raise ConditionError(said, operand.start, operand.end)
        return Truth(operand=operand, start=operand.start, end=operand.end)

    def _operand(self) -> Operand:
        token = self._peek()
        if token.kind != "name":
            return self._constant()
        self._next()
        if not self._peek().is_one("("):
            return Field(name=normalise_name(token.text), start=token.start, end=token.end)
        self._next()
        arguments: list[Argument] = []
        while not self._peek().is_one(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._argument())
        end = self._next().end
        name = token.text.lower()
        return Call(name=name, arguments=tuple(arguments), start=token.start, end=end)

    def _argument(self) -> Argument:
        token, name = self._peek(), None
        if token.kind == "name":
            name = self._next().text.lower()
            if self._take("=") or self._take("=>") is None:
                said = f"an argument by name is written '{name} => value'"
                raise ConditionError(said, token.start, token.end)
        value = self._constant()
        return Argument(name=name, value=value, start=token.start, end=value.end)

    def _constant(self) -> Constant:
        token = self._peek()
        if token.is_one("true", "false"):
            self._next()
            return Constant(value=token.text.lower() == "true", start=token.start, end=token.end)
        if token.is_one("null"):
            said = "nothing equals NULL; write IS NULL or IS NOT NULL"
            raise ConditionError(said, token.start, token.end)
        minus = self._take("-")
        token = self._peek()
        if token.kind == "number":
            self._next()
            number = Decimal(token.text) if "." in token.text else int(token.text)
            start = minus.start if minus else token.start
            return Constant(value=-number if minus else number, start=start, end=token.end)
        if token.kind == "text" and minus is None:
            self._next()
            text = token.text[1:-1].replace("''", "'")
            return Constant(value=text, start=token.start, end=token.end)
        if token.kind == "name":
            said = f"a value is due, not '{token.text}'; text stands in quotes: '{token.text}'"
            raise ConditionError(said, token.start, token.end)
        raise self._unexpected("a field or a value")


def _join(parts: list[Condition | None], kind: type[All] | type[Any]) -> Condition | None:
    """Join parts; `(a AND b) AND c` is `a AND b AND c`, so that brackets do not change the tree."""
    flat: list[Condition] = []
    for part in parts:
        if isinstance(part, All | Any) and type(part) is kind:
            flat += part.parts
        elif part is not None:
            flat.append(part)
    if len(flat) <= 1:
        return flat[0] if flat else None
    return kind(parts=tuple(flat), start=flat[0].start, end=flat[-1].end)
