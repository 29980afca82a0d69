"""Runs a causal language model on many prompts at once."""
