"""Shows a report on a terminal: words first, then tables with small bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .amounts import (
    say_chance,
    say_date,
    say_moment,
    say_money,
    say_moneys,
    say_share,
    say_small_money,
)
from .figures import say_belief, say_difference, say_intervals, say_points
from .report import Report
from .words import METRICS, say_rates

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

BAR = 24
_PARTS = " ▏▎▍▌▋▊▉█"
MOST_HOURS = 24
MOST_PRODUCTS = 8


def print_report(report: Report, console: Console) -> None:
    """Print a report.

    Args:
        report: The report.
        console: Where to.
    """
    heading = report.heading
    console.print(f"[bold]Report of run {heading.run} of '{heading.campaign}'[/]: {heading.state}")
    console.print(_say_times(report), style="dim")
    for warning in report.warnings:
        console.print(f"! {warning}", style="bold red", markup=False)
    console.print()
    for place, said in enumerate(report.words):
        console.print(said, style="bold" if place == 0 else "", markup=False)
    _print_lift(report, console)
    _print_variants(report, console)
    _print_funnel(report, console)
    _print_money(report, console)
    _print_copies(report, console)
    _print_products(report, console)
    _print_delivery(report, console)
    _print_receipt(report, console)


def draw_bar(part: float, whole: float, width: int = BAR) -> str:
    """Return a bar as long as a part of a whole, to an eighth of a character."""
    eighths = round(8 * width * min(1.0, part / whole)) if whole > 0 else 0
    full, rest = divmod(max(eighths, 1 if part > 0 else 0), 8)
    return "█" * full + (_PARTS[rest] if rest else "")


def make_table(title: str, *columns: str) -> Table:
    """Return an empty table; its first column is text, the others are numbers."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(title, style="bold"), title_justify="left", box=SIMPLE_HEAD, pad_edge=False
    )
    for place, name in enumerate(columns):
        table.add_column(name, justify="right" if place and name else "left", overflow="fold")
    return table


def _say_times(report: Report) -> str:
    heading = report.heading
    said = f"As of {say_moment(heading.at)}. "
    if heading.is_final and heading.window_ends_at is not None:
        said += (
            f"Orders counted until {say_date(heading.window_ends_at)}: nothing is added any more."
        )
    elif heading.window_ends_at is not None:
        said += f"Orders still count until {say_date(heading.window_ends_at)}."
    else:
        said += "Not everybody was written to yet."
    if heading.known_until is not None:
        said += f" The latest order that is known is of {say_moment(heading.known_until)}."
    return said


def _print_lift(report: Report, console: Console) -> None:
    lift, currency = report.lift, report.heading.currency
    if lift is None:
        return
    title = f"Lift: who was written to beside who was held out, {report.heading.window}"
    table = make_table(title, "", "people", "bought", "share", "spent", "each")
    for name, group in (("written to", lift.treated), ("held out", lift.held_out)):
        spent = "-" if currency is None else say_money(group.spent, currency)
        each = "-" if currency is None else say_small_money(group.spent / group.people, currency)
        share = say_share(group.bought, group.people, digits=2)
        table.add_row(name, f"{group.people:,}", f"{group.bought:,}", share, spent, each)
    console.print(table)
    for said in say_intervals(lift, currency):
        console.print(f"  {said}", markup=False)
    if len(lift.waves) > 1:
        waves = make_table("By wave", "wave", "written to", "held out", "difference")
        for one in lift.waves:
            treated = say_rates(one.treated.people, one.treated.bought)
            held = say_rates(one.held_out.people, one.held_out.bought)
            waves.add_row(f"{one.wave}", treated, held, say_points(one.orders.estimate))
        console.print(waves)


def _print_variants(report: Report, console: Console) -> None:
    comparison = report.comparison
    if len(comparison.results) < 2:
        return
    table = make_table(
        f"Variants, by {METRICS[comparison.metric]}",
        "variant", "people", "clicked", "machines", "bought", "unsubscribed", comparison.metric,
        "chance to be best", "",
    )  # fmt: skip
    for one in comparison.results:
        belief = one.belief
        said = "-" if belief is None else say_belief(comparison, belief, report.heading.currency)
        table.add_row(
            f"{one.name}{' (stopped)' if one.stopped else ''}",
            f"{one.people:,}",
            _show(one.clicked),
            _show(one.clicked_by_machines),
            f"{one.bought:,}",
            f"{one.unsubscribed:,}",
            said,
            "-" if belief is None else say_chance(belief.chance),
            "" if belief is None else draw_bar(belief.chance, 1.0, 12),
        )
    console.print(table)
    if comparison.is_weighed:
        console.print("  by inverse propensity; counts of people are as they are", style="dim")
    for one in comparison.results:
        if one.behind is not None:
            said = say_difference(comparison, one.behind, report.heading.currency)
            console.print(f"  '{one.name}' beside '{comparison.best}': {said}", markup=False)


def _print_funnel(report: Report, console: Console) -> None:
    table = make_table("How far people went", "", "people", "machines", "share", "")
    whole = max((one.people or 0 for one in report.funnel), default=0)
    for one in report.funnel:
        share = "-" if one.people is None else say_share(one.people, one.of, digits=2)
        bar = draw_bar(one.people or 0, whole)
        table.add_row(one.name, _show(one.people), _show(one.machines, ""), share, bar)
    console.print(table)


def _print_money(report: Report, console: Console) -> None:
    money = report.money
    table = make_table("Money, by the rule of attribution", "", "")
    table.add_row("people who ordered", f"{money.converted:,}")
    table.add_row("orders", f"{money.orders:,}")
    table.add_row("revenue", say_moneys(money.revenue))
    if money.orders:
        table.add_row("average order", say_moneys(money.order_value))
    if money.cost is not None and money.cost_currency is not None:
        cost = money.cost_currency
        table.add_row("cost", say_money(money.cost, cost))
        for said, each in (("message", money.per_message), ("conversion", money.per_conversion)):
            shown = "-" if each is None else say_small_money(each, cost)
            table.add_row(f"cost per {said}", shown)
    console.print(table)
    console.print(f"  attributed are {report.heading.rule}", style="dim", markup=False)


def _print_copies(report: Report, console: Console) -> None:
    written = [one for one in report.copies if one.texts]
    if written:
        table = make_table(
            "Copy", "variant", "texts", "at once", "later", "fallback", "refused", "readability",
            "tokens", "seconds",
        )  # fmt: skip
        for one in written:
            table.add_row(
                one.variant or "all", f"{one.texts:,}", say_share(one.accepted, one.looked_at),
                say_share(one.accepted_later, one.looked_at),
                say_share(one.fell_back, one.looked_at), say_share(one.refused, one.looked_at),
                _round(one.readability), _round(one.tokens), _round(one.seconds, 2),
            )  # fmt: skip
        console.print(table)
        for one in written:
            if one.rules:
                rules = ", ".join(f"{rule} {count:,}" for rule, count in one.rules.items())
                console.print(f"  {one.variant or 'all'}: refused for {rules}", markup=False)
    for one in report.copies:
        subject = one.fields.get("subject") or next(iter(one.fields.values()), "")
        name = f"'{one.variant}'" if one.variant else "all"
        console.print(f"  {name}: {subject}", markup=False)


def _print_products(report: Report, console: Console) -> None:
    products = report.products
    if products is None:
        return
    share = say_share(products.fallback, products.recommended)
    title = f"Products, chosen for {products.recommended:,}, {share} of them without knowing them"
    table = make_table(title, "product", "shown to", "bought by them")
    for one in products.results[:MOST_PRODUCTS]:
        about = "~" if products.one_of > 1 else ""
        table.add_row(one.title, f"{about}{one.recommended:,}", f"{one.bought:,}")
    console.print(table)
    console.print(
        f"  of {products.buyers:,} who bought, {products.bought_recommended:,} bought one of theirs"
    )
    for said in products.offline:
        console.print(f"  {said}", markup=False)


def _print_delivery(report: Report, console: Console) -> None:
    delivery = report.delivery
    if delivery.domains:
        table = make_table(
            "By domain", "domain", "sent", "failed", "unknown", "bounced", "complained"
        )
        for one in delivery.domains:
            table.add_row(
                one.name or "(not known)", f"{one.sent:,}", f"{one.failed:,}", f"{one.unknown:,}",
                f"{one.bounced:,}", f"{one.complained:,}",
            )  # fmt: skip
        console.print(table)
    hours = [(at, sent) for at, sent in delivery.hours if sent]
    if hours:
        most = max(sent for _, sent in hours)
        table = make_table("By hour", "from", "sent", "")
        for at, sent in hours[:MOST_HOURS]:
            table.add_row(say_moment(at), f"{sent:,}", draw_bar(sent, most))
        console.print(table)
        if len(hours) > MOST_HOURS:
            console.print(f"  and {len(hours) - MOST_HOURS:,} hours more", style="dim")


def _print_receipt(report: Report, console: Console) -> None:
    receipt = report.receipt
    if receipt.audience is None:
        console.print("It was not planned yet.")
        return
    adds_up = "and the receipt adds up" if receipt.adds_up else "and the receipt DOES NOT add up"
    table = make_table(f"Audience {receipt.audience:,}, {adds_up}", "", "people", "")
    for state, count in receipt.states.items():
        table.add_row(state, f"{count:,}", draw_bar(count, receipt.audience))
        reasons = {"skipped": receipt.skipped, "failed": receipt.failed}.get(state, {})
        for reason, some in reasons.items():
            table.add_row(f"  {reason}", f"{some:,}", "")
    for one in report.satisfaction:
        table.add_row(f"answered: {one.label}", f"{one.count:,}", "")
    console.print(table)


def _show(count: int | None, otherwise: str = "-") -> str:
    return otherwise if count is None else f"{count:,}"


def _round(value: float | None, digits: int = 0) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"
