"""Finds programs that some tests need, and that are not on every machine."""

from __future__ import annotations

import os
import shutil

import pytest

FULL_TESTS = "FULL_TESTS"
"""The environment variable with which `make test-full` says that every program must be there."""

PLACES = ("/usr/sbin", "/usr/local/sbin", "/sbin")
"""Where Debian keeps what is not on the PATH of everybody."""

PACKAGES = {
    "chromium": "chromium",
    "rabbitmq-server": "rabbitmq-server",
    "smtp-sink": "postfix",
    "smtp-source": "postfix",
}
"""The Debian package of each program."""

OTHER_NAMES = {"chromium": ("chromium-browser", "google-chrome", "chrome")}


def find_program(name: str) -> str:
    """Return the path of a program; without it the test is not run, or fails in `make test-full`.

    Args:
        name: One of `PACKAGES`.
    """
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *PLACES))
    for one in (name, *OTHER_NAMES.get(name, ())):
        found = shutil.which(one, path=path)
        if found is not None:
            return found
    said = f"no {name}: install the package {PACKAGES[name]}, or let 'make test-full' do it"
    if os.environ.get(FULL_TESTS):
        pytest.fail(said, pytrace=False)
    pytest.skip(said)
