"""E-mail: the default channel."""
