"""The models of the recommender: arrays in, arrays out, no store and no context."""
