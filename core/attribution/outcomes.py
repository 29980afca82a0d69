"""Counts what came back of a run, for each variant and for the holdout."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ..store import outcomes as stored
from ..store.ledger.runs import RunRow
from .clicks import keep_people
from .orders import Deed, Order, make_orders
from .rules import Rule, read_rule
from .sharing import Touch, share_order

_FACTS = (
    "customer_id", "type", "at", "product_id", "quantity", "value", "currency", "order",
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class ArmOutcome:
    """What came back of the messages of an arm, in people; money in minor units by currency.

    Attributes:
        people: Who was planned for it.
        sent: To whom the message left.
        opened: Who opened it; also whose mail program did, where that cannot be told.
        opened_by_machines: Whose message a machine opened.
        clicked: Who clicked a link of it.
        clicked_by_machines: Whose links a machine followed.
        bounced: Whose message came back.
        complained: Who called it spam.
        unsubscribed: Who wants no more, and said so by it.
        converted: Who ordered, by the rule, because of it.
        revenue: What these orders come to: the message's part of them.
        bought: Who ordered within the window after the run was planned, whatever led to it.
        spent: What these orders come to.
    """

    people: int = 0
    sent: int = 0
    opened: int = 0
    opened_by_machines: int = 0
    clicked: int = 0
    clicked_by_machines: int = 0
    bounced: int = 0
    complained: int = 0
    unsubscribed: int = 0
    converted: int = 0
    revenue: Counter[str] = field(default_factory=Counter)
    bought: int = 0
    spent: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: ArmOutcome) -> ArmOutcome:
        return ArmOutcome(
            **{name: getattr(self, name) + getattr(other, name) for name in self.__slots__}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """What came back of a run.

    Attributes:
        rule: By which orders are attributed.
        arms: By the name of the variant, None for the run of a recipe without any.
        holdout: Who was held out, with what they bought, and who of them unsubscribed or complained
            anywhere within the window; None when nobody was.
    """

    rule: Rule
    arms: Mapping[str | None, ArmOutcome]
    holdout: ArmOutcome | None

    @property
    def all(self) -> ArmOutcome:
        """All arms together."""
        return sum(self.arms.values(), ArmOutcome())


_COUNTED = {
    ("open", False): "opened", ("open", True): "opened_by_machines",
    ("click", False): "clicked", ("click", True): "clicked_by_machines",
    ("bounce", False): "bounced", ("complaint", False): "complained",
    ("unsubscribe", False): "unsubscribed",
}  # fmt: skip


def count_outcome(connection: Connection, run: RunRow) -> RunOutcome:
    """Count what came back of a run so far, in one picture of the database."""
    rule = read_rule(run.recipe)
    rows = stored.read_arms(connection, run.id)
    arms: dict[str | None, ArmOutcome] = defaultdict(ArmOutcome)
    holdout = ArmOutcome()
    for row in rows:
        arm = holdout if row.is_held_out else arms[row.variant]
        arm.people += row.people
        arm.sent += row.sent
    for variant, kind, is_machine, count in stored.count_reactions(connection, run.id):
        name = _COUNTED.get((kind, is_machine))
        if name is not None:
            setattr(arms[variant], name, getattr(arms[variant], name) + count)
    _take_back_bursts(connection, run.id, arms)
    if holdout.people:
        objected = stored.count_objections_of_holdout(connection, run.id, rule.window_ms)
        holdout.unsubscribed = objected.get("unsubscribe", 0)
        holdout.complained = objected.get("complaint", 0)
    if rows:
        since = min(row.first_at for row in rows)
        until = max(row.last_at for row in rows) + rule.window_ms
        _count_orders(connection, run.id, rule, since, until, arms, holdout)
    return RunOutcome(
        rule=rule,
        arms=dict(sorted(arms.items(), key=lambda item: item[0] or "")),
        holdout=holdout if holdout.people else None,
    )


def _take_back_bursts(
    connection: Connection, run_id: int, arms: Mapping[str | None, ArmOutcome]
) -> None:
    clicks = stored.read_burst_clicks(connection, run_id)
    people = {one.message_id for one in keep_people(click for _, click in clicks)}
    said = {
        (variant, one.message_id) for variant, one in clicks if one.machine is None
    }  # as they were counted
    for variant, message_id in said:
        if message_id not in people:
            arms[variant].clicked -= 1


def _count_orders(
    connection: Connection,
    run_id: int,
    rule: Rule,
    since: int,
    until: int,
    arms: Mapping[str | None, ArmOutcome],
    holdout: ArmOutcome,
) -> None:
    deeds: dict[int, Deed] = {}
    people: dict[int, stored.DeedRow] = {}
    for row in stored.read_deeds(connection, run_id, since=since, until=until):
        deed = Deed(**dict(zip(_FACTS, row.values, strict=True)))
        deeds[row.event_id] = deed
        people.setdefault(deed.customer_id, row)
    orders = make_orders(deeds.values())
    bought: dict[int, stored.DeedRow] = {}
    for order in orders:
        row = people[order.customer_id]
        if 0 <= order.at - row.planned_at <= rule.window_ms:
            arm = holdout if row.is_held_out else arms[row.variant]
            arm.bought += order.customer_id not in bought
            arm.spent.update(order.values)
            bought[order.customer_id] = row
    written = {one for one, row in people.items() if row.sent_at is not None}
    mine = [order for order in orders if order.customer_id in written]
    converted: set[int] = set()
    for order, touches in _find_touches(connection, mine, rule):
        arm = arms[people[order.customer_id].variant]
        for share in share_order(order, touches, rule):
            if share.run_id == run_id:
                arm.converted += order.customer_id not in converted
                arm.revenue.update(share.values)
                converted.add(order.customer_id)


def _find_touches(
    connection: Connection, orders: Iterable[Order], rule: Rule
) -> list[tuple[Order, list[Touch]]]:
    """Return orders with the messages of all campaigns that may have led to them."""
    wanted = list(orders)
    if not wanted:
        return []
    customers = {one.customer_id for one in wanted}
    since = min(one.at for one in wanted) - rule.window_ms
    until = max(one.at for one in wanted)
    if rule.by_click:
        rows = keep_people(
            stored.read_clicks(connection, customers, since=since, until=until + 1_000)
        )
    else:
        rows = list(stored.read_sent(connection, customers, since=since, until=until))
    touches: dict[int, list[Touch]] = defaultdict(list)
    for row in rows:
        touches[row.customer_id].append(
            Touch(message_id=row.message_id, run_id=row.run_id, at=row.at)
        )
    return [(one, touches[one.customer_id]) for one in wanted]
