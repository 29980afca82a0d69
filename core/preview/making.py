"""Makes the messages of a preview: the real products, copy and bytes, sent to nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..brief import Copy
from ..briefing import take_hand_written
from ..campaign import Campaign, require_plugins
from ..engine.engine import Engine
from ..engine.runs import ask_channel, prepare_contexts
from ..engine.samples import Sample, make_samples
from ..engine.telling import tell_products
from ..engine.training import train_missing
from ..letter import Letter, read_letter
from ..policy.objections import REASONS
from ..slots import find_slots
from ..store.ledger.states import FAILURES
from .choosing import Chosen, choose_customer, choose_shown
from .warning import find_warnings

MOST_SHOWN = 12
"""How many messages a page shows; an experiment with more variants has one of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledSlot:
    """A slot of a message: its name, what stands there, and whether that is the slot's default."""

    name: str
    value: str
    is_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """A message of a preview.

    Attributes:
        number: From 1, as it stands on the page.
        sample: The message as it was made.
        letter: What its bytes come to; None when she would get none.
        slots: What its slots were filled with, in the order of the copy.
        products: Each with why it was chosen, in words.
        warnings: What a person should know.
        is_by_hand: Whether the copy stands in the recipe; `check` reviews that one.
    """

    number: int
    sample: Sample
    letter: Letter | None
    slots: tuple[FilledSlot, ...]
    products: tuple[str, ...]
    warnings: tuple[str, ...]
    is_by_hand: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The messages of a campaign, to be looked at.

    Attributes:
        campaign: The campaign's name.
        at: When it was made, in UTC milliseconds.
        messages: By variant; empty when nobody would get one.
    """

    campaign: str
    at: int
    messages: tuple[ShownMessage, ...]


def make_preview(
    engine: Engine, campaign: Campaign, *, customer: str | None = None, seed: int = 0
) -> Preview:
    """Make some messages of a campaign; nothing is sent or stored, and links lead nowhere.

    Args:
        engine: The engine.
        campaign: Loaded from the workspace.
        customer: Whose message, by the shop's own id or our number; None for a spread.
        seed: Of everything random.

    Raises:
        DataError: The recipe has no segment, or there is no such customer.
        PluginError: A plugin raised, or broke the contract of its hook.
        EnvironmentMissing: Something that a plugin needs is not there.
    """
    require_plugins(campaign, engine.registry)
    for bound in campaign.variants.values():
        context_for = prepare_contexts(engine, bound, run_id=None, seed=seed, data_time=engine.now)
        train_missing(engine, bound, context_for, is_look=True)
    chosen = (
        choose_shown(engine, campaign, MOST_SHOWN)
        if customer is None
        else choose_customer(engine, campaign, customer)
    )
    messages: list[ShownMessage] = []
    for variant in campaign.variants:
        own = [one for one in chosen if one.variant == variant]
        if own:
            messages += _make(engine, campaign, variant, own, len(messages) + 1, seed)
    return Preview(campaign=campaign.name, at=engine.now, messages=tuple(messages))


def _make(
    engine: Engine,
    campaign: Campaign,
    variant: str | None,
    chosen: Sequence[Chosen],
    first: int,
    seed: int,
) -> list[ShownMessage]:
    bound = campaign.variants[variant]
    channel = ask_channel(engine, bound).name
    is_by_hand = "generate" not in bound.stages
    recipients = [(one.customer, one.address_id) for one in chosen]
    against = {one.customer: one.against for one in chosen}
    made = make_samples(engine, campaign, variant, recipients, seed=seed).samples
    shown = []
    for number, sample in enumerate(made, start=first):
        message = sample.message
        letter = None if message is None else read_letter(message, channel)
        warnings = [] if letter is None else find_warnings(letter)
        if against[sample.customer] is not None:
            warnings.insert(0, f"a run would not send this: {against[sample.customer]}")
        if sample.reason is not None:
            warnings.insert(0, f"she would get none: {_say_reason(sample.reason)}")
        shown.append(
            ShownMessage(
                number=number,
                sample=sample,
                letter=letter,
                slots=_list_slots(
                    sample, take_hand_written(bound) if is_by_hand else sample.content.copy
                ),
                products=tell_products(
                    engine, sample.content, None if message is None else message.language
                ),
                warnings=tuple(dict.fromkeys(warnings)),
                is_by_hand=is_by_hand,
            )
        )
    return shown


def _list_slots(sample: Sample, copy: Copy | None) -> tuple[FilledSlot, ...]:
    if copy is None or sample.message is None:
        return ()
    found: dict[str, FilledSlot] = {}
    for text in copy.fields.values():
        for slot in find_slots(text):
            value = sample.slots.get(slot.name)
            said = FilledSlot(
                name=slot.name, value=value or slot.default or "", is_default=not value
            )
            found.setdefault(slot.name, said)
    return tuple(found.values())


def _say_reason(reason: str) -> str:
    said = {**REASONS, **FAILURES}.get(reason)
    return reason if said is None else f"{reason}: {said}"
