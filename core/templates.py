"""Renders templates of a workspace in Jinja2's sandbox, bounded in size."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from .errors import DataError

if TYPE_CHECKING:
    from jinja2 import Environment, Template

MAX_CHARS = 1_000_000
"""The most that one template may produce; more is a mistake, not a message."""


def render_template(text: str, facts: Mapping[str, Any], *, escape: bool, name: str) -> str:
    """Render a template.

    Args:
        text: The template's text.
        facts: What it may name; anything else is an error.
        escape: True for HTML: values are escaped.
        name: The template's name, for messages.

    Returns:
        The rendered text.

    Raises:
        DataError: The template is wrong, names something unknown, does what the sandbox refuses,
            or produces more than `MAX_CHARS` characters.
    """
    from jinja2 import TemplateError
    from jinja2.exceptions import TemplateSyntaxError

    try:
        parts: list[str] = []
        size = 0
        for part in _compile(text, escape).generate(**facts):
            size += len(part)
            if size > MAX_CHARS:
                raise DataError(f"{name}: produces more than {MAX_CHARS:,} characters")
            parts.append(part)
        return "".join(parts)
    except TemplateSyntaxError as error:
        raise DataError(f"{name}:{error.lineno}: {error.message}") from None
    except (TemplateError, TypeError, ArithmeticError, ValueError, OverflowError) as error:
        raise DataError(f"{name}: {error}") from None


@lru_cache(maxsize=256)
def _compile(text: str, escape: bool) -> Template:
    return _environment(escape).from_string(text)


@lru_cache(maxsize=2)
def _environment(escape: bool) -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Bounded(ImmutableSandboxedEnvironment):
        # The sandbox alone would let 'a' * 300000000 take all memory.
        intercepted_binops = frozenset({"*", "**"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            numbers = isinstance(left, int | float) and isinstance(right, int | float)
            if not numbers or (operator == "**" and (abs(left) > 1000 or abs(right) > 8)):
                raise SecurityError(f"'{operator}' is for small numbers only")
            return super().call_binop(context, operator, left, right)

    environment = Bounded(autoescape=escape, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.globals.clear()
    return environment
