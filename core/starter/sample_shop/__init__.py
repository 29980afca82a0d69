"""The sample shop of `ballyhoo init --demo`: invented customers, products, orders and articles."""
