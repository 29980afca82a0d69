"""Lets messages be measured: whose may be, and where their links lead."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from ..links import SignedLinks
from ..recipe.binding import BoundRecipe
from ..stages import ContextFor
from ..store.ledger.links import keep_links
from ..store.ledger.recipients import read_tracked
from .engine import Engine


class Measuring:
    """What of the messages of one variant is measured.

    Args:
        engine: The engine.
        bound: The recipe of the variant.
        context_for: Makes the context of each plugin.
    """

    def __init__(self, engine: Engine, bound: BoundRecipe, context_for: ContextFor) -> None:
        self._engine = engine
        self._bound = bound
        self._context_for = context_for
        self._kept: set[int] = set()

    def find_tracked(self, connection: Connection, address_ids: Iterable[int]) -> set[int]:
        """Return the addresses of those whose opens and clicks may be counted."""
        deliver = self._bound.recipe.deliver
        if deliver is None or not (deliver.tracking.clicks or deliver.tracking.opens):
            return set()
        needs_consent = self._engine.settings.tracking.needs_consent
        return read_tracked(connection, address_ids, needs_consent=needs_consent)

    def keep_links(self) -> None:
        """Keep where the links of rendered messages lead, before anybody can click one."""
        links = self._context_for(self._bound.stages["deliver"].plugin).links
        made = dict(links.urls) if isinstance(links, SignedLinks) else {}
        new = {number: url for number, url in made.items() if number not in self._kept}
        if new:
            with self._engine.store.begin() as connection:
                keep_links(connection, new)
            self._kept |= set(new)
