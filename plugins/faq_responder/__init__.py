"""Answers enquiries from the knowledge base, with the source, or hands them to a person."""
