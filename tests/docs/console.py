"""Runs the lines of a console block: Ballyhoo in this process, a few other programs as they are."""

from __future__ import annotations

import contextlib
import io
import re
import runpy
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ballyhoo.core.cli import main

ROOT = Path(__file__).parents[2]


class Console:
    """A terminal in the current folder.

    Args:
        site: Where packages are installed that a page installs.
        monkeypatch: Takes back afterwards what commands change.

    Attributes:
        replaced: What stands in lines of a page, and what is run instead of it here.
    """

    def __init__(self, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site = site
        self.monkeypatch = monkeypatch
        self.code = 0
        self.replaced: dict[str, str] = {}
        self.running: list[subprocess.Popen[bytes]] = []

    def run_block(self, text: str) -> str | None:
        """Run all lines after `$ `, and say where their output is another one; None when not."""
        for command, expected in split_console(text):
            said = compare(expected, self.run_command(command))
            if said is not None:
                return f"$ {command}\n{said}"
        return None

    def run_command(self, command: str) -> str:
        """Run one line and return what it printed; not every program is known here."""
        if command == "echo $?":
            return f"{self.code}\n"
        for said, meant in self.replaced.items():
            command = command.replace(said, meant)
        if command.endswith(" &"):
            return self.start(command.removesuffix(" &"))
        name, *arguments = shlex.split(command, comments=True)
        if name == "cd":
            self.monkeypatch.chdir(arguments[0])
            return ""
        if name == "export":
            variable, _, value = arguments[0].partition("=")
            self.monkeypatch.setenv(variable, value)
            return ""
        if name == "cat":
            return Path(arguments[0]).read_text(encoding="utf-8")
        if name == "make":
            said = self.run_process("make", "--dry-run", "-C", str(ROOT), *arguments)
            return "" if self.code == 0 else said
        if name == "pip":
            return self.install(arguments)
        if name == "pytest":
            self.monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
            return self.run_process(
                sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments
            )
        return self.run_here(name, arguments)

    def start(self, command: str) -> str:
        """Run a line in a process of its own that goes on until `stop`."""
        name, *arguments = shlex.split(command)
        ballyhoo = ("-c", "from ballyhoo.core.cli import main; main()")
        begin = {"python": (), "ballyhoo": ballyhoo}.get(name)
        assert begin is not None, f"nobody here runs '{name}'"
        with (self.site.parent / "background.log").open("ab") as log:
            self.running.append(
                subprocess.Popen([sys.executable, *begin, *arguments], stdout=log, stderr=log)
            )
        return ""

    def stop(self) -> None:
        """End what goes on in the background."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait()

    def run_here(self, name: str, arguments: list[str]) -> str:
        """Run in this process, which is much faster, and return what was printed."""
        assert name in ("ballyhoo", "python"), f"nobody here runs '{name}'"
        said = io.StringIO()
        self.code = 0
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                if name == "ballyhoo":
                    main(arguments)
                else:
                    runpy.run_path(arguments[0], run_name="__main__")
            except SystemExit as stop:
                self.code = stop.code if isinstance(stop.code, int) else 0
        return said.getvalue()

    def run_process(self, *command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.code = done.returncode
        return done.stdout + done.stderr

    def install(self, arguments: list[str]) -> str:
        """Install into a folder of this page alone, without a network."""
        assert arguments[:2] == ["install", "-e"], "only 'pip install -e FOLDER' is known here"
        site = str(self.site)
        offline = ("--quiet", "--no-index", "--no-deps", "--no-build-isolation")
        what = arguments[2].removesuffix("[test]")
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install")
        said = self.run_process(*pip, *offline, "--target", site, what)
        assert self.code == 0, said
        self.monkeypatch.syspath_prepend(site)
        self.monkeypatch.setenv("PYTHONPATH", site)
        return ""


def split_console(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block with the text after it."""
    parts = re.split(r"^\$ (.*(?:\\\n.*)*)\n?", text, flags=re.MULTILINE)
    assert not parts[0].strip(), f"a console block begins with '$ ', not with {parts[0]!r}"
    for command, output in zip(parts[1::2], parts[2::2], strict=True):
        yield command.replace("\\\n", " "), output


def compare(expected: str, got: str) -> str | None:
    """Say how an output differs from the one in the page; None when it does not."""
    pattern = ".*?".join(re.escape(part) for part in expected.strip().split("..."))
    plain = "\n".join(line.rstrip() for line in got.strip().splitlines())
    if re.fullmatch(pattern, plain, flags=re.DOTALL):
        return None
    return f"--- the page says\n{expected.strip()}\n--- it really is\n{plain}"
