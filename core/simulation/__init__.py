"""Plays a campaign against people of whom everything is known, on a clock that never waits."""
