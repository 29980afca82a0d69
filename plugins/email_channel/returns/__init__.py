"""What comes back: bounces, complaints and automatic answers."""

from __future__ import annotations

from .classifying import classify_return
from .returned import KINDS, Kind, Return

__all__ = ["KINDS", "Kind", "Return", "classify_return"]
