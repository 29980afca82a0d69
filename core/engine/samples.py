"""Makes some messages of a plan to look at: the real products, copy and bytes, sent to nobody."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..brief import Provenance
from ..campaign import Campaign
from ..letter import read_letter, write_plainly
from ..message import Message
from ..recipe.binding import BoundRecipe
from ..stages import ContextFor
from .composing import Composer
from .content import Content, dump_content, load_content
from .engine import Engine
from .making import make_contents
from .runs import prepare_contexts


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A message as somebody of the audience would get it now.

    Attributes:
        variant: The variant's name; None without an experiment.
        customer: Our id of the recipient.
        fields: The copy with its slots filled; empty when she would get none.
        text: What the channel would send, as a person reads it.
        content: Products, offer, and what was refused.
        by: What wrote the copy; None when it stands in the recipe.
        reason: Why she would get none after all; None when she would get it.
        message: The message with its bytes; None when she would get none.
        slots: The slots of the copy that had a value, and the value.
        prompt: What a model was told; None when none wrote the copy.
    """

    variant: str | None
    customer: int
    fields: Mapping[str, str]
    text: str
    content: Content
    by: Provenance | None
    reason: str | None
    message: Message | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    prompt: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """The samples of one variant, and how long their products and copy took, in seconds."""

    samples: tuple[Sample, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleDraft:
    """What a sample is composed of: a `Draft` that is in no ledger."""

    id: int
    recipient: int
    address_id: int
    content: Any
    facts: Any = None
    expires_at: int | None = None
    prompt: str | None = None


def make_samples(
    engine: Engine,
    campaign: Campaign,
    variant: str | None,
    recipients: Sequence[tuple[int, int]],
    *,
    seed: int,
) -> Samples:
    """Make the messages of some recipients of a variant.

    Args:
        engine: The engine.
        campaign: The campaign.
        variant: The variant's name.
        recipients: The ids of customer and address of each.
        seed: Of everything random.

    Raises:
        PluginError: A plugin raised, or broke the contract of its hook.
        EnvironmentMissing: Something that a plugin needs is not there.
    """
    bound = campaign.variants[variant]
    context_for = prepare_contexts(engine, bound, run_id=None, seed=seed, data_time=engine.now)
    began = time.perf_counter()
    drafts = make_drafts(engine, bound, context_for, recipients, variant=variant)
    seconds = time.perf_counter() - began
    composed, left = Composer(engine, bound, context_for, run_id=0).compose_samples(drafts)
    messages = {one.message.id: one.message for one in composed}
    slots = {one.message.id: one.facts.get("slots", {}) for one in composed}
    reasons = {one[0]: one[2] or one[1] for one in left}
    made = []
    for draft in drafts:
        content, message = load_content(draft.content), messages.get(draft.id)
        made.append(
            Sample(
                variant=variant,
                customer=draft.recipient,
                fields=message.fields if message is not None else {},
                text=_read(message) if message is not None else "",
                content=content,
                by=content.copy.provenance if content.copy is not None else None,
                reason=reasons.get(draft.id),
                message=message,
                slots=slots.get(draft.id, {}),
                prompt=draft.prompt,
            )
        )
    return Samples(samples=tuple(made), seconds=seconds)


def _read(message: Message) -> str:
    return write_plainly(read_letter(message, ""))


def make_drafts(
    engine: Engine,
    bound: BoundRecipe,
    context_for: ContextFor,
    recipients: Sequence[tuple[int, int]],
    *,
    variant: str | None,
) -> list[SampleDraft]:
    """Make the products, offers and copy of some recipients; who was erased is left out.

    Args:
        engine: The engine.
        bound: The recipe of the variant.
        context_for: Makes the context of each plugin.
        recipients: The ids of customer and address of each.
        variant: The variant's name.

    Raises:
        PluginError: A plugin raised, or broke the contract of its hook.
        EnvironmentMissing: Something that a plugin needs is not there.
    """
    ids = [recipient for recipient, _ in recipients]
    contents = make_contents(engine, bound, context_for, ids, variant=variant)
    return [
        # As the ledger would keep it: what does not survive that is seen here already.
        SampleDraft(
            id=number,
            recipient=one,
            address_id=address,
            content=dump_content(contents[one]),
            prompt=contents[one].prompt,
        )
        for number, (one, address) in enumerate(recipients, start=1)
        if one in contents
    ]
