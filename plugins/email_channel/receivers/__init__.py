"""Receivers: what mail services tell by webhook of the messages that they sent for us."""
