"""Asks an OpenAI-compatible server for copy."""
