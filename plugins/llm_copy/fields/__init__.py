"""What the fields of a copy must keep to, and how their text is cut."""
