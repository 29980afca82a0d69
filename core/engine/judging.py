"""Judges one person as a run does: segment, policy and draws, by what is known now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Selectable, case, literal, select

from .. import stages
from ..assignment import draw_fraction
from ..audience import find_condition
from ..campaign import Campaign
from ..conditions.inspecting import ExplainedCondition, explain_condition
from ..experiments.allocation import find_allocation
from ..policy.looking import Recipient
from ..policy.objections import list_objections
from ..policy.rules import read_rules
from ..store.drawing import find_threshold
from ..store.ledger.narrowing import select_among
from ..store.ledger.plans import LeftOut
from ..store.tables import customers
from .engine import Engine
from .planning import find_shares
from .runs import ask_channel, prepare_contexts


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """How somebody was drawn for a part of an experiment.

    Attributes:
        fraction: What the assignment key draws for her, in [0, 1).
        begins: The part is hers from this fraction on.
        ends: The part ends before this one.
    """

    fraction: float
    begins: float
    ends: float

    @property
    def is_in(self) -> bool:
        """Whether it is hers."""
        return self.begins <= self.fraction < self.ends


def judge_segment(
    engine: Engine, campaign: Campaign, customer: int, seed: int, data_time: int
) -> tuple[bool, tuple[ExplainedCondition, ...]]:
    """Return whether somebody is in the segment now, and which of its conditions hold for her.

    Raises:
        PluginError: The segment's plugin raised.
        EnvironmentMissing: Something that it needs is not there.
    """
    bound = next(iter(campaign.variants.values()))
    binding = bound.stages["segment"]
    context_for = prepare_contexts(engine, bound, run_id=None, seed=seed, data_time=data_time)
    answer = stages.select_audience(engine.registry, binding, context_for)
    condition = find_condition(binding)
    with engine.store.read() as connection:
        parts = (
            explain_condition(connection, condition, engine.clock.now(), customer)
            if condition is not None
            else ()
        )
        if isinstance(answer, Selectable):
            return customer in select_among(connection, answer, [customer]), parts
    return any(one == customer for one in answer), parts


def judge_policy(
    engine: Engine,
    campaign: Campaign,
    variant: str | None,
    customer: int,
    *,
    run_id: int,
    message_id: int | None,
) -> list[str]:
    """Return what policy has against writing to somebody now, each reason as one word.

    Args:
        engine: The engine.
        campaign: The campaign, as the run keeps it.
        variant: The variant whose policy binds.
        customer: Our id of her.
        run_id: The run; what she got in it does not speak against it.
        message_id: Her message in it, or None.
    """
    bound = campaign.variants[variant]
    channel = ask_channel(engine, bound)
    rules = read_rules(
        bound.recipe.policy,
        channel,
        run_id=run_id,
        campaign=campaign.name,
        only_to=engine.settings.safety.only_to,
    )
    address: Any = {"email": customers.c.email_id, "phone": customers.c.phone_id}[
        channel.address_field
    ]
    recipient = Recipient(
        id=customers.c.id,
        address_id=address,
        message_id=None if message_id is None else literal(message_id),
    )
    objections = list_objections(rules, recipient, engine.now)
    columns = [case((holds, 1), else_=0).label(reason) for holds, reason in objections]
    with engine.store.read() as connection:
        row = connection.execute(select(*columns).where(customers.c.id == customer)).one()
    return [reason for (_, reason), holds in zip(objections, row, strict=True) if holds]


def draw_left_out(engine: Engine, left_out: LeftOut, customer: int) -> Draw:
    """Return how somebody was drawn who might have been left out by chance."""
    fraction = draw_fraction(_key(engine), *left_out.names, customer)
    whole = find_threshold(1.0)
    return Draw(fraction=fraction, begins=left_out.begins / whole, ends=left_out.ends / whole)


def draw_wave(engine: Engine, campaign: Campaign, wave: int, customer: int) -> Draw | None:
    """Return how somebody was drawn for a wave; None without waves."""
    allocation = find_allocation(campaign.recipe)
    if allocation is None:
        return None
    fraction = draw_fraction(_key(engine), "wave", campaign.name, customer)
    return Draw(
        fraction=fraction, begins=(wave - 1) / allocation.waves, ends=wave / allocation.waves
    )


def draw_variant(
    engine: Engine,
    campaign: Campaign,
    variant: str | None,
    customer: int,
    shares: Mapping[str | None, float] | None = None,
) -> Draw | None:
    """Return how somebody was drawn for a variant; None when there is only one.

    Args:
        engine: The engine.
        campaign: The campaign.
        variant: The variant.
        customer: Our id of her.
        shares: Those of her wave; those of the recipe when None.
    """
    shares = find_shares(campaign) if shares is None else shares
    if variant is None or len(shares) < 2:
        return None
    begins = 0.0
    for name, share in shares.items():
        if name == variant:
            break
        begins += share
    is_last = variant == list(shares)[-1]
    ends = 1.0 if is_last else begins + shares[variant]
    fraction = draw_fraction(_key(engine), "variant", campaign.name, customer)
    return Draw(fraction=fraction, begins=begins, ends=ends)


def _key(engine: Engine) -> bytes:
    return engine.settings.assignment_key.get_secret_value().encode()
