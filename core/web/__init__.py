"""The HTTP side: what plugins may add to it, and what their pages and webhooks may do."""
