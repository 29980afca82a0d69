"""Tells what runs brought, as frozen facts, and writes them for a terminal, a page and programs."""
