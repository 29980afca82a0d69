"""What policy has against writing to somebody, as SQL: the same for the plan and for the mark."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from ..store.ledger.states import UNTOLD, WORKING_RUNS, WRITTEN_TO, is_unasked
from ..store.tables import addresses, messages, runs, standings, suppressions
from ..store.tables.columns import Id
from .looking import Recipient, finds
from .preferences import declines_topic, has_own_fill, is_on_pause
from .rules import PolicyRules

ASKED_FOR = "unsubscribe"
"""The reason of a suppression that is for what we write of ourselves, and not for answers."""

REASONS = {
    "no_address": "no address that this channel could use",
    "only_to": "kept out by [safety] only_to",
    "suppressed": "the address unsubscribed, complained or bounced",
    "no_consent": "no consent to this channel",
    "topic_declined": "she chose to get nothing on this topic",
    "on_pause": "she chose to get nothing for a while",
    "same_address": "somebody else of the audience has the same address",
    "again": "got this campaign before, and policy.again does not allow it again yet",
    "own_frequency": "got as many messages as she chose to get at most",
    "capped": "got, or is about to get, as many messages as policy.cap allows",
    "other_experiment": "belongs to another experiment of the same group",
    "global_holdout": "held out from all campaigns, so that their effect can be measured",
    "holdout": "held out, so that the campaign's effect can be measured",
    "limit": "--limit was reached",
    "left_segment": "no longer in the segment",
    "bad_address": "the channel cannot write to the address",
    "refused_copy": "every copy was refused, and there is no fallback",
    "unfilled_slot": "a slot of the copy has neither a value nor a default",
    "too_long": "a field is too long with its slots filled",
    "sold_out": "a product of the message is sold out or gone",
    "filtered_out": "a product of the message does not pass the filters any more",
    "offer_ended": "the offer ended",
    "not_approved": "a person did not approve it",
    "handoff": "a person answers the mail",
}
"""Why somebody is skipped, in words for `explain`."""


def list_objections(
    rules: PolicyRules,
    recipient: Recipient,
    now: Any,
    *,
    shares_address: ColumnElement[bool] | None = None,
) -> list[tuple[ColumnElement[bool], str]]:
    """Return each rule as a condition under which she must not be written to, and its reason.

    Args:
        rules: Of the run's variant.
        recipient: The columns that are judged.
        now: The moment, in UTC milliseconds of the injected clock; a number or a parameter.
        shares_address: Whether somebody else is the one to be written to at her address; when
            None, that is looked up among the messages of the run.

    Returns:
        They are in the order in which they count: the first one that holds is the reason.
    """
    address = (
        select(addresses.c.address).where(addresses.c.id == recipient.address_id).scalar_subquery()
    )
    found: list[tuple[ColumnElement[bool], str]] = [(address.is_(None), "no_address")]
    if rules.only_to:
        found.append((not_(_is_listed(rules, address)), "only_to"))
    blocked = (
        select(literal(1))
        .select_from(addresses.join(suppressions, suppressions.c.hash == addresses.c.hash))
        .where(addresses.c.id == recipient.address_id, suppressions.c.channel == rules.channel)
    )
    if rules.is_answer:
        blocked = blocked.where(suppressions.c.reason != ASKED_FOR)
        return [*found, (finds(blocked), "suppressed")]
    found.append((finds(blocked), "suppressed"))
    if rules.consent is not None:
        given = select(literal(1)).where(
            standings.c.address_id == recipient.address_id,
            standings.c.channel == rules.consent,
            standings.c.is_given,
        )
        found.append((not_(finds(given)), "no_consent"))
    if rules.heeds_preferences:
        if rules.topic is not None:
            found.append((declines_topic(recipient, rules.topic), "topic_declined"))
        found.append((is_on_pause(recipient, now), "on_pause"))
    if shares_address is None:
        shares_address = _is_written_to_otherwise(rules, recipient)
    found.append((shares_address, "same_address"))
    found.append((_got_it_before(rules, recipient, now), "again"))
    if rules.heeds_preferences:
        found.append((has_own_fill(recipient, now), "own_frequency"))
    if rules.cap_messages is not None:
        found.append((_is_capped(rules, recipient, now), "capped"))
    return found


def _is_listed(rules: PolicyRules, address: ColumnElement[Any]) -> ColumnElement[bool]:
    whole = [one for one in rules.only_to if not one.startswith("@")]
    domains = [one for one in rules.only_to if one.startswith("@")]
    lowered = func.lower(address)
    return or_(
        lowered.in_(whole), *(lowered.endswith(domain, autoescape=True) for domain in domains)
    )


def _is_written_to_otherwise(rules: PolicyRules, recipient: Recipient) -> ColumnElement[bool]:
    """Whether another message of the run went to her address, or an earlier one may still.

    The plan lets one message through for each address; an import that moves an address from one
    person to another in the middle of it could make two.
    """
    twin = messages.alias("twin")
    own = recipient.message_id
    is_first = and_(twin.c.state.in_(UNTOLD), true() if own is None else twin.c.id < own)
    return finds(
        select(literal(1)).where(
            twin.c.address_id == recipient.address_id,
            _hide(twin.c.run_id) == rules.run_id,
            twin.c.recipient != recipient.id if own is None else twin.c.id != own,
            or_(twin.c.state.in_(WRITTEN_TO), is_first),
        )
    )


def _got_it_before(rules: PolicyRules, recipient: Recipient, now: Any) -> ColumnElement[bool]:
    earlier = messages.alias("earlier")
    of_campaign = select(runs.c.id).where(runs.c.campaign == rules.campaign)
    run_id = _hide(earlier.c.run_id)
    told = [run_id != rules.run_id, run_id.in_(of_campaign), earlier.c.state.in_(WRITTEN_TO)]
    if rules.again_after_ms is not None:
        told.append(earlier.c.sent_at > now - rules.again_after_ms)
    # Two looks, each by its own index: she may have another address by now.
    return or_(
        finds(select(literal(1)).where(earlier.c.recipient == recipient.id, *told)),
        finds(select(literal(1)).where(earlier.c.address_id == recipient.address_id, *told)),
    )


def _is_capped(rules: PolicyRules, recipient: Recipient, now: Any) -> ColumnElement[bool]:
    other, rival = messages.alias("other"), runs.alias("rival")
    own = [] if recipient.message_id is None else [other.c.id != recipient.message_id]
    got = (
        select(func.count())
        .where(
            other.c.address_id == recipient.address_id,
            other.c.state.in_(WRITTEN_TO),
            is_unasked(other),
            other.c.sent_at > now - rules.cap_ms,
            *own,
        )
        .scalar_subquery()
    )
    coming = (
        select(func.count())
        .select_from(other.join(rival, rival.c.id == _hide(other.c.run_id)))
        .where(
            other.c.address_id == recipient.address_id,
            other.c.state.in_(UNTOLD),
            other.c.run_id != rules.run_id,
            rival.c.priority > rules.priority,
            rival.c.state.in_(WORKING_RUNS),
        )
        .scalar_subquery()
    )
    return got + coming >= rules.cap_messages


def _hide(column: ColumnElement[int]) -> ColumnElement[int]:
    """Return a column so that no index serves it: a run has a million rows, a person a few.

    Before its statistics are made, a database takes a run for as small as a person.
    """
    return column + literal_column("0", Id)
