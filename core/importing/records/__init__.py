"""Turns the values of rows into the rows that the store takes: one module for each kind."""
