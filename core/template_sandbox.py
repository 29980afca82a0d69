"""The sandbox that templates run in: which filters and methods there are, and how much they may do.

Jinja2's own sandbox keeps a template away from Python's insides. It bounds neither memory nor
time, so each loop, call, filter and output is counted here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, TemplateAssertionError
from jinja2.runtime import Macro, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from .template_meter import MAX_CHARS, METER

MAX_SOURCE_CHARS = 256_000
MOST_AT_ONCE = 100
"""The turns of so short a list are counted together."""

GREATEST_NUMBER = 10**15

FILTERS = [
    "abs", "batch", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first",
    "float", "forceescape", "groupby", "int", "items", "join", "last", "length", "list",
    "lower", "map", "max", "min", "reject", "rejectattr", "replace", "reverse", "round",
    "select", "selectattr", "sort", "string", "striptags", "sum", "title", "trim", "truncate",
    "unique", "upper", "wordcount", "wordwrap",
]  # fmt: skip
TEXT_METHODS = frozenset(
    [
    "capitalize", "casefold", "count", "endswith", "find", "isalnum", "isalpha", "isdigit",
    "islower", "isspace", "isupper", "lower", "lstrip", "partition", "removeprefix",
    "removesuffix", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith",
    "strip", "swapcase", "title", "upper",
]
)  # fmt: skip

MAPPING_NAMES = frozenset(dir(dict))


class Counted(NodeTransformer):
    """Rewrites a template so that its loops and joined texts are counted."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802  # Jinja2's name
        """Count the turns of a loop."""
        if node.recursive:
            raise TemplateAssertionError("a loop must not be recursive", node.lineno)
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, "_turns", [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:  # noqa: N802
        """Bound the text that `~` makes."""
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "_joined", [], [], None, None, lineno=node.lineno)

    def visit_ScopedEvalContextModifier(self, node: nodes.Node) -> None:  # noqa: N802
        """Refuse `autoescape false`: data is escaped, always."""
        raise TemplateAssertionError("escaping cannot be switched", node.lineno)


class CountingGenerator(CodeGenerator):
    """Compiles templates as `Counted` rewrites them."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """Compile a whole template."""
        counted = Counted().visit(node)
        counted.set_environment(self.environment)
        super().visit_Template(counted, frame)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment that knows little, and counts."""

    code_generator_class = CountingGenerator
    intercepted_binops = frozenset({"*", "**", "+", "-", "%"})

    def __init__(self, **how: Any) -> None:
        super().__init__(undefined=StrictUndefined, keep_trailing_newline=True, **how)
        self.globals.clear()
        known = {name: _guard(self.filters[name]) for name in FILTERS}
        joined = markup_join if self.autoescape else str_join
        self.filters = {**known, "_turns": _count_turns, "_joined": _guard(joined)}
        self.filters["replace"] = _bound_replace(known["replace"])
        self.filters["join"] = _bound_join(known["join"])
        self.filters["batch"] = _bound_batch(known["batch"])
        self.finalize = METER.write

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Let numbers be counted with, and short texts be added."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if operator == "+" and not numbers:
            METER.step(_size(left) + _size(right))
            return _keep_small(super().call_binop(context, operator, left, right))
        is_great = numbers and max(abs(left), abs(right)) > GREATEST_NUMBER
        is_power = numbers and operator == "**" and (abs(left) > 1000 or abs(right) > 8)
        is_countable = numbers or (operator == "-" and not isinstance(left, str))
        if not is_countable or is_great or is_power:
            raise SecurityError(f"'{operator}' is for small numbers only")
        return super().call_binop(context, operator, left, right)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what `obj.attribute` is: of facts mostly an entry, which is found at once."""
        if type(obj) is dict and attribute in obj and attribute not in MAPPING_NAMES:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether an attribute may be read: of a text only what makes it no longer."""
        if isinstance(obj, str):
            return attr in TEXT_METHODS
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """Offer no `format`: it would make a text of any length."""

    def is_safe_callable(self, obj: Any) -> bool:
        """Whether something may be called: methods of data, macros and blocks."""
        return not isinstance(obj, type) and super().is_safe_callable(obj)

    def call(self, context: Any, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Count a call, of a macro as well."""
        METER.step(_size(getattr(obj, "__self__", None)))
        made = super().call(context, obj, *args, **kwargs)
        return _keep_small(made) if isinstance(obj, Macro) else made


def _guard(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that counts what it is given and what it makes."""

    @wraps(function)
    def bounded(*args: Any, **kwargs: Any) -> Any:
        METER.step(sum(_size(one) for one in args))
        return _keep_small(function(*args, **kwargs))

    return bounded


def _bound_replace(replace: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(replace)
    def bounded(eval_ctx: Any, s: str, old: str, new: str, count: int | None = None) -> Any:
        text = str(s)
        if text.count(str(old)) * len(str(new)) + len(text) > MAX_CHARS:
            raise SecurityError("makes a text that is too long")
        return replace(eval_ctx, s, old, new, count)

    return bounded


def _bound_join(join: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(join)
    def bounded(eval_ctx: Any, value: Any, d: str = "", attribute: Any = None) -> Any:
        parts = list(_count_turns(value))
        if len(parts) * len(str(d)) > MAX_CHARS:
            raise SecurityError("makes a text that is too long")
        return join(eval_ctx, parts, d, attribute)

    return bounded


def _bound_batch(batch: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(batch)
    def bounded(value: Any, linecount: int, fill_with: Any = None) -> Iterator[Any]:
        if not 1 <= linecount <= 100:
            raise SecurityError("'batch' makes groups of 1 to 100")
        groups: Iterator[Any] = batch(value, linecount, fill_with)
        return groups

    return bounded


def _count_turns(value: Any) -> Iterable[Any]:
    """Return what is iterated, each turn counted; a list keeps its length."""
    if isinstance(value, list | tuple) and len(value) <= MOST_AT_ONCE:
        METER.step(1000 * len(value))
        return value
    return _count_each(value)


def _count_each(value: Iterable[Any]) -> Iterator[Any]:
    for one in value:
        METER.step()
        yield one


def _keep_small(value: Any) -> Any:
    if _size(value) > MAX_CHARS:
        raise SecurityError("makes a text that is too long")
    return value


def _size(value: Any) -> int:
    return len(value) if isinstance(value, str | list | tuple | dict | Markup) else 0
