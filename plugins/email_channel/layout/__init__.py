"""The HTML and text of a message: templates, the built-in layout, and what makes text of HTML."""
