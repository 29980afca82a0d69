"""Tests of a recipe: people and events that are given, a simulated clock, and what is expected."""

from __future__ import annotations

ENDING = ".test.yaml"
"""How the name of a file of tests ends: those of spring.yaml are in spring.test.yaml."""
