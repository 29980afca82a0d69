"""Sums up how messages left and went: the funnel, domains, hours, and what it cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from ..attribution.outcomes import ArmOutcome
from ..attribution.rules import Rule
from ..costs import Costs
from ..store.people import HOUR_MS, PeopleRow
from .heading import Step
from .parts import Delivery, Domain, Money

MOST_DOMAINS = 12
FEWEST_PEOPLE = 5
"""A domain of fewer may be somebody's name, and is one of the others."""

MOST_HOURS = 72
OTHERS = "others"


def make_funnel(rule: Rule, arm: ArmOutcome, *, messages: int) -> tuple[Step, ...]:
    """Return how far people went, from the message to the order.

    Args:
        rule: What is measured, and by which orders are attributed.
        arm: What came back of all arms together.
        messages: How many people were to get one.
    """
    opens = rule.counts_opens or arm.opened or arm.opened_by_machines
    clicks = rule.counts_clicks or arm.clicked or arm.clicked_by_machines
    return (
        Step(name="to be written to", people=messages, of=messages),
        Step(name="sent", people=arm.sent, of=messages),
        Step(name="not bounced", people=max(0, arm.sent - arm.bounced), of=arm.sent),
        Step(
            name="opened", people=arm.opened if opens else None, of=arm.sent,
            machines=arm.opened_by_machines if opens else None,
        ),
        Step(
            name="clicked", people=arm.clicked if clicks else None, of=arm.sent,
            machines=arm.clicked_by_machines if clicks else None,
        ),
        Step(name="ordered, attributed to it", people=arm.converted, of=arm.sent),
        Step(name="unsubscribed", people=arm.unsubscribed, of=arm.sent),
        Step(name="complained", people=arm.complained, of=arm.sent),
    )  # fmt: skip


def sum_up_delivery(
    people: Sequence[PeopleRow], domains: Mapping[tuple[str, str], int]
) -> Delivery:
    """Return how messages went, by domain and by hour.

    Args:
        people: Who is in the run.
        domains: How many messages to each domain are in a state, or came back in a way.
    """
    hours: Counter[int] = Counter()
    for row in people:
        if row.hour is not None:
            hours[row.hour] += row.people
    shown: list[tuple[int, int]] = []
    step = 1
    if hours:
        first, last = min(hours), max(hours)
        step = 1 if last - first < MOST_HOURS else 24 * (1 + (last - first) // (24 * MOST_HOURS))
        first -= first % step
        shown = [
            (begin * HOUR_MS, sum(hours[begin + part] for part in range(step)))
            for begin in range(first, last + 1, step)
        ]
    return Delivery(domains=_list_domains(domains), hours=tuple(shown), step_ms=step * HOUR_MS)


def _list_domains(domains: Mapping[tuple[str, str], int]) -> tuple[Domain, ...]:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for (name, what), count in domains.items():
        counted[name][what] += count
    people = {
        name: sum(count for what, count in counts.items() if what not in ("bounce", "complaint"))
        for name, counts in counted.items()
    }
    if set(people) == {""}:
        return ()  # a channel without domains
    ranked = sorted(counted, key=lambda name: (-people[name], name))
    named_ones = [name for name in ranked if not name or people[name] >= FEWEST_PEOPLE]
    kept = named_ones if len(ranked) <= MOST_DOMAINS else named_ones[: MOST_DOMAINS - 1]
    left = [name for name in ranked if name not in kept]
    named = [(name, counted[name], people[name]) for name in kept]
    if left:
        together = sum((counted[name] for name in left), Counter[str]())
        named.append((f"{len(left):,} {OTHERS}", together, sum(people[name] for name in left)))
    return tuple(
        Domain(
            name=name, people=count, sent=counts["sent"], failed=counts["failed"],
            unknown=counts["unknown"], bounced=counts["bounce"], complained=counts["complaint"],
        )
        for name, counts, count in named
    )  # fmt: skip


def sum_up_money(
    arm: ArmOutcome, costs: Costs, *, tokens: float | None, seconds: float | None
) -> Money:
    """Return what messages brought, and what they cost by the settings.

    Args:
        arm: What came back of all arms together.
        costs: What the settings say.
        tokens: How many tokens were written; None when nobody told.
        seconds: How long writing took; None when nobody told.
    """
    parts = costs.add_up(sent=arm.sent, tokens=tokens, seconds=seconds)
    cost = sum(part for _, part in parts) if parts else None
    return Money(
        converted=arm.converted,
        orders=arm.orders,
        revenue=dict(arm.revenue),
        order_value={name: value / arm.orders for name, value in arm.revenue.items() if arm.orders},
        per_person={name: value / arm.sent for name, value in arm.revenue.items() if arm.sent},
        cost=cost,
        cost_parts=parts,
        cost_currency=costs.currency,
        per_message=None if cost is None or not arm.sent else cost / arm.sent,
        per_conversion=None if cost is None or not arm.converted else cost / arm.converted,
    )
