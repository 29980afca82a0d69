"""Fixtures for all tests: pytest's own plugin for running pytest inside of a test."""

from __future__ import annotations

pytest_plugins = ["pytester"]
