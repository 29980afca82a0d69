"""Writes a report as one page that holds all it needs, and runs no script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..policy.objections import REASONS
from ..store.ledger.states import FAILURES
from .amounts import (
    say_chance,
    say_date,
    say_moment,
    say_money,
    say_moneys,
    say_per_thousand,
    say_round_money,
    say_share,
    say_small_money,
)
from .drawing import Curve, Range, draw_columns, draw_curves, draw_ranges
from .figures import say_belief, say_points
from .report import Report
from .words import METRICS

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

WIDTHS = {"wide": 960, "narrow": 330}
"""Each plot is drawn for a desktop and for a phone, and the page shows the one that fits."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
MINUS = "\N{MINUS SIGN}"


def write_page(report: Report, file: Path) -> None:
    """Write the page of a report; its folder is made when it is not there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(render_page(report).encode("utf-8", "replace"))


def render_page(report: Report) -> str:
    """Return the page of a report; all that comes from data is escaped."""
    plots = {
        name: {size: draw(report, width) for size, width in WIDTHS.items()}
        for name, draw in _PLOTS.items()
    }
    page: str = open_template("page.html.j2").render(
        report=report,
        plots=plots,
        tiles=list(_list_tiles(report)),
        policy=POLICY,
        css=read_part("page.css"),
        reasons={**REASONS, **FAILURES},
        metrics=METRICS,
    )
    return page


def _draw_lift(report: Report, width: int) -> Markup | None:
    lift = report.lift
    if lift is None or not lift.orders.is_known:
        return None
    ranges = [_range_of("Difference, all waves" if len(lift.waves) > 1 else "Difference", lift)]
    if len(lift.waves) > 1:
        ranges += [_range_of(f"Wave {one.wave}", one, is_main=False) for one in lift.waves]
    title = "How many more of 1,000 people bought than without, with bounds. " + "; ".join(
        f"{one.name}: {one.said}" for one in ranges
    )
    return draw_ranges(ranges, say=say_thousand, title=title, width=width)


def _range_of(name: str, of: Any, *, is_main: bool = True) -> Range:
    orders = of.orders
    said = f"{say_thousand(orders.estimate)} ({say_thousand(orders.low)} to "
    return Range(
        name=name,
        said=f"{said}{say_thousand(orders.high)})",
        low=orders.low,
        estimate=orders.estimate,
        high=orders.high,
        is_main=is_main,
    )


def say_thousand(share: float) -> str:
    """Return a difference of shares in people of 1,000, with its sign."""
    if abs(share) < 5e-7:
        return "0"
    sign = "+" if share > 0 else MINUS
    return f"{sign}{say_per_thousand(share)}"


def _draw_beliefs(report: Report, width: int) -> Markup | None:
    comparison, currency = report.comparison, report.heading.currency or ""
    believed = [one for one in comparison.results if one.belief is not None]
    if len(believed) < 2:
        return None
    curves = [
        Curve(name=one.name or "", points=one.belief.curve, mean=one.belief.mean)
        for one in believed
        if one.belief is not None
    ]

    def say(value: float) -> str:
        if comparison.metric == "revenue":
            return say_small_money(value, currency).removesuffix(f" {currency}")
        return f"{value * 100:.2f}".rstrip("0").rstrip(".") + "%"

    title = f"What is believed of each variant: {METRICS[comparison.metric]}. " + "; ".join(
        f"{one.name}: {say_belief(comparison, one.belief, currency)}"
        for one in believed
        if one.belief is not None
    )
    return draw_curves(curves, say=say, title=title, width=width)


def _draw_hours(report: Report, width: int) -> Markup | None:
    hours = report.delivery.hours
    if not hours:
        return None
    columns = [(say_moment(at).removesuffix(" UTC"), sent) for at, sent in hours]
    return draw_columns(columns, title="How many messages left, hour by hour", width=width)


_PLOTS = {"lift": _draw_lift, "beliefs": _draw_beliefs, "hours": _draw_hours}


def _list_tiles(report: Report) -> Iterator[tuple[str, str, str]]:
    """Yield the figures at the top: what, how much, and a word beside it."""
    sent = next(one for one in report.funnel if one.name == "sent")
    yield "Sent", f"{sent.people or 0:,}", f"of {sent.of:,} to be written to"
    lift, currency = report.lift, report.heading.currency
    if lift is not None:
        rate = say_share(lift.treated.bought, lift.treated.people, digits=2)
        held = say_share(lift.held_out.bought, lift.held_out.people, digits=2)
        yield "Bought", rate, f"held out: {held}"
        if lift.extra is not None and currency is not None and lift.extra.is_known:
            extra = lift.extra
            low, high = (say_round_money(one, currency) for one in (extra.low, extra.high))
            about = say_round_money(extra.estimate, currency) if extra.is_off_zero else "may be 0"
            yield "Extra revenue", about, f"between {low} and {high}"
    clicked = next(one for one in report.funnel if one.name == "clicked")
    if clicked.people is not None:
        machines = f"{clicked.machines or 0:,} by machines are not in it"
        yield "Clicked", say_share(clicked.people, clicked.of, digits=2), machines
    money = report.money
    if money.orders:
        said = f"{money.orders:,} orders, {say_moneys(money.order_value)} on average"
        yield "Attributed revenue", say_moneys(money.revenue, rounds=True), said
    if money.cost is not None and money.cost_currency is not None:
        each = money.per_conversion
        said = "" if each is None else f"{say_small_money(each, money.cost_currency)} per order"
        per = money.per_message
        cost = "-" if per is None else say_small_money(per, money.cost_currency)
        yield "Cost per message", cost, said
    left = next(one for one in report.funnel if one.name == "unsubscribed")
    yield "Unsubscribed", say_share(left.people or 0, left.of, digits=2), f"{left.people or 0:,}"


def read_part(name: str) -> str:
    """Return a file of this folder."""
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


@cache
def open_environment() -> Environment:
    """Return what the pages are made with."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        loader=FunctionLoader(read_part),
    )  # fmt: skip
    environment.filters.update(
        money=say_money, small_money=say_small_money, moneys=say_moneys, moment=say_moment,
        date=say_date, points=say_points, thousand=say_thousand, bare_thousand=say_per_thousand,
        chance=say_chance,
        count=lambda value: "-" if value is None else f"{value:,}",
        number=lambda value, digits=0: "-" if value is None else f"{value:,.{digits}f}",
        percent=lambda value, digits=1: "-" if value is None else f"{value:.{digits}%}",
    )  # fmt: skip
    environment.globals.update(share=say_share, belief=say_belief)
    return environment


def open_template(name: str) -> Any:
    """Return a template of this folder."""
    return open_environment().get_template(name)
