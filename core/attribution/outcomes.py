"""Counts what came back of a run, for each variant and for the holdout."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ..store import deeds as done
from ..store import outcomes as stored
from ..store.ledger.runs import RunRow
from .clicks import keep_people
from .orders import Deed, Order, make_orders
from .rules import Rule, read_rule
from .sharing import Touch, share_order
from .windows import OpenedWave, read_waves

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
        orders: How many orders that were.
        revenue: What these orders come to: the message's part of them.
        bought: Who ordered within the window after her wave was opened (in a run without waves:
            after it was planned), whatever led to it.
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
    orders: int = 0
    revenue: Counter[str] = field(default_factory=Counter)
    bought: int = 0
    spent: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: ArmOutcome) -> ArmOutcome:
        return ArmOutcome(
            **{name: getattr(self, name) + getattr(other, name) for name in self.__slots__}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An arm of a run within one of its waves.

    Attributes:
        wave: The wave; 0 in a run without any.
        variant: The variant; None without variants, and for those held out.
        is_held_out: Whether it is the holdout of the wave.
    """

    wave: int
    variant: str | None
    is_held_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Somebody who ordered within her window, whatever led to it.

    Attributes:
        customer_id: Who.
        message_id: Her message, or the row of her that was held out.
        cell: Her arm and wave.
        at: When she ordered first, in UTC milliseconds.
        values: What she spent, in minor units by currency.
        products: What she bought.
    """

    customer_id: int
    message_id: int
    cell: Cell
    at: int
    values: Counter[str]
    products: set[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """What came back of a run.

    Attributes:
        rule: By which orders are attributed.
        waves: Those that were opened; one without number when it has none.
        cells: What came back of each arm of each wave; of the holdout, what they bought, and who
            unsubscribed or complained anywhere within the window.
        buyers: Who ordered within the window.
    """

    rule: Rule
    waves: tuple[OpenedWave, ...]
    cells: Mapping[Cell, ArmOutcome]
    buyers: tuple[Buyer, ...]

    @property
    def arms(self) -> dict[str | None, ArmOutcome]:
        """By the name of the variant over all waves; None for the run of a recipe without any."""
        found: dict[str | None, ArmOutcome] = {}
        for cell, arm in self.cells.items():
            if not cell.is_held_out:
                found[cell.variant] = found.get(cell.variant, ArmOutcome()) + arm
        return dict(sorted(found.items(), key=lambda item: item[0] or ""))

    @property
    def holdout(self) -> ArmOutcome | None:
        """Who was held out, over all waves; None when nobody was."""
        held = [arm for cell, arm in self.cells.items() if cell.is_held_out]
        return sum(held, ArmOutcome()) if any(arm.people for arm in held) else None

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
    return count_of_arms(connection, run, stored.read_arms(connection, run.id))


def count_of_arms(connection: Connection, run: RunRow, rows: Iterable[stored.ArmRow]) -> RunOutcome:
    """Count what came back of a run whose arms were counted already; see `count_outcome`."""
    rule, waves = read_rule(run.recipe), read_waves(run.details)
    numbers = {one.wave for one in waves}
    # Who is of a wave that waits is in no arm yet.
    there = [row for row in rows if row.wave in numbers]
    cells: dict[Cell, ArmOutcome] = defaultdict(ArmOutcome)
    for row in there:
        arm = cells[_name_cell(row.wave, row.variant, row.is_held_out)]
        arm.people += row.people
        arm.sent += row.sent
    bursts = 0
    for wave, variant, kind, is_machine, count, some in stored.count_reactions(connection, run.id):
        bursts += some
        name = _COUNTED.get((kind, is_machine))
        if name is not None:
            arm = cells[_name_cell(wave, variant, False)]
            setattr(arm, name, getattr(arm, name) + count)
    if bursts:
        _take_back_bursts(connection, run.id, cells)
    buyers: list[Buyer] = []
    if there:
        opened = {one.wave: one.opened_at for one in waves if one.opened_at is not None}
        begins = [opened.get(row.wave, row.first_at) for row in there]
        looking = done.Looking(
            run_id=run.id,
            people=sum(row.people for row in there),
            opened=opened,
            since=min(begins),
            until=max([*begins, *(row.last_at for row in there)]) + rule.window_ms,
        )
        buyers = _count_orders(connection, looking, rule, cells)
    return RunOutcome(rule=rule, waves=waves, cells=dict(cells), buyers=tuple(buyers))


def _name_cell(wave: int, variant: str | None, is_held_out: bool) -> Cell:
    return Cell(wave=wave, variant=None if is_held_out else variant, is_held_out=is_held_out)


def _take_back_bursts(
    connection: Connection, run_id: int, cells: Mapping[Cell, ArmOutcome]
) -> None:
    clicks = stored.read_burst_clicks(connection, run_id)
    people = {one.message_id for one in keep_people(click for _, _, click in clicks)}
    said = {
        (wave, variant, one.message_id) for wave, variant, one in clicks if one.machine is None
    }  # as they were counted
    for wave, variant, message_id in said:
        if message_id not in people:
            cells[_name_cell(wave, variant, False)].clicked -= 1


def _count_orders(
    connection: Connection,
    looking: done.Looking,
    rule: Rule,
    cells: Mapping[Cell, ArmOutcome],
) -> list[Buyer]:
    """Count the orders of each arm, and return who ordered within her window."""
    deeds: dict[int, Deed] = {}
    people: dict[int, done.DeedRow] = {}
    numbers = {cell.wave for cell in cells}
    objected: dict[str, set[int]] = {"unsubscribe": set(), "complaint": set()}
    for row in done.read_deeds(connection, looking):
        if row.wave not in numbers:
            continue
        if row.kind in objected:
            customer = row.values[0]
            if customer not in objected[row.kind] and row.is_within(rule.window_ms):
                objected[row.kind].add(customer)
                name = _COUNTED[row.kind, False]
                arm = cells[_name_cell(row.wave, row.variant, True)]
                setattr(arm, name, getattr(arm, name) + 1)
            continue
        deed = Deed(**dict(zip(_FACTS, row.values, strict=True)))
        deeds[row.event_id] = deed
        people.setdefault(deed.customer_id, row)
    orders = sorted(make_orders(deeds.values()), key=lambda order: order.at)
    buyers: dict[int, Buyer] = {}
    for order in orders:
        row = people[order.customer_id]
        if row.is_within(rule.window_ms, order.at):
            buyer = buyers.get(order.customer_id)
            if buyer is None:
                cell = _name_cell(row.wave, row.variant, row.is_held_out)
                cells[cell].bought += 1
                buyer = buyers[order.customer_id] = Buyer(
                    customer_id=order.customer_id, message_id=row.message_id, cell=cell,
                    at=order.at, values=Counter(), products=set(),
                )  # fmt: skip
            cells[buyer.cell].spent.update(order.values)
            buyer.values.update(order.values)
            buyer.products.update(order.products)
    written = {one for one, row in people.items() if row.sent_at is not None}
    mine = [order for order in orders if order.customer_id in written]
    converted: set[int] = set()
    for order, touches in _find_touches(connection, mine, rule):
        row = people[order.customer_id]
        arm = cells[_name_cell(row.wave, row.variant, row.is_held_out)]
        shares = [one for one in share_order(order, touches, rule) if one.run_id == looking.run_id]
        arm.orders += bool(shares)
        for share in shares:
            arm.converted += order.customer_id not in converted
            arm.revenue.update(share.values)
            converted.add(order.customer_id)
    return list(buyers.values())


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
