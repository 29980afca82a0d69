"""The condition language: parsed and checked here, over the fields of a customer or a product."""
