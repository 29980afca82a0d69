"""How a kit says that a plugin does not keep to a contract."""

from __future__ import annotations

import pytest


def require(holds: object, message: str) -> None:
    """Fail the test with a message for the plugin's author, unless the condition holds."""
    __tracebackhide__ = True
    if not holds:
        pytest.fail(message)
