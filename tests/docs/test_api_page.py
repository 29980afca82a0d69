"""Writes the page of the public API from the docstrings, and tests that it is up to date.

Run `python tests/docs/test_api_page.py` to write it again.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ballyhoo
import ballyhoo.testing

PAGE = Path(__file__).parents[2] / "docs/reference/api.md"
HEAD = """\
# The public API

What plugins import. Everything else in the package may change without notice. The page is made from
the docstrings; `python tests/docs/test_api_page.py` writes it again.
"""
MODULES = {
    "ballyhoo": "What plugins are made of. `import ballyhoo` costs next to nothing: a name is "
    "imported when it is first used.",
    "ballyhoo.testing": "What plugins are tested with. Only the kits need pytest.",
}
TYPES = {
    "CustomerCondition": "An option that is a condition over the customer, as a recipe's "
    "`segment.where`; the plugin gets a `CheckedCondition`.",
    "DataFile": "An option that names a file of the workspace; the plugin gets an absolute path.",
    "Duration": "An option that is a duration, as `30d`; the plugin gets a `timedelta`.",
    "Endpoint": "What answers a route: a function, or a coroutine function, of a request and the "
    "inbox that returns a response.",
    "ProductCondition": "An option that is a condition over a product; the plugin gets a "
    "`CheckedCondition`.",
    "Secret": "An option that is a secret; a recipe gives `{env: NAME}`, the plugin gets a "
    "`SecretReference`.",
    "TemplateFile": "An option that names a file below `templates/`; the plugin gets a `Template`.",
    "hookimpl": "Marks a function as the implementation of the hook that it is named like; "
    "`@hookimpl(wrapper=True)` wraps the hook instead.",
    "HOSTILE_TEXTS": "What titles, names and questions may hold, and nobody may fall for.",
    "SAMPLE_NOW": "The moment at which the samples live, aware.",
}
"""What has no docstring of its own."""

SPECIAL = {"__call__": "`{}`", "__iter__": "iterating it", "__aiter__": "`async for` over it"}
"""Methods that are not called by a name."""

_SECTION = re.compile(r"^(Args|Attributes|Returns|Raises|Yields):$")


def render_page() -> str:
    parts = [HEAD]
    for name, text in MODULES.items():
        module = ballyhoo if name == "ballyhoo" else ballyhoo.testing
        parts.append(f"## {name}\n\n{text}\n")
        for public in sorted(module.__all__, key=str.lower):
            parts.append(f"### {public}\n\n" + render_name(public, getattr(module, public)))
    return "\n".join(parts)


def render_name(name: str, value: Any) -> str:
    if name in TYPES:
        return f"{TYPES[name]}\n"
    documented = value if inspect.isclass(value) or inspect.isfunction(value) else type(value)
    text, sections = split_docstring(inspect.getdoc(documented) or "")
    assert text, f"{name} has no docstring"
    lines = [text, ""]
    if inspect.isfunction(value):
        lines += [f"`{name}{show_signature(value)}`", ""]
    for part in ("Args", "Attributes"):
        lines += [f"- `{one}`: {said}" for one, said in sections.get(part, {}).items()]
    if inspect.isclass(value):
        lines += render_fields(value, sections.get("Attributes", {}))
        lines += render_methods(value)
    for part in ("Returns", "Raises"):
        said = sections.get(part)
        if said and inspect.isfunction(value):
            shown = [f"`{one}`: {text}" if one else text for one, text in said.items()]
            lines += ["", f"{part}: " + " ".join(shown)]
    return "\n".join(lines).replace("\n\n\n", "\n\n").rstrip() + "\n"


def render_methods(value: type) -> list[str]:
    lines = []
    for name, member in list_members(value):
        function = member.fget if isinstance(member, property) else member
        function = getattr(function, "__func__", function)
        first = split_docstring(inspect.getdoc(function) or "")[0].partition("\n\n")[0]
        called = f"`.{name}{show_signature(function)}`"
        if isinstance(member, property):
            called = f"`.{name}`"
        elif name in SPECIAL:
            called = SPECIAL[name].format(show_signature(function))
        elif name.startswith("test_"):
            called = f"`{name}`"
        lines.append(f"- {called}: {first}")
    return lines


def render_fields(value: type, known: dict[str, str]) -> list[str]:
    """List the fields of a dataclass that its docstring does not tell one by one."""
    if known or not dataclasses.is_dataclass(value):
        return []
    return [f"Fields: {', '.join(f'`{one.name}`' for one in dataclasses.fields(value))}."]


def list_members(value: type) -> Iterator[tuple[str, Any]]:
    """Yield the public members that Ballyhoo itself defines, in order, tests last."""
    found: dict[str, Any] = {}
    for owner in reversed(value.__mro__):
        if owner.__module__.startswith("ballyhoo."):
            found |= {name: one for name, one in vars(owner).items() if is_member(name, one)}
    yield from sorted(found.items(), key=lambda one: one[0].startswith("test_"))


def is_member(name: str, value: Any) -> bool:
    if name.startswith("_") and (name not in SPECIAL or not inspect.getdoc(value)):
        return False
    return inspect.isfunction(value) or isinstance(value, property | classmethod)


def show_signature(function: Any) -> str:
    parameters = inspect.signature(function).parameters.values()
    shown: list[str] = []
    for one in parameters:
        if one.name in ("self", "cls"):
            continue
        if (
            one.kind is one.KEYWORD_ONLY
            and "*" not in shown
            and not any(part.startswith("*") for part in shown)
        ):
            shown.append("*")
        stars = {one.VAR_POSITIONAL: "*", one.VAR_KEYWORD: "**"}.get(one.kind, "")
        default = "" if one.default is one.empty else f"={one.default!r}"
        shown.append(f"{stars}{one.name}{default}")
    return f"({', '.join(shown)})"


def split_docstring(docstring: str) -> tuple[str, dict[str, dict[str, str]]]:
    """Return the text before the sections, and each section's entries by name."""
    text: list[str] = []
    sections: dict[str, dict[str, str]] = {}
    here: dict[str, str] | None = None
    last = ""
    for line in docstring.splitlines():
        head = _SECTION.match(line)
        if head:
            here = sections.setdefault(head[1], {})
            last = ""
        elif here is None or (line and not line.startswith(" ")):
            here = None
            text.append(line)
        elif line.strip():
            entry = re.match(r"    ([\w, *]+): (.*)", line)
            if entry and not line.startswith("     "):
                last = entry[1]
                here[last] = entry[2]
            else:
                here[last] = f"{here.get(last, '')} {line.strip()}".strip()
    joined = re.sub(r"(?<!\n)\n(?!\n|    |- |\d\. )", " ", "\n".join(text).strip())
    return re.sub(r"\n{3,}", "\n\n", joined), sections


def test_the_page_of_the_api_is_made_from_the_docstrings() -> None:
    again = "run python tests/docs/test_api_page.py to write it again"
    assert PAGE.read_text(encoding="utf-8") == render_page(), again


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
