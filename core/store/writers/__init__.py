"""The writers of the store, by kind of row."""

from __future__ import annotations

from datetime import datetime

from ..engine import Store
from .articles import ArticleWriter
from .customers import CustomerWriter
from .enquiries import EnquiryWriter
from .events import EventWriter
from .orders import OrderWriter
from .products import ProductWriter
from .reviews import ReviewWriter
from .suppressions import SuppressionWriter
from .writer import Writer

WRITERS: dict[str, type[Writer]] = {
    "customers": CustomerWriter,
    "products": ProductWriter,
    "orders": OrderWriter,
    "events": EventWriter,
    "reviews": ReviewWriter,
    "enquiries": EnquiryWriter,
    "articles": ArticleWriter,
    "suppressions": SuppressionWriter,
}
"""The writer of each kind of row."""


def open_writer(
    store: Store, kind: str, *, source: str = "import", now: datetime | None = None
) -> Writer:
    """Return a writer for the rows of one file; use it in a `with` block.

    Args:
        store: An open store.
        kind: A key of `WRITERS`.
        source: Who tells, kept with consents, events and suppressions.
        now: The moment of what the file gives no date for; the current one when None.
    """
    return WRITERS[kind](store, source=source, now=now)
