"""Renders templates of a workspace in a sandbox, bounded in size and time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from .errors import DataError

if TYPE_CHECKING:
    from jinja2 import Environment, Template

PARTS_AT_ONCE = 64
"""After how many parts of what a template produces its length is looked at."""


@dataclass(frozen=True, slots=True)
class PreparedTemplate:
    """A template that was compiled, to be rendered many times.

    Attributes:
        name: Its name, for messages.
        compiled: What Jinja2 made of it.
    """

    name: str
    compiled: Template

    def render(self, facts: Mapping[str, Any]) -> str:
        """Render the template.

        Args:
            facts: What it may name; anything else is an error.

        Raises:
            DataError: It names something unknown, does what the sandbox refuses, takes too long,
                or produces too much.
        """
        from jinja2 import TemplateError
        from jinja2.exceptions import TemplateSyntaxError

        from .template_meter import MAX_CHARS, METER

        METER.start()
        parts: list[str] = []
        size = 0
        try:
            made = self.compiled.generate(**facts)
            while some := list(islice(made, PARTS_AT_ONCE)):
                size += sum(map(len, some))
                if size > MAX_CHARS:
                    raise DataError(f"{self.name}: produces more than {MAX_CHARS:,} characters")
                parts += some
            METER.look()
        except TemplateSyntaxError as error:
            raise DataError(f"{self.name}:{error.lineno}: {error.message}") from None
        except RecursionError:
            raise DataError(f"{self.name}: a macro or block calls itself for ever") from None
        except (TemplateError, TypeError, ArithmeticError, ValueError, LookupError) as error:
            raise DataError(f"{self.name}: {error}") from None
        return "".join(parts)


def prepare_template(
    text: str, *, escape: bool, name: str, parts: Mapping[str, str] | None = None
) -> PreparedTemplate:
    """Compile a template, or find it as it was compiled before.

    Args:
        text: The template's text.
        escape: True for HTML: values are escaped.
        name: The template's name, for messages.
        parts: Other templates by name, which it may extend, include and import; no file is read.

    Raises:
        DataError: The template is wrong, or too long.
    """
    from jinja2 import TemplateError
    from jinja2.exceptions import TemplateSyntaxError

    from .template_sandbox import MAX_SOURCE_CHARS

    if len(text) > MAX_SOURCE_CHARS:
        raise DataError(f"{name}: a template has at most {MAX_SOURCE_CHARS:,} characters")
    try:
        compiled = _compile(text, escape, tuple(sorted((parts or {}).items())))
    except TemplateSyntaxError as error:
        raise DataError(f"{name}:{error.lineno}: {error.message}") from None
    except (TemplateError, RecursionError) as error:
        raise DataError(f"{name}: {error}") from None
    return PreparedTemplate(name, compiled)


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
            takes too long, or produces more than a million characters.
    """
    return prepare_template(text, escape=escape, name=name).render(facts)


@lru_cache(maxsize=256)
def _compile(text: str, escape: bool, parts: tuple[tuple[str, str], ...]) -> Template:
    return _environment(escape, parts).from_string(text)


@lru_cache(maxsize=32)
def _environment(escape: bool, parts: tuple[tuple[str, str], ...]) -> Environment:
    from jinja2 import DictLoader

    from .template_sandbox import Sandbox

    return Sandbox(autoescape=escape, loader=DictLoader(dict(parts)), auto_reload=False)
