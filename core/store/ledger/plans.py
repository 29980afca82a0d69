"""Plans the messages of a run inside the database: who gets one, who is skipped, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    null,
    select,
)

from ...policy.looking import Recipient, finds
from ...policy.objections import list_objections
from ...policy.rules import PolicyRules
from ..drawing import draw_number, draw_wave
from ..planning import held_audience, in_range, open_transaction
from ..tables import customers, messages
from ..tables.columns import Id
from .leases import hold_plan
from .states import is_state

zone_dues = Table(
    "zone_dues",
    MetaData(),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("zone", Text, primary_key=True),
    Column("due_at", BigInteger, nullable=False),
    prefixes=["TEMPORARY"],
)
"""When messages of each variant may leave, by the time zone of their recipient."""

_id = held_audience.c.customer_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVariant:
    """What the messages of one variant have in common.

    Attributes:
        name: Of the variant; None without an experiment.
        begins: Who is drawn from this number on, of 2 ** 53, and below `ends`, is in it.
        ends: See `begins`.
        rules: Its policy.
        address_field: The customer's field that its channel writes to: `email` or `phone`.
        state: `planned` when copy or products are still to be made, else `ready`.
        due_at: When its messages may leave, in UTC milliseconds.
        due_by_zone: The same for each time zone for which it is another moment; "" is none known.
        expires_at: When it is too late; None is never.
    """

    name: str | None
    begins: int
    ends: int
    rules: PolicyRules
    address_field: str
    state: str
    due_at: int
    due_by_zone: Mapping[str, int]
    expires_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """People who get nothing because chance says so.

    Attributes:
        reason: Why, in one word.
        names: What is hashed with her id to draw her number.
        begins: Who is drawn from this number on, of 2 ** 53, and below `ends`, is left out.
        ends: See `begins`.
    """

    reason: str
    names: tuple[str, ...]
    begins: int
    ends: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPlan:
    """How the audience of a run becomes messages.

    Attributes:
        run_id: The run.
        campaign: Its campaign's name.
        at: The moment, in UTC milliseconds.
        key: The assignment key.
        left_out: Who is left out by chance; the first one that holds is the reason.
        variants: The variants, in order.
        limit: At most so many messages; None is no limit.
        waves: How many waves there are, each drawn into as many people; 0 without waves. Of all
            but the first one the variant is not known yet, and they wait as `planned`.
        waits_until: When messages of later waves expire; None is never, as long as they wait.
    """

    run_id: int
    campaign: str
    at: int
    key: bytes
    left_out: tuple[LeftOut, ...]
    variants: tuple[PlannedVariant, ...]
    limit: int | None = None
    waves: int = 0
    waits_until: int | None = None


def select_planned(dialect: str, plan: RunPlan, place: int) -> Select[Any]:
    """Return a statement that selects the rows of one variant for `above` < id <= `upto`.

    Its columns are those of a row of the ledger. The parameter `is_full` says that the limit was
    reached before.

    Args:
        dialect: Of the database.
        plan: The plan.
        place: Which of its variants.
    """
    variant = plan.variants[place]
    columns = {"email": customers.c.email_id, "phone": customers.c.phone_id}
    address = columns[variant.address_field]
    because = list_objections(
        variant.rules,
        Recipient(id=customers.c.id, address_id=address),
        plan.at,
        shares_address=_shares_address(variant.address_field),
    )
    because.append((bindparam("is_full", type_=Integer) == 1, "limit"))
    source: Any = held_audience.join(customers, customers.c.id == _id)
    # Who was erased since the audience was found is in it all the same, without an address.
    drawn: list[ColumnElement[bool]] = []
    for one in plan.left_out:
        number = draw_number(dialect, plan.key, one.names, customers.c.id)
        because.append((and_(number >= one.begins, number < one.ends), one.reason))
    if len(plan.variants) > 1:
        number = draw_number(dialect, plan.key, ("variant", plan.campaign), customers.c.id)
        drawn += [number >= variant.begins, number < variant.ends]
    reason = case(*because, else_=null())
    wave: ColumnElement[int] = literal(0, Integer)
    if plan.waves:
        wave = draw_wave(dialect, plan.key, plan.campaign, plan.waves, customers.c.id)
    due: ColumnElement[Any] = literal(variant.due_at, BigInteger)
    if variant.due_by_zone:
        zone = func.coalesce(customers.c.time_zone, "")
        source = source.outerjoin(
            zone_dues, and_(zone_dues.c.place == place, zone_dues.c.zone == zone)
        )
        due = func.coalesce(zone_dues.c.due_at, variant.due_at)
    rows = (
        select(
            customers.c.id.label("recipient"),
            address.label("address_id"),
            reason.label("reason"),
            due.label("due_at"),
            wave.label("wave"),
        )
        .select_from(source)
        .where(*in_range(_id), *in_range(customers.c.id), *drawn)
        .order_by(_id)
    )
    # With an offset it is computed once for each row, and not for each use of the wave.
    judged = (rows.offset(0) if plan.waves else rows).subquery("judged_rows")
    name: ColumnElement[Any] = null() if variant.name is None else literal(variant.name)
    state: ColumnElement[Any] = literal(variant.state)
    expires_at: ColumnElement[Any] = literal(variant.expires_at, BigInteger)
    if plan.waves:
        waits = judged.c.wave > 1
        name = case((waits, null()), else_=name)
        state = case((waits, "planned"), else_=state)
        expires_at = case((waits, literal(plan.waits_until, BigInteger)), else_=expires_at)
    return select(
        literal(plan.run_id, Id).label("run_id"),
        judged.c.recipient,
        judged.c.address_id,
        literal(variant.rules.channel).label("channel"),
        judged.c.wave,
        name.label("variant"),
        case((judged.c.reason.is_(None), state), else_="skipped").label("state"),
        judged.c.reason,
        judged.c.due_at,
        expires_at.label("expires_at"),
        literal(plan.at, Id).label("created_at"),
    )


def _shares_address(field: str) -> ColumnElement[bool]:
    """Whether somebody of the audience with a lower id has the same address."""
    twin, held = customers.alias("twin"), held_audience.alias("twin_held")
    same = {
        "email": twin.c.email_id == customers.c.email_id,
        "phone": twin.c.phone_id == customers.c.phone_id,
    }
    return finds(
        select(literal(1))
        .select_from(twin.join(held, held.c.customer_id == twin.c.id))
        .where(same[field], twin.c.id < customers.c.id)
    )


class RunInsertion:
    """Inserts the messages of a run, a range of ids at a time; see `HeldAudience.insert_ranges`.

    Args:
        connection: The one that holds the audience.
        plan: What to insert.
        token: Of the lease under which the run is planned.
        seconds: How long the lease holds after each range.
    """

    def __init__(self, connection: Connection, plan: RunPlan, token: str, seconds: float) -> None:
        self.connection = connection
        self.plan = plan
        self.token = token
        self.seconds = seconds
        self.left = plan.limit
        self._chances = sorted({one.reason for one in plan.left_out})
        dialect = connection.dialect.name
        self._statements = [
            _insert(select_planned(dialect, plan, place)) for place in range(len(plan.variants))
        ]
        fill_zones(connection, plan)

    def insert(self, above: int, upto: int) -> int:
        """Insert those above one id and up to another; return how many rows.

        Raises:
            LeaseLost: Somebody else plans this run by now, or it was cancelled.
        """
        bounds = {"above": above, "upto": upto, "is_full": int(self.left == 0)}
        with open_transaction(self.connection, readonly=False):
            hold_plan(self.connection, self.plan.run_id, self.token, self.seconds)
            rows = sum(
                self.connection.execute(statement, bounds).rowcount
                for statement in self._statements
            )
            if self.left:
                self.left -= self._keep_limit(above, upto, self.left)
        return rows

    def _keep_limit(self, above: int, upto: int, left: int) -> int:
        """Skip those of the range that are over the limit; return how many are not."""
        own = and_(
            messages.c.run_id == self.plan.run_id,
            messages.c.recipient > above,
            messages.c.recipient <= upto,
            is_state("planned", "ready"),
        )
        kept = list(
            self.connection.execute(
                select(messages.c.recipient).where(own).order_by(messages.c.recipient).limit(left)
            ).scalars()
        )
        if len(kept) == left:
            over = and_(
                messages.c.run_id == self.plan.run_id,
                messages.c.recipient > kept[-1],
                messages.c.recipient <= upto,
                is_state("planned", "ready") | messages.c.reason.in_(self._chances),
            )
            self.connection.execute(
                messages.update().where(over).values(state="skipped", reason="limit")
            )
        return len(kept)


def fill_zones(connection: Connection, plan: RunPlan) -> None:
    """Put the moments of each time zone where the plan's statements look them up."""
    rows = [
        {"place": place, "zone": zone, "due_at": due_at}
        for place, variant in enumerate(plan.variants)
        for zone, due_at in variant.due_by_zone.items()
    ]
    with open_transaction(connection, readonly=True):
        zone_dues.drop(connection, checkfirst=True)
        zone_dues.create(connection)
        if rows:
            connection.execute(insert(zone_dues), rows)


def _insert(rows: Select[Any]) -> Any:
    into = insert(messages).from_select([column.name for column in rows.selected_columns], rows)
    return into.execution_options(preserve_rowcount=True)
