"""Writes the copy of some recipients: once for equal briefs, and never again for what is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..brief import Brief, BriefedProduct, Offer
from ..brief_key import hash_brief
from ..briefing import make_brief
from ..context import Context
from ..copywriting import REVIEWER_FAILED, Written, write_copies
from ..customer import Customer
from ..facts import collect_facts
from ..recipe.binding import BoundRecipe
from ..stages import ContextFor
from ..store.ledger.copies import keep_copies, read_copies, read_last_fields
from ..store.ledger.recipients import read_people
from .content import Content, dump_content, keep_products, keep_written, load_content
from .engine import Engine

Key = tuple[str, int]
"""A brief's hash, and which of the different texts that are kept for it."""


def write_contents(
    engine: Engine,
    bound: BoundRecipe,
    context_for: ContextFor,
    customers: Sequence[Customer],
    *,
    products: Mapping[int, Sequence[BriefedProduct]],
    offers: Mapping[int, Offer],
    variant: str | None,
) -> dict[int, Content]:
    """Return the content of each customer's message.

    Equal briefs get the same copy, or one of `generate.diversity` different ones. Within a run what
    was written is kept, whichever process writes; the first one counts.

    Args:
        engine: The engine.
        bound: The recipe of the variant, with a `generate` block.
        context_for: Makes the context of each plugin.
        customers: Whose.
        products: Recommended to each, best first.
        offers: The offer that fits, of those who get one.
        variant: The variant's name.

    Raises:
        PluginError: The generator raised, or broke the contract of its hook.
    """
    context = context_for(bound.stages["generate"].plugin)
    briefs = _make_briefs(engine, bound, context, customers, products, offers, variant)
    keys = {id: _find_key(bound, context, id, brief) for id, brief in briefs.items()}
    wanted: dict[Key, Brief] = {}
    for id, key in keys.items():
        wanted.setdefault(key, replace(briefs[id], seed=context.derive_seed("brief", *key)))
    written = _write(engine, bound, context_for, wanted, variant, context.run_id)
    return {
        one.id: replace(
            written[keys[one.id]],
            products=keep_products(products[one.id]),
            offer=offers.get(one.id),
        )
        for one in customers
    }


def _make_briefs(
    engine: Engine,
    bound: BoundRecipe,
    context: Context,
    customers: Sequence[Customer],
    products: Mapping[int, Sequence[BriefedProduct]],
    offers: Mapping[int, Offer],
    variant: str | None,
) -> dict[int, Brief]:
    ids = [customer.id for customer in customers]
    with engine.store.read() as connection:
        people = read_people(connection, ids)
        last = read_last_fields(connection, ids, but_run=context.run_id)
    return {
        customer.id: make_brief(
            bound,
            customer,
            products=products[customer.id],
            offer=offers.get(customer.id),
            # Which slots have a value is told, not the value: that would be her identity.
            slots=collect_facts(
                people[customer.id].names if customer.id in people else {},
                products[customer.id],
                offers.get(customer.id),
                customer.language or "en",
            ),
            variant=variant,
            previous=(last[customer.id],) if customer.id in last else (),
        )
        for customer in customers
    }


def _find_key(bound: BoundRecipe, context: Context, customer: int, brief: Brief) -> Key:
    assert bound.recipe.generate is not None
    diversity = bound.recipe.generate.diversity
    return hash_brief(brief), context.derive_seed("text", customer) % diversity


def _write(
    engine: Engine,
    bound: BoundRecipe,
    context_for: ContextFor,
    wanted: Mapping[Key, Brief],
    variant: str | None,
    run_id: int | None,
) -> dict[Key, Content]:
    hashes = {brief_hash for brief_hash, _ in wanted}
    known: dict[Key, Mapping[str, Any]] = {}
    if run_id is not None:
        with engine.store.read() as connection:
            known = read_copies(connection, run_id, variant, hashes)
    lacking = [key for key in wanted if key not in known]
    answers = write_copies(engine.registry, bound, context_for, [wanted[key] for key in lacking])
    written = {
        key: replace(keep_written(answer, (), None), prompt=answer.attempts[-1].copy.prompt)
        for key, answer in zip(lacking, answers, strict=True)
    }
    final = [
        (*key, dump_content(written[key]))
        for key, one in zip(lacking, answers, strict=True)
        if _was_read(one)
    ]
    if run_id is not None and final:
        with engine.store.begin() as connection:
            keep_copies(connection, run_id, variant, final, now=engine.now)
        with engine.store.read() as connection:
            known |= read_copies(connection, run_id, variant, {key[0] for key in lacking})
    return written | {key: load_content(content) for key, content in known.items()}


def _was_read(written: Written) -> bool:
    """Whether its verdicts will be the same tomorrow: no reviewer failed to give one."""
    return not any(
        objection.rule == REVIEWER_FAILED
        for attempt in written.attempts
        for objection in attempt.objections
    )
