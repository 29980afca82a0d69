"""Who may be written to, when, and how often."""
