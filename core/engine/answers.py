"""Composes the answers of a standing run: what was written for whoever wrote to us, as it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .. import stages
from ..briefing import DEFAULT_LANGUAGE
from ..message import Message, Thread
from ..recipe.binding import BoundRecipe
from ..store.ledger.recipients import read_addresses
from ..store.reading import from_moment, to_moment
from .composing import Composer
from .drafts import Composed, Draft, Left
from .engine import Engine
from .rendering import render_each
from .runs import Run, ask_channel, make_contexts


class MakesMessages(Protocol):
    """What makes messages of claimed rows."""

    def compose(self, rows: Sequence[Draft]) -> tuple[list[Composed], list[Left]]:
        """Return the messages that may be sent now, and what becomes of the others."""


def make_composer(engine: Engine, run: Run, variant: str | None) -> MakesMessages:
    """Return what makes the messages of a variant of a run."""
    bound, contexts = run.campaign.variants[variant], make_contexts(engine, run, variant)
    if run.is_standing:
        return AnswerComposer(engine, bound, contexts, run)
    return Composer(engine, bound, contexts, run.id)


class AnswerComposer:
    """Composes the answers of a standing run.

    Neither a segment nor quiet hours hold them, and they go where the mail came from, whatever
    address the customer has by now.

    Args:
        engine: The engine.
        bound: The recipe.
        context_for: Makes the context of each plugin.
        run: The run.
    """

    def __init__(
        self, engine: Engine, bound: BoundRecipe, context_for: stages.ContextFor, run: Run
    ) -> None:
        self.engine = engine
        self.bound = bound
        self.context_for = context_for
        self.run = run
        self.channel = ask_channel(engine, bound)

    def compose(self, rows: Sequence[Draft]) -> tuple[list[Composed], list[Left]]:
        """Return the messages that may be sent now, and what becomes of the others."""
        now = self.engine.now
        with self.engine.store.read() as connection:
            addresses = read_addresses(connection, [row.address_id for row in rows])
        made: list[Message] = []
        left: list[Left] = []
        for row in rows:
            address = addresses.get(row.address_id)
            if row.expires_at is not None and row.expires_at <= now:
                left.append((row.id, "expired", None, None))
            elif address is None or not row.content:
                left.append((row.id, "skipped", "no_address", None))
            else:
                message = self._make(row, address)
                if isinstance(message, str):
                    left.append((row.id, "skipped", message, None))
                else:
                    made.append(message)
        rendered, failed = render_each(self.engine, self.bound, self.context_for, made)
        return [
            Composed(
                message=one,
                facts={"dated_at": to_moment(one.dated_at)},
                body_hash=hashlib.sha256(one.content).hexdigest(),
            )
            for one in rendered
        ], left + failed

    def _make(self, row: Draft, address: str) -> Message | str:
        content: Mapping[str, Any] = row.content
        try:
            address = self.channel.normalise(address)
        except ValueError:
            return "bad_address"
        facts = row.facts or {}
        dated_at = self.engine.clock.now()
        if "dated_at" in facts:
            dated_at = from_moment(facts["dated_at"])
        return Message(
            id=row.id,
            key=f"{self.run.id}-{row.recipient}-{row.id}",
            run_id=self.run.id,
            campaign=self.run.row.campaign,
            address=address,
            fields=dict(content["fields"]),
            dated_at=dated_at,
            language=content.get("language") or DEFAULT_LANGUAGE,
            customer_id=row.recipient if row.recipient > 0 else None,
            thread=load_thread(content.get("thread", {})),
        )


def load_thread(data: Mapping[str, Any]) -> Thread:
    """Return a thread from its JSON."""
    return Thread(**{**data, "references": tuple(data.get("references", ()))})


def dump_thread(thread: Thread) -> dict[str, Any]:
    """Return a thread as JSON."""
    data = {
        "message_id": thread.message_id,
        "references": list(thread.references),
        "reply_to": thread.reply_to,
        "is_internal": thread.is_internal,
        "asks": thread.asks,
    }
    return {name: value for name, value in data.items() if value}
