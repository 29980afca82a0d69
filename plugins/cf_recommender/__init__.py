"""Recommends products by collaborative filtering, through the Surprise library."""
