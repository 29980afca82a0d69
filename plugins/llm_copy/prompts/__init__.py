"""What a model is told: prompts made of briefs, in which foreign text is quoted data."""
