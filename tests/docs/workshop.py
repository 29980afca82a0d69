"""Runs the blocks of a page, by their language, in a folder of the page's own.

    python    is run; what the blocks of a page define, its later blocks know
    console   lines after `$ ` are run, and what they print is compared; `...` stands for anything;
              one that ends in ` &` goes on in the background until the page ends
    yaml      is a recipe, or a part of one, and is checked; a file for compose starts commands that
              exist
    toml      is loaded as settings
    json      is read
    ini       is a unit of systemd, and starts a command that exists, with options that it has
    jinja csv must be files
    mermaid   must be a kind of picture that is known
    text      is what is said about the block before it, which is wrong on purpose; a console block
              that shows the same will do

`<!-- file: PATH -->` makes the next block a file of the current folder. Python in it is run as a
module of its own; a YAML file that is no recipe and a TOML file that holds no settings are read
and left to what the page does with them. `<!--invisible-code-block: LANGUAGE ... -->` is a block
that readers do not see.
"""

from __future__ import annotations

import configparser
import contextlib
import io
import json
import re
import runpy
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from ruamel.yaml import YAML
from sybil import Document, Example, Region, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.markdown.lexers import DirectiveInHTMLCommentLexer

from ballyhoo.core.campaign import check_recipe
from ballyhoo.core.cli import make_cli
from ballyhoo.core.settings import FILE_NAME, LOCAL_FILE_NAME, SettingsError, load_settings
from ballyhoo.core.workspace import find_workspace

from .console import Console, compare

LANGUAGES = (
    "python", "console", "yaml", "toml", "json", "ini", "jinja", "csv", "mermaid", "text",
)  # fmt: skip
PART: dict[str, Any] = {
    "campaign": "example",
    "segment": {"plugin": "list_segment", "customers": ["C-1001"]},
    "deliver": {"plugin": "outbox", "fields": {"subject": "Hello", "body": "Come and look."}},
}
"""What a part of a recipe stands in."""
OTHERS: dict[str, Any] = {
    "generate": {"plugin": "writer", "fields": {"subject": {}, "body": {}}},
    "respond": {"plugin": "answers"},
}
"""What the other stages' blocks need, when a part shows only some keys of one."""


class Workshop:
    """The folder that a page works in, and what each kind of block does there."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        # Else one in twenty is held out of a campaign of one person, when a page does not say so.
        monkeypatch.setenv("BALLYHOO_ASSIGNMENT_KEY", "an assignment key of pages")
        self.console = Console(folder.parent / "site-packages", monkeypatch)
        self.named: str | None = None
        self.wrong: str | None = None

    def run_page(self, page: Path) -> None:
        """Run every block; one that is wrong must be followed by a text that says so."""
        try:
            self.run_blocks(page)
        finally:
            self.console.stop()

    def run_blocks(self, page: Path) -> None:
        at = ""
        for example in self.parse(page):
            if example.region.evaluator == self.run_console and self.wrong:
                self.wrong = None if self.wrong in example.parsed else self.wrong
            if example.region.evaluator != self.run_text:
                assert self.wrong is None, f"{at}: {self.wrong}"
            at = f"{page}:{example.line}"
            try:
                example.evaluate()
            except Exception as error:
                raise AssertionError(f"{at}: {type(error).__name__}: {error}") from error
        assert self.wrong is None, f"{at}: {self.wrong}"
        assert self.named is None, f"{at}: no block follows for {self.named}"

    def parse(self, page: Path) -> Document:
        parsers: list[Any] = [
            CodeBlockParser(name, getattr(self, f"run_{name}"))
            for name in LANGUAGES
            if name != "python"
        ]
        return Sybil([*parsers, self.find_python, self.find_names]).parse(page)

    def find_python(self, document: Document) -> Iterator[Region]:
        for region in PythonCodeBlockParser()(document):
            inner = region.evaluator

            def evaluate(example: Example, inner: Any = inner) -> Any:
                path = self.write_file(example)
                return inner(example) if path is None else self.run_python(path)

            region.evaluator = evaluate
            yield region

    def find_names(self, document: Document) -> Iterator[Region]:
        for region in DirectiveInHTMLCommentLexer("file", arguments=r"\S+")(document):
            region.parsed = region.lexemes["arguments"]
            region.evaluator = self.keep_name
            yield region

    def keep_name(self, example: Example) -> None:
        self.named = example.parsed

    def write_file(self, example: Example) -> Path | None:
        """Write the block where the page says that it is a file."""
        if self.named is None:
            return None
        path, self.named = Path.cwd() / self.named, None
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(example.parsed, encoding="utf-8")
        return path

    def run_python(self, path: Path) -> None:
        self.console.monkeypatch.syspath_prepend(str(path.parent))
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                runpy.run_path(str(path), run_name=path.stem)
            except Exception as error:
                self.wrong = f"{type(error).__name__}: {error}"

    def run_yaml(self, example: Example) -> None:
        path = self.write_file(example)
        is_whole = re.search("^(campaign|respond):", example.parsed, re.MULTILINE)
        if path is not None and not is_whole:
            data = YAML(typ="safe").load(example.parsed)
            for service in data.get("services", {}).values() if isinstance(data, dict) else ():
                find_command(service.get("command", ""))
            return
        text = example.parsed if is_whole else complete(YAML(typ="safe").load(example.parsed))
        workspace = find_workspace(Path.cwd())
        checked = check_recipe(
            text.encode(),
            file="recipe.yaml" if path is None else str(path.relative_to(Path.cwd())),
            registry=workspace.registry,
            workspace=workspace.folder,
        )
        self.wrong = "\n".join(str(one) for one in checked.mistakes) or None

    def run_toml(self, example: Example) -> None:
        path = self.write_file(example)
        if path is not None and path.name not in (FILE_NAME, LOCAL_FILE_NAME):
            tomllib.loads(example.parsed)
            return
        if path is None:
            path = self.folder / "settings" / FILE_NAME
            path.parent.mkdir(exist_ok=True)
            path.write_text(example.parsed, encoding="utf-8")
        try:
            load_settings(path.parent, {})
        except SettingsError as error:
            self.wrong = error.message

    def run_text(self, example: Example) -> str | None:
        wrong, self.wrong = self.wrong, None
        if wrong is None:
            return "the block before is not wrong, so nobody says this"
        return compare(example.parsed, wrong)

    def run_json(self, example: Example) -> None:
        self.write_file(example)
        json.loads(example.parsed)

    def run_ini(self, example: Example) -> str | None:
        unit = configparser.ConfigParser(interpolation=None)
        unit.read_string(example.parsed)
        find_command(unit["Service"]["ExecStart"])
        return None

    def run_jinja(self, example: Example) -> str | None:
        return None if self.write_file(example) else "which file is this?"

    def run_csv(self, example: Example) -> str | None:
        return self.run_jinja(example)

    def run_mermaid(self, example: Example) -> str | None:
        kind = example.parsed.split()[0]
        return None if kind in ("flowchart", "stateDiagram-v2") else f"{kind} is not known"

    def run_console(self, example: Example) -> str | None:
        return self.console.run_block(example.parsed)


def find_command(line: str) -> None:
    """Fail unless a line starts a command of Ballyhoo that exists, with options that it has.

    A line of another program is left alone.
    """
    program, *words = shlex.split(line) or [""]
    if Path(program).name != "ballyhoo":
        return
    group = make_cli()
    context = click.Context(group)
    while isinstance(group, click.Group):
        command = group.get_command(context, words[0])
        assert command is not None, f"there is no command '{words[0]}'"
        group, words = command, words[1:]
    group.make_context(line, words)


def complete(part: dict[str, Any]) -> str:
    """Return the recipe that a part of one stands in, as YAML."""
    whole: dict[str, Any] = {**PART}
    for key, block in part.items():
        needed = {**PART, **OTHERS, "segment": {}}.get(key, {})
        is_same = isinstance(block, dict) and block.get("plugin") in (None, needed.get("plugin"))
        whole[key] = {**needed, **block} if is_same else block
        if key == "deliver" and "from" in block:
            whole[key]["plugin"] = "email_channel"
    if "generate" in whole:
        whole["deliver"] = {
            key: whole["deliver"][key] for key in whole["deliver"] if key != "fields"
        }
    text = io.StringIO()
    YAML().dump(whole, text)
    return text.getvalue()
