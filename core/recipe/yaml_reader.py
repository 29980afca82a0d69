"""Reads YAML safely into a tree of nodes, with limits on size, depth, aliases and tags."""

from __future__ import annotations

import re

from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from .composer import MAX_VALUES, RecipeComposer, TooManyValues
from .document import Node, Place
from .findings import Findings
from .syntax import explain_failure, explain_syntax
from .tree import Lines, TreeBuilder, explain_character

MAX_BYTES = 256 * 1024
MAX_DEPTH = 50


def read_yaml(
    content: bytes,
    findings: Findings,
    *,
    max_bytes: int = MAX_BYTES,
    begins_with: str = "a recipe begins with 'campaign: NAME'",
) -> Node | None:
    """Read one YAML document.

    Dates and times are left as text: what reads the value knows whether it wants one.

    Args:
        content: The file's bytes, UTF-8.
        findings: Where mistakes go.
        max_bytes: The largest file that is read.
        begins_with: What an empty file should begin with, as the end of a sentence.

    Returns:
        The root node, or None when the document cannot be read at all; then there is a mistake.
    """
    if len(content) > max_bytes:
        said = f"the file has {len(content):,} bytes; a recipe has at most {max_bytes:,}"
        findings.add(Place(1, 1), said)
        return None
    text = _decode(content, findings)
    if text is None:
        return None
    lines = Lines(text)
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = RecipeComposer
    yaml.max_depth = MAX_DEPTH
    try:
        root = yaml.compose(text)
    except MaxDepthExceededError as error:
        place = lines.place(error.problem_mark.index)
        findings.add(place, f"nested deeper than {MAX_DEPTH} levels")
        return None
    except TooManyValues as error:
        said = f"more than {MAX_VALUES:,} keys and values; put a long list into a file of its own"
        findings.add(lines.place(error.index), said)
        return None
    except ReaderError as error:
        findings.add(lines.place(error.position), explain_character(text[error.position]))
        return None
    except MarkedYAMLError as error:
        index, said = explain_syntax(error, text)
        findings.add(lines.place(index), said)
        return None
    except Exception as error:  # the reader's own gaps, an escape beyond Unicode among them
        index, said = explain_failure(error, text)
        findings.add(lines.place(index), said)
        return None
    if root is None:
        findings.add(Place(1, 1), f"the file is empty; {begins_with}")
        return None
    if yaml.composer.has_directive:
        begun = re.search(r"^%", text, re.MULTILINE)
        place = lines.place(begun.start() if begun else 0)
        findings.add(place, "a line that begins with '%' does not belong in a recipe")
    return TreeBuilder(text, lines, yaml.composer, findings).build(root, ())


def _decode(content: bytes, findings: Findings) -> str | None:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        findings.add(Place(1, 1), "the file is UTF-16; save it as UTF-8")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig", "replace")
        byte = content[error.start]
        said = f"the byte 0x{byte:02X} is not UTF-8; save the file as UTF-8"
        findings.add(Lines(before).place(len(before)), said)
        return None
