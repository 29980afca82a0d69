"""Recipes that come with Ballyhoo, as files of this package."""
