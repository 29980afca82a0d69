"""Answers what customers ask: by the plugin of `respond`, kept, each enquiry once."""
