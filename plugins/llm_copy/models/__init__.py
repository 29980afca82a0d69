"""Finds and loads models and adapters."""
