"""Imports: files of a shop or another tool, read as streams, mapped, checked and stored."""
