"""Answers mail: each at most once, from the knowledge base, by the ledger of a standing run."""
