"""Chooses whose messages are shown: a spread of the plan, or one customer's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..campaign import Campaign
from ..engine.engine import Engine
from ..engine.planning import hold_segment, make_plan
from ..engine.runs import ask_channel
from ..errors import DataError
from ..policy.objections import REASONS
from ..store.ledger.dry_plans import DryPlan, Judged
from ..store.ledger.recipients import read_people
from ..store.ledger.showing import list_striking
from ..store.segments import find_customer

CANDIDATES = 24
"""How many people, spread over the audience, are looked at besides the striking ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Somebody whose message is shown.

    Attributes:
        variant: Whose variant's message; None without an experiment.
        customer: Our id of her.
        address_id: Of the address it would go to.
        against: Why a run would not send it to her now, for a person; None when it would.
    """

    variant: str | None
    customer: int
    address_id: int
    against: str | None = None


def choose_shown(engine: Engine, campaign: Campaign, most: int) -> list[Chosen]:
    """Return people who would get a message: of each variant, many languages, long and short names.

    Args:
        engine: The engine.
        campaign: The campaign.
        most: About how many; of each variant there is one at least.

    Raises:
        DataError: The recipe has no segment.
    """
    chosen: list[Chosen] = []
    with hold_segment(engine, campaign, None) as audience:
        plan = make_plan(engine, campaign, people=audience.people, run_id=0)
        dry = DryPlan(audience.connection, plan)
        groups = list_striking(audience.connection)
        groups += [[one] for one in audience.choose(CANDIDATES)]
        candidates = dict.fromkeys(one for group in groups for one in group)
        share = max(1, most // len(plan.variants))
        for place, variant in enumerate(plan.variants):
            found = _pick(groups, dry.judge(place, candidates), share)
            if len(found) < share:
                more = [one for one in dry.choose(place, [], share) if one[0] not in found]
                found.update(more[: share - len(found)])
            chosen += [
                Chosen(variant=variant.name, customer=customer, address_id=address_id)
                for customer, address_id in found.items()
            ]
    return chosen


def choose_customer(engine: Engine, campaign: Campaign, name: str) -> list[Chosen]:
    """Return one customer for the variant that is hers, or for each when none is.

    Args:
        engine: The engine.
        campaign: The campaign.
        name: The shop's id of her, or our number.

    Raises:
        DataError: There is no such customer, or she has no address for the channel.
    """
    id = find_customer(engine.store, name)
    with hold_segment(engine, campaign, None) as audience:
        plan = make_plan(engine, campaign, people=audience.people, run_id=0)
        dry = DryPlan(audience.connection, plan)
        judged = {
            variant.name: found[id]
            for place, variant in enumerate(plan.variants)
            if id in (found := dry.judge(place, [id]))
        }
    with engine.store.read() as connection:
        person = read_people(connection, [id]).get(id)
    chosen = []
    for variant in judged or campaign.variants:
        field = ask_channel(engine, campaign.variants[variant]).address_field
        address_id = person.address_ids.get(field) if person is not None else None
        if address_id is not None:
            chosen.append(
                Chosen(
                    variant=variant,
                    customer=id,
                    address_id=address_id,
                    against=_say_against(judged, variant),
                )
            )
    if not chosen:
        raise DataError(
            "this customer has no address that the channel could write to",
            hint="'ballyhoo preview RECIPE' without --customer shows messages of others",
        )
    return chosen


def _pick(
    groups: Sequence[Iterable[int]], judged: Mapping[int, Judged], share: int
) -> dict[int, int]:
    """Return the first one of each group who gets a message, until there are enough."""
    found: dict[int, int] = {}
    for group in groups:
        for one in group:
            known = judged.get(one)
            if known is None or known.reason is not None or known.address_id is None:
                continue
            if len(found) < share:
                found.setdefault(one, known.address_id)
            break
    return found


def _say_against(judged: Mapping[str | None, Judged], variant: str | None) -> str | None:
    if variant not in judged:
        return "she is not in the segment"
    reason = judged[variant].reason
    return None if reason is None else f"{reason}: {REASONS.get(reason, reason)}"
