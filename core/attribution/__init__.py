"""Says what messages brought: which orders, and how much of each, by the rule of the recipe."""
