"""How people are given to the variants of an experiment, and what is learnt from them."""
