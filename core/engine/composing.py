"""Composes claimed messages: who may still get hers, with which facts, and the bytes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import Any

from .. import stages
from ..brief import Copy
from ..briefing import DEFAULT_LANGUAGE, take_hand_written
from ..composition import compose_message
from ..copywriting import list_fallbacks
from ..customer import Customer
from ..errors import DataError
from ..facts import collect_facts
from ..message import Message
from ..policy.hours import find_due
from ..product import Product
from ..recipe.binding import BoundRecipe
from ..slots import find_slots
from ..store.ledger.narrowing import select_among
from ..store.ledger.recipients import Person, read_addresses, read_people
from ..store.reading import StoredView, from_moment, to_moment
from .content import Content, load_content
from .drafts import Composed, Draft, Left
from .engine import Engine
from .filters import find_unfit
from .limits import find_limits, keeps_limits
from .measuring import Measuring
from .rendering import render_each
from .runs import ask_channel
from .shown import keep_shown, list_shown, read_shown, show_products

Filled = tuple[Message, dict[str, Any]]
"""A message with its slots filled, and the facts that it rests on."""


class Composer:
    """Composes the messages of one variant of a campaign.

    Args:
        engine: The engine.
        bound: The recipe of the variant.
        context_for: Makes the context of each plugin.
        run_id: The run; 0 for samples of a run that is not there yet.
    """

    def __init__(
        self, engine: Engine, bound: BoundRecipe, context_for: stages.ContextFor, run_id: int
    ) -> None:
        self.engine = engine
        self.bound = bound
        self.context_for = context_for
        self.run_id = run_id
        self.channel = ask_channel(engine, bound)
        self.by_hand = take_hand_written(bound)
        self.fallbacks = list_fallbacks(bound)
        self.view = StoredView(engine.store, engine.clock)
        self.limits = find_limits(bound, self.channel)
        self._is_streamed = False
        self.measuring = Measuring(engine, bound, context_for)

    def compose(self, rows: Sequence[Draft]) -> tuple[list[Composed], list[Left]]:
        """Return the messages that may be sent now, and what becomes of the others."""
        now = self.engine.clock.now()
        moment = to_moment(now)
        with self.engine.store.read() as connection:
            people = read_people(connection, [row.recipient for row in rows])
            addresses = read_addresses(connection, [row.address_id for row in rows])
            tracked = self.measuring.find_tracked(connection, [row.address_id for row in rows])
            staying = self._find_staying(connection, [row.recipient for row in rows])
        due_by_zone: dict[str | None, int] = {}
        kept: list[Draft] = []
        left: list[Left] = []
        for row in rows:
            person, address = people.get(row.recipient), addresses.get(row.address_id)
            current = None if person is None else self._find_address(row, person)
            if row.expires_at is not None and row.expires_at <= moment:
                left.append((row.id, "expired", None, None))
            elif person is None or address is None or current is None:
                left.append((row.id, "skipped", "no_address", None))
            elif current != row.address_id:
                left.append((row.id, "ready", None, moment, current))
            elif staying is not None and row.recipient not in staying:
                left.append((row.id, "skipped", "left_segment", None))
            elif (due := self._find_due(person, now, due_by_zone)) > moment:
                left.append((row.id, "ready", None, due))
            else:
                kept.append(row)
        composed, failed = self._render_filled(*self._fill(kept, people, addresses, tracked, now))
        return composed, left + failed

    def compose_samples(self, rows: Sequence[Draft]) -> tuple[list[Composed], list[Left]]:
        """Return messages that are only to be looked at, whatever the hour; and why not others."""
        return self._render_filled(*self._fill_samples(rows))

    def fill_samples(self, rows: Sequence[Draft]) -> tuple[list[Message], list[Left]]:
        """Return the same messages as `compose_samples`, not yet rendered."""
        filled, left = self._fill_samples(rows)
        return [message for message, _ in filled], left

    def _fill_samples(self, rows: Sequence[Draft]) -> tuple[list[Filled], list[Left]]:
        with self.engine.store.read() as connection:
            people = read_people(connection, [row.recipient for row in rows])
            addresses = read_addresses(connection, [row.address_id for row in rows])
        return self._fill(rows, people, addresses, frozenset(), self.engine.clock.now())

    def _fill(
        self,
        rows: Sequence[Draft],
        people: Mapping[int, Person],
        addresses: Mapping[int, str],
        tracked: Collection[int],
        now: datetime,
    ) -> tuple[list[Filled], list[Left]]:
        """Return the messages with their slots filled, and the facts that each rests on."""
        contents = {row.id: load_content(row.content) for row in rows}
        products = read_shown(self.view, contents.values())
        unfit = find_unfit(self.engine, self.bound, list_shown(contents.values()))
        filled: list[Filled] = []
        left: list[Left] = []
        for row in rows:
            person, address = people.get(row.recipient), addresses.get(row.address_id)
            made = (
                "no_address"
                if person is None or address is None
                else self._compose_one(
                    row, contents[row.id], person, address, products, unfit, tracked, now
                )
            )
            if isinstance(made, str):
                left.append((row.id, "skipped", made, None))
            else:
                filled.append(made)
        return filled, left

    def _render_filled(
        self, filled: list[Filled], left: list[Left]
    ) -> tuple[list[Composed], list[Left]]:
        rendered, failed = render_each(
            self.engine, self.bound, self.context_for, [message for message, _ in filled]
        )
        self.measuring.keep_links()
        facts = {message.id: facts for message, facts in filled}
        return [
            Composed(
                message=message,
                facts=facts[message.id],
                body_hash=hashlib.sha256(message.content).hexdigest(),
            )
            for message in rendered
        ], left + failed

    def _compose_one(
        self,
        row: Draft,
        content: Content,
        person: Person,
        address: str,
        products: Mapping[int, Product],
        unfit: Set[int],
        tracked: Collection[int],
        now: datetime,
    ) -> Filled | str:
        """Return the message and the facts it rests on, or why she is skipped."""
        copy = None if content.copy is None else self._put_in_order(content.copy)
        if copy is None and "generate" not in self.bound.stages:
            copy = self.by_hand
        if copy is None or not self._was_reviewed(copy, content):
            return "refused_copy"
        first = row.facts is None
        ends = content.offer.ends if content.offer is not None else None
        if first and ends is not None and ends < now.date():
            return "offer_ended"
        briefed = show_products(content, row.facts, products, unfit)
        if isinstance(briefed, str):
            return briefed
        language = person.language or DEFAULT_LANGUAGE
        if first:
            known = collect_facts(person.names, briefed, content.offer, language)
            dated_at = now
            is_tracked = row.address_id in tracked
        else:
            known = row.facts.get("slots", {})
            dated_at = from_moment(row.facts["dated_at"])
            is_tracked = bool(row.facts.get("tracked"))
        try:
            normalised = self.channel.normalise(address)
        except ValueError:
            return "bad_address"
        try:
            used = {slot.name for text in copy.fields.values() for slot in find_slots(text)}
            message = compose_message(
                copy,
                known,
                id=row.id,
                run_id=self.run_id,
                campaign=self.bound.recipe.campaign or "",
                customer=Customer(id=person.id, language=person.language),
                address=normalised,
                products=briefed,
                offer=content.offer,
                dated_at=dated_at,
                is_tracked=is_tracked,
            )
        except DataError:
            return "unfilled_slot"
        if not keeps_limits(message.fields, self.limits):
            return "too_long"
        facts: dict[str, Any] = {"dated_at": to_moment(dated_at)}
        if is_tracked:
            facts["tracked"] = True
        slots = {name: value for name, value in known.items() if name in used}
        if slots:
            facts["slots"] = slots
        return message, {**facts, **keep_shown(briefed)}

    def _put_in_order(self, copy: Copy) -> Copy:
        """Return a copy with its fields as the recipe has them: JSON of PostgreSQL forgets that."""
        generate = self.bound.recipe.generate
        asked = list(generate.fields) if generate is not None else []
        names = [name for name in asked if name in copy.fields]
        names += sorted(set(copy.fields) - set(names))
        return replace(copy, fields={name: copy.fields[name] for name in names})

    def _was_reviewed(self, copy: Copy, content: Content) -> bool:
        """Whether a copy has the verdict of each reviewer; a person's own was read by `check`.

        One that was refused waited for a person, who alone lets it leave.
        """
        if content.copy is None or content.is_refused or dict(copy.fields) in self.fallbacks:
            return True
        return all(one.plugin in content.reviewers for one in self.bound.reviewers)

    def _find_address(self, row: Draft, person: Person) -> int | None:
        """Return the id of the address that her message goes to; None when she has none any more.

        When it is another one than planned, the message is claimed again with it, because policy
        is about addresses. A later attempt is the same message, and goes where the first one went.
        """
        if row.facts is not None:
            return row.address_id
        return person.address_ids.get(self.channel.address_field)

    def _find_due(self, person: Person, now: datetime, known: dict[str | None, int]) -> int:
        policy = self.bound.recipe.policy
        if policy.quiet_hours is None and policy.window is None:
            return 0
        if person.time_zone not in known:
            known[person.time_zone] = to_moment(
                find_due(
                    now,
                    person.time_zone,
                    policy.quiet_hours,
                    policy.window,
                    default_zone=self.engine.settings.time_zone,
                )
            )
        return known[person.time_zone]

    def _find_staying(self, connection: Any, ids: Sequence[int]) -> set[int] | None:
        """Return who is still in the segment; None when it cannot be asked about a few only."""
        if self._is_streamed:
            return None
        answer = stages.select_audience(
            self.engine.registry, self.bound.stages["segment"], self.context_for
        )
        self._is_streamed = not stages.is_selectable(answer)
        return None if self._is_streamed else select_among(connection, answer, ids)
