"""Recipes: read with their places, validated, bound to plugins, with every mistake at once."""
