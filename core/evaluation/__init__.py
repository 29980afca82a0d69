"""Evaluates recommenders on what happened: as of a moment, by what was bought after it."""
