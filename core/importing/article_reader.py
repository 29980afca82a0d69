"""Reads articles of the knowledge base from Markdown files and from YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..errors import DataError, RecipeError
from ..recipe.document import Node
from ..recipe.findings import Findings
from ..recipe.yaml_reader import read_yaml
from .json_reader import RAW_COLUMN, JsonChunk
from .source import NOTHING_NESTED, Nested

MAX_YAML_BYTES = 16 * 1024 * 1024
MARKDOWN = (".md", ".markdown")
FRONT = ("language", "questions", "intent", "audience", "valid_from", "valid_until")
"""What the top of a Markdown file may say besides its id, title and body."""
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*\r?\n?", re.DOTALL | re.MULTILINE)
_HEADLINE = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)


class ArticleSource:
    """A Markdown file, a folder of them, or a YAML list of articles.

    A Markdown file is one article: its id is the file's path without the ending, its title the
    first headline, its body the text below. YAML between two lines `---` at its top may say
    `id`, `title`, `language`, `questions`, `intent`, `audience`, `valid_from`, `valid_until`.

    Raises:
        DataError: There is no article.
        RecipeError: The YAML is broken; every mistake has its place.
    """

    raw_header = (RAW_COLUMN,)
    nested: Nested = NOTHING_NESTED

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self.notes: list[str] = []
        if path.is_dir():
            self._files = sorted(
                found for found in path.rglob("*") if found.suffix.lower() in MARKDOWN
            )
        else:
            self._files = [path]
        if not self._files:
            raise DataError(f"there is no Markdown file in {path.name}/")
        self.size = sum(file.stat().st_size for file in self._files)
        self.done = 0
        names: dict[str, None] = {}
        for row in self._read(self._files[0])[0]:
            names.update(dict.fromkeys(row if isinstance(row, dict) else ()))
        self.header = tuple({**names, **dict.fromkeys(FRONT)} if self._is_markdown else names)

    @property
    def _is_markdown(self) -> bool:
        return self._files[0].suffix.lower() in MARKDOWN

    def chunks(self) -> Iterator[JsonChunk]:
        """Yield the articles, all of a YAML file or one file of Markdown at a time."""
        for file in self._files:
            rows, lines = self._read(file)
            self.done += file.stat().st_size
            damaged = {
                index: "is not a mapping" for index, row in enumerate(rows) if type(row) is not dict
            }
            rows = [row if isinstance(row, dict) else {RAW_COLUMN: str(row)} for row in rows]
            yield JsonChunk(rows, list(lines), damaged)

    def _read(self, file: Path) -> tuple[list[Any], Sequence[int]]:
        if file.suffix.lower() in MARKDOWN:
            return [self._read_markdown(file)], [1]
        root = _read_yaml(file.name, file.read_bytes())
        nodes = root.value if isinstance(root.value, list) else [root]
        if isinstance(root.value, dict) and len(root.value) == 1:
            only = next(iter(root.value.values()))
            nodes = only.value if isinstance(only.value, list) else nodes
        return [node.plain() for node in nodes], [node.place.line for node in nodes]

    def _read_markdown(self, file: Path) -> dict[str, Any]:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise DataError(f"{file.name} is not UTF-8", hint="save it as UTF-8") from None
        root = self.path if self.path.is_dir() else file.parent
        said: dict[str, Any] = {}
        front = _FRONT.match(text)
        if front:
            plain = _read_yaml(file.name, front[1].encode()).plain()
            said = plain if isinstance(plain, dict) else {}
            text = text[front.end() :]
        headline = _HEADLINE.search(text)
        if headline and "title" not in said:
            said["title"] = headline[1].strip()
            text = text[: headline.start()] + text[headline.end() :]
        identity = file.relative_to(root).with_suffix("").as_posix()
        return {"id": identity, "title": file.stem, "body": text.strip()} | said


def _read_yaml(name: str, content: bytes) -> Node:
    findings = Findings(name)
    root = read_yaml(
        content, findings, max_bytes=MAX_YAML_BYTES, begins_with="write a list of articles"
    )
    if findings or root is None:
        raise RecipeError(f"{name} is not right", mistakes=findings.sorted())
    return root
