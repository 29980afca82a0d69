"""Says what counts of people mean: intervals, chances, sizes. Pure, from sums; knows no store."""
