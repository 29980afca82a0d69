"""The conversation with a mail server, phase by phase."""
