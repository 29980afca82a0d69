"""Builds what people wrote: reviews, enquiries, articles of the knowledge base."""

from __future__ import annotations

from hashlib import blake2b

from ..cells import Cells
from .batch import Making, StoreRow, resolve_customers


def build_reviews(cells: Cells, making: Making) -> list[StoreRow]:
    """Return reviews; one by an unknown address is taken without a customer."""
    return list(
        zip(
            cells.get("id"),
            cells.get("sku"),
            resolve_customers(cells, making, required=False),
            cells.get("stars"),
            cells.get("title"),
            cells.get("text"),
            cells.get("language"),
            cells.get("at"),
            strict=True,
        )
    )


def build_enquiries(cells: Cells, making: Making) -> list[StoreRow]:
    """Return enquiries; one by an unknown address is taken without a customer."""
    return list(
        zip(
            cells.get("id"),
            resolve_customers(cells, making, required=False),
            cells.get("text"),
            cells.get("language"),
            cells.get("at"),
            cells.get("conversation"),
            cells.get("intent"),
            strict=True,
        )
    )


def build_articles(cells: Cells, making: Making) -> list[StoreRow]:
    """Return articles; one without an id is known by its title."""
    titles = cells.get("title")
    ids = [
        identity or (title and f"title-{blake2b(title.encode(), digest_size=8).hexdigest()}")
        for identity, title in zip(cells.get("id"), titles, strict=True)
    ]
    return list(
        zip(
            ids,
            titles,
            cells.get("body"),
            [language or "en" for language in cells.get("language")],
            [questions or () for questions in cells.get("questions")],
            cells.get("intent"),
            cells.get("audience"),
            cells.get("valid_from"),
            cells.get("valid_until"),
            strict=True,
        )
    )
