"""The site that MkDocs makes: every page is in its nav, and shows what is for readers alone."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from typing import Any

import pytest
from ruamel.yaml import YAML

from .pages import ROOT, Page

HOOKS = runpy.run_path(str(ROOT / "tools/site_hooks.py"))


@pytest.fixture(scope="module")
def show() -> Callable[[str], str]:
    """What the site shows of a page."""
    return HOOKS["on_page_markdown"]  # type: ignore[no-any-return]


def list_nav(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    return [
        page for one in (nav.values() if isinstance(nav, dict) else nav) for page in list_nav(one)
    ]


def test_every_page_is_in_the_nav_once(pages: dict[str, Page]) -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    nav = list_nav(YAML(typ="rt").load(text)["nav"])
    docs = [name.removeprefix("docs/") for name in pages if name.startswith("docs/")]
    assert sorted(nav) == sorted(docs)


def test_the_site_is_built_wherever_the_tests_are_run() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "mkdocs build --strict\n" in makefile  # with --quiet, warnings are not counted
    assert "\ntest: lint site\n" in makefile
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")


def test_a_file_is_shown_with_its_name(show: Callable[[str], str]) -> None:
    page = "Text.\n\n<!-- file: a/b.yaml -->\n```yaml\na: 1\n```\n"
    assert show(page) == 'Text.\n\n```{ .yaml title="a/b.yaml" }\na: 1\n```\n'


def test_what_readers_do_not_see_is_not_on_the_site(show: Callable[[str], str]) -> None:
    page = (
        "Text.\n\n<!--invisible-code-block: console\n$ ballyhoo init shop\n...\n-->\n"
        "<!-- file: a.csv -->\n<!--invisible-code-block: csv\nid\n-->\n"
        "```console\n$ cat a.csv\n```\n"
    )
    assert show(page) == "Text.\n\n```console\n$ cat a.csv\n```\n"


def test_a_comment_in_a_block_is_the_readers_own(show: Callable[[str], str]) -> None:
    page = "```jinja\n<!-- Greeting -->\n- {{ one }}\n```\n"
    assert show(page) == page


def test_a_list_right_after_a_line_stays_a_list(show: Callable[[str], str]) -> None:
    assert show("Fields:\n- a\n- b\n  more\n- c\n") == "Fields:\n\n- a\n- b\n  more\n- c\n"


def test_no_page_keeps_a_comment(show: Callable[[str], str], pages: dict[str, Page]) -> None:
    left = {name: show(page.text) for name, page in pages.items() if name.startswith("docs/")}
    assert [name for name, text in left.items() if "<!--invisible" in text] == []
    assert [name for name, text in left.items() if "<!-- file:" in text] == []


def test_the_search_passes_over_blocks() -> None:
    search = HOOKS["on_page_content"]
    assert search('<div class="highlight"><pre>') == (
        '<div data-search-exclude class="highlight"><pre>'
    )
    assert search('<pre class="mermaid">') == '<pre data-search-exclude class="mermaid">'
    assert search("<p>a <code>highlight</code></p>") == "<p>a <code>highlight</code></p>"
