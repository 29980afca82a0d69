"""Product recommendations: collaborative filtering, content and recent popularity.

Nothing is imported here: the entry point names the module with the hooks.
"""
