"""Reads YAML safely into a tree of nodes, with limits on size, depth, aliases and tags."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from .document import Node, Place, Scalar
from .findings import Findings

MAX_BYTES = 256 * 1024
MAX_DEPTH = 50

_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = {_TAG + name for name in ("str", "int", "float", "bool", "null", "timestamp")}


class _Refused(Exception):
    def __init__(self, mark: Any, message: str) -> None:
        super().__init__(message)
        self.place = _place(mark)
        self.message = message


class _AliasRefusingComposer(Composer):
    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.parser.check_event(AliasEvent):
            event = self.parser.peek_event()
            raise _Refused(
                event.start_mark,
                f"aliases are not allowed in recipes; write the value of '*{event.anchor}' again",
            )
        return super().compose_node(parent, index)


def read_yaml(
    content: bytes,
    findings: Findings,
    *,
    max_bytes: int = MAX_BYTES,
    begins_with: str = "a recipe begins with 'campaign: NAME'",
) -> Node | None:
    """Read one YAML document.

    Args:
        content: The file's bytes, UTF-8.
        findings: Where mistakes go.
        max_bytes: The largest file that is read.
        begins_with: What an empty file should begin with, as the end of a sentence.

    Returns:
        The root node, or None when the document cannot be read at all; then there is a mistake.
    """
    if len(content) > max_bytes:
        findings.add(Place(1, 1), f"the file has {len(content):,} bytes; at most {max_bytes:,}")
        return None
    text = _decode(content, findings)
    if text is None:
        return None
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _AliasRefusingComposer
    yaml.max_depth = MAX_DEPTH
    try:
        root = yaml.compose(text)
    except _Refused as refused:
        findings.add(refused.place, refused.message)
        return None
    except MaxDepthExceededError as error:
        findings.add(_place(error.problem_mark), f"nested deeper than {MAX_DEPTH} levels")
        return None
    except ReaderError as error:
        before = text[: error.position]
        place = Place(before.count("\n") + 1, error.position - before.rfind("\n"))
        findings.add(place, f"the character U+{ord(text[error.position]):04X} is not allowed")
        return None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        findings.add(_place(mark) if mark else Place(1, 1), _explain_syntax(error))
        return None
    except (YAMLError, ValueError, RecursionError) as error:
        findings.add(Place(1, 1), f"not YAML: {type(error).__name__}")
        return None
    if root is None:
        findings.add(Place(1, 1), f"the file is empty; {begins_with}")
        return None
    return _Builder(text, findings).build(root, ())


def _decode(content: bytes, findings: Findings) -> str | None:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        findings.add(
            place, f"byte 0x{content[error.start]:02X} is not UTF-8; save the file as UTF-8"
        )
        return None


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def _explain_syntax(error: MarkedYAMLError) -> str:
    problem = str(error.problem or "").strip().rstrip(".")
    if "found character '\\t'" in problem or "tab" in problem.lower():
        return "a tab cannot indent YAML; use spaces"
    if problem.startswith("mapping values are not allowed"):
        return "a second ':' in one value; put the value in quotes, or mind the indentation"
    if problem.startswith("expected <block end>"):
        return "the indentation does not fit the lines above"
    if problem.startswith("could not find expected ':'"):
        return "a key without ':' after it"
    if "but found another document" in problem:
        return "a second document begins here; write one recipe per file"
    if problem.startswith("found unexpected end of stream"):
        return "a quote is not closed"
    context = str(error.context or "").strip()
    return f"not YAML: {context}: {problem}" if context else f"not YAML: {problem}"


class _Builder:
    """Turns ruamel's nodes into ours, collecting duplicate keys and foreign tags."""

    def __init__(self, text: str, findings: Findings) -> None:
        self.text = text
        self.findings = findings

    def build(self, node: Any, path: tuple[str | int, ...]) -> Node:
        place = _place(node.start_mark)
        if isinstance(node, MappingNode):
            self._refuse_tag(node, "map", place, path)
            return self._build_mapping(node, place, path)
        if isinstance(node, SequenceNode):
            self._refuse_tag(node, "seq", place, path)
            items = [self.build(item, (*path, index)) for index, item in enumerate(node.value)]
            return Node(value=items, place=place, path=path)
        assert isinstance(node, ScalarNode)
        raw = self.text[node.start_mark.index : node.end_mark.index]
        value = self._build_scalar(node, place, path)
        return Node(value=value, place=place, path=path, raw=raw)

    def _build_mapping(self, node: Any, place: Place, path: tuple[str | int, ...]) -> Node:
        values: dict[str, Node] = {}
        key_places: dict[str, Place] = {}
        for key_node, value_node in node.value:
            key_place = _place(key_node.start_mark)
            if not isinstance(key_node, ScalarNode):
                self.findings.add(key_place, "a key must be a word", path)
                continue
            key = str(key_node.value)
            below = self.build(value_node, (*path, key))
            if key in values:
                first = key_places[key]
                self.findings.add(
                    key_place, f"the key stands twice; first in line {first.line}", (*path, key)
                )
                continue
            values[key] = below
            key_places[key] = key_place
        return Node(value=values, place=place, path=path, key_places=key_places)

    def _build_scalar(self, node: Any, place: Place, path: tuple[str | int, ...]) -> Scalar:
        tag, text = str(node.tag), str(node.value)
        if tag not in _PLAIN_TAGS:
            self._refuse_tag(node, "str", place, path)
            return text
        try:
            value: Scalar = _SCALARS[tag.removeprefix(_TAG)](text)
            return value
        except ValueError as error:
            what = "a date that exists" if tag.endswith("timestamp") else tag.removeprefix(_TAG)
            self.findings.add(place, f"'{text}' is not {what} ({error})", path, final=True)
            return text

    def _refuse_tag(self, node: Any, kind: str, place: Place, path: tuple[str | int, ...]) -> None:
        if str(node.tag) not in (_TAG + kind, "!"):
            shown = str(node.tag).replace(_TAG, "!!")
            self.findings.add(place, f"the tag {shown} is not allowed; write a plain value", path)


def _to_int(text: str) -> int:
    digits = text.replace("_", "")
    sign = -1 if digits.startswith("-") else 1
    body = digits.lstrip("+-")
    for prefix, radix in (("0x", 16), ("0o", 8), ("0b", 2)):
        if body.lower().startswith(prefix):
            return sign * int(body[2:], radix)
    return sign * int(body)


def _to_float(text: str) -> float:
    bare = text.replace("_", "").lower()
    if bare.lstrip("+-") in (".inf", ".nan"):
        raise ValueError("a number must be finite")
    value = float(bare)
    if value in (float("inf"), float("-inf")):
        raise ValueError("the number is too large")
    return value


def _to_time(text: str) -> date | datetime:
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    return datetime.fromisoformat(re.sub(r"\s+(?=[zZ+-])", "", text.strip()))


_SCALARS: dict[str, Any] = {
    "str": str,
    "int": _to_int,
    "float": _to_float,
    "bool": lambda text: text.lower() == "true",
    "null": lambda text: None,
    "timestamp": _to_time,
}
