"""Plays a campaign against an audience of which everything is known, on a clock that does not wait."""
