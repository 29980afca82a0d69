from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from .pages import ROOT, Page, list_pages
from .workshop import LANGUAGES, Workshop

ELSEWHERE = {"docs/how-to/online-retail.md": "test_online_retail.py"}
"""Pages that need servers or data, and the test that runs them."""


def mark_page(page: Path) -> Any:
    installs = "$ pip " in page.read_text(encoding="utf-8")
    marks = [pytest.mark.installs] if installs else []
    return pytest.param(page, id=str(page.relative_to(ROOT)), marks=marks)


def list_usual_pages() -> list[Path]:
    return [page for page in list_pages() if str(page.relative_to(ROOT)) not in ELSEWHERE]


@pytest.mark.parametrize("page", list(map(mark_page, list_usual_pages())))
def test_a_page_does_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in [one for one in os.environ if one.startswith("BALLYHOO_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("COLUMNS", "80")
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    before = set(sys.modules)
    try:
        Workshop(folder, monkeypatch).run_page(page)
    finally:
        for name in set(sys.modules) - before:
            if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
                del sys.modules[name]


def test_no_block_is_in_a_language_that_nothing_here_runs(pages: dict[str, Page]) -> None:
    strange = [
        f"{name}: {section.title}: '{language}'"
        for name, page in pages.items()
        for section in page.sections
        for language, _ in section.blocks
        if language not in LANGUAGES
    ]
    assert strange == []


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("```console\n$ ballyhoo --version\nballyhoo 0.0.0\n```\n", "it really is"),
        ("```console\n$ rm -rf shop\n```\n", "nobody here runs 'rm'"),
        ("```console\n$ redis-server &\n```\n", "nobody here runs 'redis-server'"),
        ("```yaml\ncampaign: a\n```\n", "'segment' is missing"),
        (
            "<!-- file: compose.yaml -->\n```yaml\nservices: {w: {command: ballyhoo wrk}}\n```\n",
            "there is no command 'wrk'",
        ),
        (
            "<!-- file: compose.yaml -->\n```yaml\nservices: {w: {command: ballyhoo beat -x}}\n"
            "```\n",
            "-x",
        ),
        ("```yaml\ndeliver: {rte: 600/min}\n```\n", "unknown key 'rte'"),
        ("```toml\n[brnd]\n```\n", "unknown setting"),
        ("```toml\n[brand]\n```\n```text\nsomething\n```\n", "nobody says this"),
        ("```python\nassert 1 > 2\n```\n", "AssertionError"),
        ("```python\n>>> 1 + 1\n3\n```\n", "Expected:"),
        ("```csv\nid\n```\n", "which file is this"),
        ("<!-- file: a.py -->\n```python\n1 / 0\n```\n", "ZeroDivisionError"),
        ("<!-- file: a.py -->\n", "no block follows"),
    ],
)
def test_a_page_that_is_wrong_is_noticed(
    page: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "page.md"
    path.write_text(page, encoding="utf-8")
    with pytest.raises(AssertionError, match=re.escape(said)):
        Workshop(tmp_path, monkeypatch).run_page(path)
