"""Sends test messages: what one recipient would get, to somebody who looks at it; in no ledger."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from .. import stages
from ..campaign import Campaign
from ..errors import BallyhooError, DataError, PolicyError
from ..message import Channel, Message, Outcome, Receipt
from ..policy.objections import REASONS
from ..policy.rules import is_listed
from ..store.consent import is_suppressed
from ..store.ledger.dry_plans import DryPlan
from ..store.ledger.plans import RunPlan
from ..store.ledger.recipients import read_people
from ..store.segments import find_customer
from .composing import Composer
from .engine import Engine
from .judging import draw_variant
from .outcomes import MOST_DETAIL_CHARS, hide_identity
from .planning import hold_segment, make_plan
from .runs import ask_channel, prepare_contexts
from .samples import make_drafts
from .starting import require_sending
from .training import train_missing
from .unrecorded import UnrecordedDispatch

MARK = "[Test] "
"""What the subject of a test message begins with."""

WORST: tuple[Outcome, ...] = ("unknown", "failed", "later", "sent")


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressOutcome:
    """What became of a test message to one address.

    Attributes:
        outcome: As in a receipt; `later` too when the channel did not take it.
        detail: The answer in words, without the address.
        code: The answer's own code, or None.
        provider_id: What the other side calls it, or None.
    """

    outcome: Outcome
    detail: str
    code: int | None = None
    provider_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentTest:
    """What became of test messages.

    Attributes:
        customer: Our id of her whose message it is.
        variant: Her variant; None without an experiment.
        outcomes: Of each address, in the order in which they were given.
    """

    customer: int
    variant: str | None
    outcomes: tuple[AddressOutcome, ...]

    @property
    def worst(self) -> AddressOutcome:
        """The outcome that is worst to have; sent when all were."""
        return min(self.outcomes, key=lambda one: WORST.index(one.outcome))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipient:
    customer: int
    address_id: int
    variant: str | None


def send_test_messages(
    engine: Engine, campaign: Campaign, addresses: Sequence[str], *, customer: str | None = None
) -> SentTest:
    """Send the message of one recipient to other addresses, marked as a test.

    Products, copy and bytes are made as a run makes them, once; links lead nowhere, so that nobody
    is unsubscribed by trying them. The channel is the real one. Neither the ledger nor caps nor
    reports know of it.

    Args:
        engine: The engine.
        campaign: Loaded from the workspace.
        addresses: Where to, one or more; the recipient's own address gets nothing.
        customer: The shop's id of the recipient, or our number; when None, the first one of the
            audience who would get a message, whatever caps and earlier campaigns say.

    Raises:
        PolicyError: An address is not in `[safety] only_to`, or is suppressed.
        DataError: An address is none, there is no such customer, or she would get no message.
        PluginError: A plugin raised, or broke the contract of its hook.
        EnvironmentMissing: Something that a plugin needs, such as the server, is not there.
    """
    require_sending(engine, campaign)
    recipient = (
        _find_first(engine, campaign)
        if customer is None
        else _find_named(engine, campaign, find_customer(engine.store, customer))
    )
    bound = campaign.variants[recipient.variant]
    channel = ask_channel(engine, bound)
    allowed = _check_addresses(engine, channel, addresses)
    context_for = prepare_contexts(engine, bound, run_id=None, seed=0, data_time=engine.now)
    train_missing(engine, bound, context_for, is_look=True)
    drafts = make_drafts(
        engine, bound, context_for, [(recipient.customer, recipient.address_id)],
        variant=recipient.variant,
    )  # fmt: skip
    filled, left = Composer(engine, bound, context_for, run_id=0).fill_samples(drafts)
    if not filled:
        reason = (left[0][2] or left[0][1]) if left else "no_address"
        raise DataError(
            f"customer {recipient.customer} would get no message: {REASONS.get(reason, reason)}",
            hint="--customer names somebody else",
        )
    binding = bound.stages["deliver"]
    tests = [
        _mark_message(filled[0], channel, address, number)
        for number, address in enumerate(allowed, start=1)
    ]
    rendered = stages.render_messages(engine.registry, binding, context_for, tests)
    dispatch = UnrecordedDispatch(binding.plugin, rendered)
    problem = ""
    try:
        stages.deliver_messages(engine.registry, binding, context_for, dispatch)
    except BallyhooError as error:
        if not dispatch.marked:
            raise
        problem = error.message
    return SentTest(
        customer=recipient.customer,
        variant=recipient.variant,
        outcomes=tuple(_tell(message, dispatch, problem) for message in rendered),
    )


def _find_first(engine: Engine, campaign: Campaign) -> _Recipient:
    with hold_segment(engine, campaign, None) as audience:
        plan = _lift(make_plan(engine, campaign, people=audience.people, run_id=0))
        dry = DryPlan(audience.connection, plan)
        for place, variant in enumerate(plan.variants):
            for customer, address_id in dry.choose(place, [], 1):
                return _Recipient(customer=customer, address_id=address_id, variant=variant.name)
    raise DataError(
        "nobody of the audience would get a message",
        hint=f"'ballyhoo plan {campaign.file}' says why; --customer names whose is sent",
    )


def _lift(plan: RunPlan) -> RunPlan:
    """Return a plan without the rules that keep from writing to somebody: she is not written to."""
    return replace(
        plan,
        variants=tuple(
            replace(
                one,
                rules=replace(
                    one.rules,
                    only_to=(),
                    cap_messages=None,
                    again_after_ms=0,
                    heeds_preferences=False,
                ),
            )
            for one in plan.variants
        ),
    )


def _find_named(engine: Engine, campaign: Campaign, customer: int) -> _Recipient:
    variant = next(
        name
        for name in campaign.variants
        if (draw := draw_variant(engine, campaign, name, customer)) is None or draw.is_in
    )
    field = ask_channel(engine, campaign.variants[variant]).address_field
    with engine.store.read() as connection:
        person = read_people(connection, [customer]).get(customer)
    address_id = None if person is None else person.address_ids.get(field)
    if address_id is None:
        raise DataError(
            f"customer {customer} would get no message: {REASONS['no_address']}",
            hint="--customer names somebody else",
        )
    return _Recipient(customer=customer, address_id=address_id, variant=variant)


def _check_addresses(engine: Engine, channel: Channel, addresses: Sequence[str]) -> list[str]:
    """Return the addresses in their one form, each once."""
    normalised: list[str] = []
    for number, address in enumerate(addresses, start=1):
        which = "the address of --to" if len(addresses) == 1 else f"address {number} of --to"
        try:
            one = channel.normalise(address)
        except ValueError as error:
            raise DataError(f"{which} cannot be written to: {error}") from None
        if not is_listed(engine.settings.safety.only_to, one):
            raise PolicyError(
                f"{which} is not in [safety] only_to",
                hint="only what stands there may be written to from here",
            )
        with engine.store.read() as connection:
            if is_suppressed(connection, engine.store.hasher, channel.name, one):
                raise PolicyError(
                    f"{which} is suppressed: {REASONS['suppressed']}",
                    hint="nobody is written to who said no, not for a test either",
                )
        normalised.append(one)
    return list(dict.fromkeys(normalised))


def _mark_message(message: Message, channel: Channel, address: str, number: int) -> Message:
    fields: Mapping[str, str] = message.fields
    names = [one for one in ("subject", *channel.required_fields) if one in fields]
    return replace(
        message,
        id=-number,  # of no message in the ledger
        key=f"test-{secrets.token_hex(8)}",
        address=address,
        fields={
            name: f"{MARK}{text}" if names and name == names[0] else text
            for name, text in fields.items()
        },
    )


def _tell(message: Message, dispatch: UnrecordedDispatch, problem: str) -> AddressOutcome:
    receipt = dispatch.receipts.get(message.key)
    if receipt is None and message.key in dispatch.marked:
        receipt = Receipt.unknown(problem or "the channel did not say what became of it")
    elif receipt is None:
        receipt = Receipt.later(problem or "the channel did not take it")
    return AddressOutcome(
        outcome=receipt.outcome,
        detail=hide_identity(receipt.detail, message.address)[:MOST_DETAIL_CHARS],
        code=receipt.code,
        provider_id=receipt.provider_id,
    )
