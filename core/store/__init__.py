"""The store: what is kept about customers, products and events, and every query over it."""
