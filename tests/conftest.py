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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process do what builds packages of one folder, so that none is built twice at once.

    What they share is made once for the process, and takes longer than most tests.
    """
    for item in items:
        if item.get_closest_marker("installs") is not None:
            group = "packages" if item.path.parent.name == "tests" else item.path.parent.name
            item.add_marker(pytest.mark.xdist_group(group))


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
