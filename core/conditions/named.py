"""The named segments of a workspace: segments/NAME.yaml, each with one `where`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..quoting import shorten
from ..recipe.findings import Findings
from ..recipe.yaml_reader import read_yaml
from ..spelling import suggest_name

FOLDER = "segments"
IN_SEGMENT = "in_segment"

SegmentTexts = Mapping[str, str]

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


class SegmentFolder(Mapping[str, str]):
    """The texts of the named segments of a workspace, each read when it is asked for.

    Args:
        workspace: The folder of the workspace.
    """

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / FOLDER

    def __getitem__(self, name: str) -> str:
        try:
            return (self.folder / f"{name}.yaml").read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.stem for path in self.folder.glob("*.yaml")))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def find_named(name: str, segments: SegmentTexts) -> str:
    """Return the text of a named segment.

    Raises:
        ValueError: There is none, or it cannot be read; the message says what to do.
    """
    if _NAME.fullmatch(name) is None:
        raise ValueError(
            f"'{shorten(name)}' is no name of a segment: "
            "lower-case letters, digits, '-' and '_', at most 80 of them"
        )
    try:
        return segments[name]
    except KeyError:
        hint = suggest_name(name, segments)
        said = f"there is no segment '{name}' in {FOLDER}/"
        raise ValueError(f"{said}; {hint}" if hint else said) from None
    except (OSError, UnicodeDecodeError):
        said = f"{FOLDER}/{name}.yaml cannot be read as UTF-8 text"
        raise ValueError(said) from None


def read_segment_text(name: str, text: str) -> Any:
    """Return the `where` of a named segment.

    Raises:
        ValueError: The file is not a mapping with `where` and nothing else.
    """
    findings = Findings(f"{FOLDER}/{name}.yaml")
    root = read_yaml(text.encode(), findings)
    if findings:
        raise ValueError(f"the segment '{name}' is wrong: {findings.sorted()[0]}")
    if root is None or set(root.mapping) - {"description"} != {"where"}:
        said = "holds 'where: CONDITION', and 'description' if you like, and nothing else"
        raise ValueError(f"{FOLDER}/{name}.yaml {said}")
    return root.mapping["where"].plain()
