"""Reads maps with every mistake at its place, and finds the one that fits a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from ..errors import DataError, RecipeError
from ..recipe.document import Node
from ..recipe.findings import Findings
from ..recipe.validation import validate_node
from ..recipe.yaml_reader import read_yaml
from ..spelling import suggest_name
from .kinds import KINDS, Kind
from .map_model import ColumnMap, Expression, Section, expand_short_forms
from .source import NOTHING_NESTED, Nested

SHIPPED = "ballyhoo.core.importing.maps"

_NUMBERS = ("number", "integer", "money", "stars")
_OPTIONS_OF_TYPE = {
    "format": ("dates", ("time",)),
    "zone": ("dates", ("time",)),
    "decimal": ("numbers", _NUMBERS),
    "divide": ("numbers", _NUMBERS),
    "true": ("yes and no", ("boolean",)),
    "false": ("yes and no", ("boolean",)),
}


def read_map(content: bytes, name: str) -> ColumnMap:
    """Read a map.

    Args:
        content: The file's bytes, YAML.
        name: The file's name, for messages.

    Raises:
        RecipeError: It is wrong; `mistakes` holds every mistake with its line and column.
    """
    findings = Findings(name)
    root = read_yaml(content, findings, begins_with="a map begins with 'map: NAME'")
    column_map = None
    if root is not None:
        column_map = validate_node(
            ColumnMap, root, findings, data=expand_short_forms(root.plain()), partly=True
        )
        _check_fields(root, column_map, findings)
    if findings or column_map is None:
        raise RecipeError(f"the map {name} is wrong", mistakes=findings.sorted())
    return column_map


def load_map(named: str) -> ColumnMap:
    """Read a map file, or the shipped map of a name.

    Raises:
        DataError: There is neither.
        RecipeError: It is wrong.
    """
    path = Path(named)
    if path.is_file():
        return read_map(path.read_bytes(), named)
    for shipped in shipped_maps():
        if shipped.map == named:
            return shipped
    names = [shipped.map for shipped in shipped_maps()]
    raise DataError(
        f"there is no map file '{named}', and no shipped map of this name",
        hint=suggest_name(named, names),
    )


@cache
def shipped_maps() -> tuple[ColumnMap, ...]:
    """Return all maps that come with Ballyhoo, by name."""
    found = sorted(
        (entry for entry in files(SHIPPED).iterdir() if entry.name.endswith(".yaml")),
        key=lambda entry: entry.name,
    )
    return tuple(read_map(entry.read_bytes(), entry.name) for entry in found)


def guess_map(kind: Kind, header: Sequence[str]) -> ColumnMap | None:
    """Return the shipped map that fits a file best, or None when none does."""
    columns = {name.casefold() for name in header}

    def fits(candidate: ColumnMap) -> bool:
        return (
            candidate.section(kind.name) is not None
            and bool(candidate.header)
            and all(name.casefold() in columns for name in candidate.header)
            and not any(name.casefold() in columns for name in candidate.without)
        )

    fitting = [candidate for candidate in shipped_maps() if fits(candidate)]
    return max(fitting, key=lambda candidate: len(candidate.header), default=None)


def map_by_names(
    kind: Kind, header: Sequence[str], nested: Nested = NOTHING_NESTED, *, is_partial: bool = False
) -> Section:
    """Return the map of a file whose columns are named as the fields are.

    Args:
        kind: What is imported.
        header: The columns.
        nested: Those of them that hold lists or mappings: JSON alone has them. `title: {de: Schuh}`
            is what others have in the column `title.de`.
        is_partial: Whether columns that every row needs may be missing; each row then lacks them.

    Raises:
        DataError: A column that every row needs is not there.
    """
    columns: dict[str, str] = {}
    parted = {column for column, names in nested.items() if names and column in kind.families}
    for column in header:
        if column not in parted:
            columns.setdefault(_simplify(column), column)
    fields: dict[str, Expression] = {}
    taken: set[str] = set()
    for aliased in (False, True):
        for field in kind.fields.values():
            if field.name in fields:
                continue
            for name in field.aliases if aliased else (field.name,):
                found = columns.get(name)
                if found is not None and found not in taken:
                    fields[field.name] = Expression(column=found)
                    taken.add(found)
                    break
    for column in header:
        family = column.partition(".")[0]
        if column in taken or family not in kind.families or not kind.find(column):
            continue
        if column in parted and column in kind.fields:
            fields |= {
                f"{column}.{name}": _find_part(column, name) for name in nested[column] if name
            }
        elif "." in column or column in nested:
            fields[column] = Expression(column=column)
            taken.add(column)
    each = kind.parts if kind.parts in nested else None
    if each is not None:
        for field in kind.fields.values():
            names = kind.find_part_names(field)
            if names:  # what the whole says of the same name is something else
                fields[field.name] = Expression(columns=tuple(f"{each}.{name}" for name in names))
    missing = [f.name for f in kind.fields.values() if f.is_required and f.name not in fields]
    if kind.name == "customers" and not {"key", "email"} & set(fields):
        missing.append("key or email")
    if missing and is_partial:
        needed = [name.partition(" ")[0] for name in missing]
        fields |= {name: Expression(column=name) for name in needed}
    elif missing:
        raise DataError(
            f"no column gives {' and '.join(missing)} of {kind.name}",
            hint=f"the columns are {', '.join(list(header)[:20])}; name a map by --map",
        )
    return Section(fields=fields, rest=bool(kind.rest), each=each)


def _find_part(column: str, name: str) -> Expression:
    return Expression(column=f"{column}.{name}")


def _simplify(column: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", column.casefold()).strip("_")


def _check_fields(root: Node, column_map: ColumnMap | None, findings: Findings) -> None:
    """Find mistakes that the model cannot know: fields, expressions that contradict themselves."""
    if not any(kind in root.mapping for kind in KINDS):
        findings.add(root.place, f"a map is for one of {', '.join(KINDS)}; none stands here")
    for kind in KINDS.values():
        node = root.mapping.get(kind.name)
        fields = node.mapping.get("fields") if node is not None else None
        if fields is None:
            continue
        section = column_map.section(kind.name) if column_map is not None else None
        for name, below in fields.mapping.items():
            field = kind.find(name)
            if field is None:
                hint = suggest_name(name, [*kind.fields, *(f"{f}.NAME" for f in kind.families)])
                findings.add(
                    fields.key_places[name], f"{kind.name} have no field '{name}'; {hint}",
                    fields.path,
                )  # fmt: skip
                continue
            data = {"column": below.value} if isinstance(below.value, str) else below.plain()
            said = validate_node(Expression, below, findings, data=data, partly=True)
            if said is not None:
                _check_expression(said, field.type, below, findings)
        if node is not None and section is not None:
            for key in ("each", "fill_down"):
                if section.group == "anywhere" and key in node.mapping:
                    findings.add(
                        node.key_places[key], f"'{key}' cannot be with 'group: anywhere'", node.path
                    )
            if section.rest and not kind.rest:
                findings.add(
                    node.key_places["rest"], f"{kind.name} have nowhere to put other columns",
                    node.path,
                )  # fmt: skip
            for index, test in enumerate(section.where):
                _check_pattern(test.match, node.mapping["where"].child(index) or node, findings)


def _check_expression(said: Expression, kind: str, node: Node, findings: Findings) -> None:
    sources = [said.column is not None, said.columns is not None, said.value is not None]
    if sum(sources) != 1:
        findings.add(node.place, "say one of column, columns and value", node.path)
    if said.join is not None and said.columns is None:
        findings.add(node.place, "join needs columns", node.path)
    if said.part is not None and said.split is None:
        findings.add(node.place, "part needs split", node.path)
    if said.otherwise is not None and said.words is None:
        findings.add(node.place, "otherwise needs words", node.path)
    read_as = said.kind or kind
    if said.kind is not None and kind not in ("scalar", "json"):
        findings.add(node.place, "'as' is for traits, attributes and properties", node.path)
    for option, (what, types) in _OPTIONS_OF_TYPE.items():
        if getattr(said, option) is not None and read_as not in types:
            name = node.path[-1]
            findings.add(node.place, f"'{option}' is for {what}; {name} is none", node.path)
    _check_pattern(said.match, node, findings)
    if said.zone is not None:
        from .values import read_zone

        try:
            read_zone(said.zone)
        except ValueError as error:
            findings.add(node.place, f"'{said.zone}' {error}", node.path)


def _check_pattern(pattern: str | None, node: Node, findings: Findings) -> None:
    if pattern is None:
        return
    try:
        re.compile(pattern)
    except re.error as error:
        findings.add(node.place, f"'{pattern}' is no regular expression: {error}", node.path)
