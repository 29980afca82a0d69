"""The words that the rules look for: English, German and Chinese, each concept once."""

from __future__ import annotations

from collections.abc import Mapping

Concepts = Mapping[str, str]
"""By name, the words that say the same, separated by commas."""
