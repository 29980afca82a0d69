"""The pages of the documentation, taken apart once for all tests."""

from __future__ import annotations

import pytest

from .pages import ROOT, Page, list_pages, read_page


@pytest.fixture(scope="session")
def pages() -> dict[str, Page]:
    """All pages by their path from the root."""
    return {str(path.relative_to(ROOT)): read_page(path) for path in list_pages()}


@pytest.fixture(scope="session")
def reference(pages: dict[str, Page]) -> dict[str, Page]:
    """The pages of docs/reference by their names."""
    return {
        page.path.stem: page for name, page in pages.items() if name.startswith("docs/reference/")
    }
