from __future__ import annotations

import re
from collections import Counter

from .pages import ROOT, Page

MOST_LINES_OF_README = 120


def test_links_lead_somewhere(pages: dict[str, Page]) -> None:
    broken = []
    for name, page in pages.items():
        for link in page.links:
            target, _, anchor = link.partition("#")
            path = (page.path.parent / target).resolve() if target else page.path
            found = pages.get(str(path.relative_to(ROOT)))
            if not path.exists() or (anchor and (found is None or anchor not in found.anchors)):
                broken.append(f"{name}: {link}")
    assert broken == []


def test_links_stay_in_the_repository(pages: dict[str, Page]) -> None:
    outside = [
        f"{name}: {link}"
        for name, page in pages.items()
        for link in page.links
        if re.match(r"[a-z]+:|/", link)
    ]
    assert outside == []


def test_links_of_the_docs_stay_in_the_docs(pages: dict[str, Page]) -> None:
    docs = ROOT / "docs"
    outside = [
        f"{name}: {link}"
        for name, page in pages.items()
        for link in page.links
        if name.startswith("docs/")
        and not (page.path.parent / link.partition("#")[0]).resolve().is_relative_to(docs)
    ]
    assert outside == []


def test_no_page_has_two_headings_with_one_anchor(pages: dict[str, Page]) -> None:
    twice = {
        name: [
            title
            for title, count in Counter(page.titles).items()
            # Two plugins of a stage may have an option of one name.
            if count > 1 and not (name.endswith("/plugins.md") and "." in title)
        ]
        for name, page in pages.items()
    }
    assert {name: anchors for name, anchors in twice.items() if anchors} == {}


def test_every_page_has_one_title_and_stands_first(pages: dict[str, Page]) -> None:
    assert [name for name, page in pages.items() if not page.text.startswith("# ")] == []
    assert [
        name
        for name, page in pages.items()
        if [section.level for section in page.sections].count(1) != 1
    ] == []


def test_every_page_is_reached_from_the_index(pages: dict[str, Page]) -> None:
    index = pages["docs/index.md"]
    reached = {(index.path.parent / link.partition("#")[0]).resolve() for link in index.links}
    docs = {page.path for name, page in pages.items() if name.startswith("docs/")}
    assert docs - reached == {index.path}


def test_readme_fits_on_a_screen(pages: dict[str, Page]) -> None:
    assert len(pages["README.md"].text.splitlines()) <= MOST_LINES_OF_README


def test_changelog_begins_with_what_is_not_released(pages: dict[str, Page]) -> None:
    assert pages["CHANGELOG.md"].titles[:2] == ["Changelog", "Unreleased"]


def test_every_block_that_is_a_file_says_so_to_the_reader(pages: dict[str, Page]) -> None:
    silent = []
    for name, page in pages.items():
        for found in re.finditer(r"<!-- file: (\S+) -->\n```", page.text):
            file = found[1].rpartition("/")[2]
            shown = re.sub("<!--.*?-->", "", page.text[: found.start()], flags=re.DOTALL)
            if file not in shown.rpartition("\n## ")[2]:
                silent.append(f"{name}: {found[1]}")
    assert silent == []
