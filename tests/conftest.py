"""For all tests: a PostgreSQL server, pytest's own plugin for its tests, and what was not run."""

from __future__ import annotations

from collections import Counter

import pytest

from .databases import postgresql_server, postgresql_template

__all__ = ["postgresql_server", "postgresql_template"]

pytest_plugins = ["pytester"]


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
