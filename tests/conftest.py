"""For all tests: a PostgreSQL server, pytest's own plugin for its tests, and what was not run."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import settings

from .databases import postgresql_server, postgresql_template
from .statements import share_statements

__all__ = ["postgresql_server", "postgresql_template"]

pytest_plugins = ["pytester"]

# How long an example takes says more of the machine than of us.
settings.register_profile("ballyhoo", deadline=None)
settings.load_profile("ballyhoo")

share_statements()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process do the tests that share something dear, so that it is made once.

    That is what builds packages of one folder, and what has a fixture of its module.
    """
    for item in items:
        if item.get_closest_marker("installs") is not None:
            group = "packages" if item.path.parent.name == "tests" else item.path.parent.name
            item.add_marker(pytest.mark.xdist_group(group))
        elif item.get_closest_marker("xdist_group") is None and _shares(item):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def _shares(item: pytest.Item) -> bool:
    fixtures = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009
    return any(one.scope in ("class", "module") for some in fixtures.values() for one in some)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse a pytest that pytest-xdist cannot tell groups to: each would be made twice."""
    if not getattr(session.config.option, "loadgroup", False):
        return
    for item in session.items:
        if item.get_closest_marker("xdist_group") is not None and "@" not in item.nodeid:
            raise pytest.UsageError("this pytest ignores groups: install that of constraints.txt")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """End by saying what was not run, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in skipped
        if isinstance(report.longrepr, tuple)
    )
    terminalreporter.write_sep("-", f"not run: {len(skipped)}")
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} not run: {reason}")
