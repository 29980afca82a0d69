"""Plays the stages of a campaign in memory: the real plugins, over whatever store is given."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import stages
from ..assignment import choose_variant
from ..brief import BriefedProduct, Copy, Offer
from ..briefing import DEFAULT_LANGUAGE, list_offers, make_brief, take_hand_written
from ..campaign import Campaign
from ..clock import Clock
from ..composition import compose_message
from ..context import Context
from ..copywriting import Written, write_copies
from ..customer import Customer
from ..errors import DataError
from ..facts import collect_facts
from ..message import Channel, Message, Receipt
from ..plugin_settings import read_plugin_settings
from ..product import Recommendation
from ..recipe.binding import BoundRecipe
from ..registry import Registry
from ..store.view import StoreView
from .artifacts import FakeArtifacts
from .dispatch import MemoryDispatch

KEY = b"rehearsal"


@dataclass(kw_only=True)
class Play:
    """One rehearsal while it is played; the attributes after `artifacts` fill up."""

    campaign: Campaign
    registry: Registry
    store: StoreView
    people: Mapping[int, Mapping[str, str]]
    workspace: Path
    tables: Mapping[str, Any]
    clock: Clock
    seed: int
    run_id: int
    artifacts: Path
    messages: dict[int, Message] = field(default_factory=dict)
    states: dict[int, str] = field(default_factory=dict)
    receipts: dict[int, Receipt] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)
    written: dict[int, Written] = field(default_factory=dict)
    breaches: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Call every stage that the recipe has, in order."""
        first = next(iter(self.campaign.variants.values()))
        stages.train_stages(self.registry, first, self.context_for, "segment")
        audience = stages.stream_audience(self.registry, first.stages["segment"], self.context_for)
        arms: dict[str | None, list[Customer]] = {name: [] for name in self.campaign.variants}
        ids = list(audience)
        for customer_id, customer in zip(ids, self.store.customers(ids), strict=True):
            if customer is None:
                self.skipped[customer_id] = "unknown_customer"
            else:
                arms[self._choose(customer_id)].append(customer)
        for name, customers in arms.items():
            self._play_variant(name, self.campaign.variants[name], customers)

    def context_for(self, plugin: str) -> Context:
        """Make the context of a plugin, by its name."""
        record = self.registry.find(plugin)
        settings = read_plugin_settings(record, self.tables) if record is not None else None
        return Context(
            plugin=plugin,
            run_id=self.run_id,
            seed=self.seed,
            clock=self.clock,
            store=self.store,
            artifacts=FakeArtifacts(self.artifacts / plugin),
            settings=settings,
            folder=self.workspace,
            log=logging.getLogger(f"ballyhoo.{plugin}"),
            progress=lambda done, total=None: None,
        )

    def _choose(self, customer_id: int) -> str | None:
        names = [name for name in self.campaign.variants if name is not None]
        if not names:
            return None
        experiment = self.campaign.recipe.experiment
        given = experiment.shares if experiment is not None else None
        shares = {name: float(given[name]) if given else 1 / len(names) for name in names}
        return choose_variant(shares, KEY, self.campaign.name, customer_id)

    def _play_variant(
        self, name: str | None, bound: BoundRecipe, customers: list[Customer]
    ) -> None:
        stages.train_stages(
            self.registry, bound, self.context_for, "recommend", "generate", "deliver"
        )
        channel = self.registry.call(bound.stages["deliver"].plugin, "channel")
        addresses = self._find_addresses(channel, customers)
        reachable = [customer for customer in customers if customer.id in addresses]
        products = self._recommend(bound, reachable)
        offer = next((one for where, one in list_offers(bound) if where is None), None)
        copies = self._write(name, bound, reachable, products, offer)
        messages: list[Message] = []
        for customer in reachable:
            copy = copies.get(customer.id)
            if copy is None:
                self.skipped[customer.id] = "refused_copy"
                continue
            try:
                message = compose_message(
                    copy,
                    self._facts(customer, products[customer.id], offer),
                    id=len(self.messages) + len(messages) + 1,
                    run_id=self.run_id,
                    campaign=self.campaign.name,
                    customer=customer,
                    address=addresses[customer.id],
                    products=products[customer.id],
                    offer=offer,
                    dated_at=self.clock.now(),
                )
            except DataError:
                self.skipped[customer.id] = "unfilled_slot"
            else:
                messages.append(message)
        self._deliver(bound, messages)

    def _find_addresses(self, channel: Channel, customers: list[Customer]) -> dict[int, str]:
        addresses: dict[int, str] = {}
        for customer in customers:
            address = self.people.get(customer.id, {}).get(channel.address_field)
            if not address:
                self.skipped[customer.id] = "no_address"
                continue
            try:
                addresses[customer.id] = channel.normalise(address)
            except ValueError:
                self.skipped[customer.id] = "bad_address"
        return addresses

    def _recommend(
        self, bound: BoundRecipe, customers: list[Customer]
    ) -> dict[int, list[BriefedProduct]]:
        binding = bound.stages.get("recommend")
        if binding is None:
            return {customer.id: [] for customer in customers}
        rows = stages.recommend_products(self.registry, binding, self.context_for, customers)
        return {
            customer.id: self._brief_products(row)
            for customer, row in zip(customers, rows, strict=True)
        }

    def _brief_products(self, row: Sequence[Recommendation]) -> list[BriefedProduct]:
        found = self.store.products([one.product_id for one in row])
        return [
            BriefedProduct(product=product, reason=one.reason, is_fallback=one.is_fallback)
            for one, product in zip(row, found, strict=True)
            if product is not None
        ]

    def _facts(
        self, customer: Customer, products: list[BriefedProduct], offer: Offer | None
    ) -> dict[str, str]:
        language = customer.language or DEFAULT_LANGUAGE
        return collect_facts(self.people.get(customer.id, {}), products, offer, language)

    def _write(
        self,
        name: str | None,
        bound: BoundRecipe,
        customers: list[Customer],
        products: dict[int, list[BriefedProduct]],
        offer: Offer | None,
    ) -> dict[int, Copy]:
        if bound.recipe.generate is None:
            by_hand = take_hand_written(bound)
            return {customer.id: by_hand for customer in customers}
        briefs = [
            make_brief(
                bound,
                customer,
                products=products[customer.id],
                offer=offer,
                slots=self._facts(customer, products[customer.id], offer),
                variant=name,
                seed=self.seed * 1_000_003 + customer.id,
            )
            for customer in customers
        ]
        written = write_copies(self.registry, bound, self.context_for, briefs)
        by_customer = {one.id: what for one, what in zip(customers, written, strict=True)}
        self.written.update(by_customer)
        return {one: what.copy for one, what in by_customer.items() if what.copy is not None}

    def _deliver(self, bound: BoundRecipe, messages: list[Message]) -> None:
        binding = bound.stages["deliver"]
        rendered = stages.render_messages(self.registry, binding, self.context_for, messages)
        with MemoryDispatch(rendered) as dispatch:
            stages.deliver_messages(self.registry, binding, self.context_for, dispatch)
        for message in rendered:
            assert message.customer_id is not None
            self.messages[message.customer_id] = message
            self.states[message.customer_id] = dispatch.states[message.key]
            if message.key in dispatch.receipts:
                self.receipts[message.customer_id] = dispatch.receipts[message.key]
        self.breaches += dispatch.breaches
