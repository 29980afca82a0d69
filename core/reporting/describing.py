"""Describes a report for programs: one JSON object, whose keys the reference explains."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..money import from_minor
from ..statistics.intervals import Interval
from .amounts import say_iso, to_amount
from .effect import Belief, Comparison, Group, Lift, SampleCheck, VariantResult
from .parts import CopyResult, Delivery, Money, Products
from .report import Report


def describe_report(report: Report) -> dict[str, Any]:
    """Return a report as the JSON of `report`; what is not measured, or not known, is null."""
    heading = report.heading
    currency = heading.currency
    return {
        "run": heading.run,
        "campaign": heading.campaign,
        "state": heading.state,
        "at": say_iso(heading.at),
        "started_at": say_iso(heading.started_at),
        "finished_at": say_iso(heading.finished_at),
        "said": list(report.words),
        "warnings": list(report.warnings),
        "rule": heading.rule,
        "window": heading.window,
        "window_ends_at": say_iso(heading.window_ends_at),
        "orders_known_until": say_iso(heading.known_until),
        "is_final": heading.is_final,
        "currency": currency,
        "receipt": {
            "audience": report.receipt.audience,
            "states": dict(report.receipt.states),
            "skipped": dict(report.receipt.skipped),
            "failed": dict(report.receipt.failed),
            "adds_up": report.receipt.adds_up,
        },
        "funnel": [
            {"step": one.name, "people": one.people, "of": one.of, "machines": one.machines}
            for one in report.funnel
        ],
        "lift": None if report.lift is None else describe_lift(report.lift, currency),
        "sample_ratio": None if report.sample is None else _describe_sample(report.sample),
        "variants": _describe_comparison(report.comparison, currency),
        "money": _describe_money(report.money),
        "delivery": _describe_delivery(report.delivery),
        "products": None if report.products is None else _describe_products(report.products),
        "copy": [_describe_copy(one) for one in report.copies],
        "satisfaction": [
            {"answer": one.answer, "of": one.of, "label": one.label, "count": one.count}
            for one in report.satisfaction
        ],
    }


def describe_lift(lift: Lift, currency: str | None) -> dict[str, Any]:
    """Return what a run changed; shares in [0, 1], money as text in whole units."""
    return {
        "is_decided": lift.is_decided,
        "orders": describe_interval(lift.orders),
        "revenue_per_person": _describe_amount(lift.revenue, currency),
        "extra_revenue": _describe_amount(lift.extra, currency),
        "treated": _describe_group(lift.treated, currency),
        "held_out": _describe_group(lift.held_out, currency),
        "waves": [
            {
                "wave": one.wave,
                "opened_at": say_iso(one.opened_at),
                "treated": _describe_group(one.treated, currency),
                "held_out": _describe_group(one.held_out, currency),
                "orders": describe_interval(one.orders),
            }
            for one in lift.waves
        ],
        "smallest_visible": _round(lift.smallest),
        "days_needed": _round(lift.days_needed),
        "days_left": _round(lift.days_left),
    }


def describe_interval(interval: Interval) -> dict[str, Any]:
    """Return an interval of shares; a bound that is not known is null."""
    return {
        "estimate": _round(interval.estimate),
        "low": _round(interval.low),
        "high": _round(interval.high),
        "level": _round(interval.level),
        "method": interval.method,
    }


def _describe_amount(interval: Interval | None, currency: str | None) -> dict[str, Any] | None:
    if interval is None or currency is None:
        return None
    bounds = {"estimate": interval.estimate, "low": interval.low, "high": interval.high}
    said: dict[str, Any] = {
        name: to_amount(value, currency) if math.isfinite(value) else None
        for name, value in bounds.items()
    }
    return {**said, "currency": currency, "level": interval.level, "method": interval.method}


def _describe_group(group: Group, currency: str | None) -> dict[str, Any]:
    spent = {} if currency is None else {currency: group.spent}
    return {"people": group.people, "bought": group.bought, "spent": _describe_values(spent)}


def _describe_sample(sample: SampleCheck) -> dict[str, Any]:
    return {
        "is_off": sample.is_off,
        "p_value": sample.p_value,
        "arms": [
            {"arm": name, "people": people, "expected": round(expected, 1)}
            for name, people, expected in sample.arms
        ],
    }


def _describe_comparison(comparison: Comparison, currency: str | None) -> dict[str, Any]:
    return {
        "metric": comparison.metric,
        "allocate": comparison.allocate,
        "is_weighed": comparison.is_weighed,
        "best": comparison.best,
        "winner": comparison.winner,
        "method": comparison.method,
        "results": [_describe_variant(comparison, one, currency) for one in comparison.results],
    }


def _describe_variant(
    comparison: Comparison, one: VariantResult, currency: str | None
) -> dict[str, Any]:
    is_money = comparison.metric == "revenue"
    behind = None
    if one.behind is not None:
        behind = (
            _describe_amount(one.behind, currency) if is_money else describe_interval(one.behind)
        )
    return {
        "variant": one.name,
        "people": one.people,
        "sent": one.sent,
        "opened": one.opened,
        "opened_by_machines": one.opened_by_machines,
        "clicked": one.clicked,
        "clicked_by_machines": one.clicked_by_machines,
        "bought": one.bought,
        "spent": _describe_values(one.spent),
        "converted": one.converted,
        "orders": one.orders,
        "revenue": _describe_values(one.revenue),
        "unsubscribed": one.unsubscribed,
        "complained": one.complained,
        "bounced": one.bounced,
        "belief": None if one.belief is None else _describe_belief(one.belief, is_money, currency),
        "against_best": behind,
        "stopped": one.stopped,
    }


def _describe_belief(belief: Belief, is_money: bool, currency: str | None) -> dict[str, Any]:
    values = {"mean": belief.mean, "low": belief.low, "high": belief.high}
    if is_money and currency is not None:
        said: dict[str, Any] = {name: to_amount(one, currency) for name, one in values.items()}
    else:
        said = {name: _round(one) for name, one in values.items()}
    return {**said, "chance_to_be_best": _round(belief.chance)}


def _describe_money(money: Money) -> dict[str, Any]:
    cost = money.cost_currency

    def amount(value: float | None) -> str | None:
        return None if value is None or cost is None else to_amount(value, cost)

    return {
        "converted": money.converted,
        "orders": money.orders,
        "revenue": _describe_values(money.revenue),
        "average_order": {
            name: to_amount(value, name) for name, value in sorted(money.order_value.items())
        },
        "revenue_per_message": {
            name: to_amount(value, name) for name, value in sorted(money.per_person.items())
        },
        "cost": amount(money.cost),
        "cost_currency": cost,
        "cost_parts": [{"what": said, "cost": amount(value)} for said, value in money.cost_parts],
        "cost_per_message": amount(money.per_message),
        "cost_per_conversion": amount(money.per_conversion),
    }


def _describe_delivery(delivery: Delivery) -> dict[str, Any]:
    return {
        "domains": [
            {
                "domain": one.name or None,
                "people": one.people,
                "sent": one.sent,
                "failed": one.failed,
                "unknown": one.unknown,
                "bounced": one.bounced,
                "complained": one.complained,
            }
            for one in delivery.domains
        ],
        "hours": [{"from": say_iso(begins), "sent": sent} for begins, sent in delivery.hours],
        "step_hours": delivery.step_ms // 3_600_000,
    }


def _describe_products(products: Products) -> dict[str, Any]:
    return {
        "recommended": products.recommended,
        "fallback": products.fallback,
        "one_of": products.one_of,
        "buyers": products.buyers,
        "bought_recommended": products.bought_recommended,
        "results": [
            {
                "product": one.product,
                "title": one.title,
                "recommended": one.recommended,
                "bought": one.bought,
            }
            for one in products.results
        ],
        "offline": list(products.offline),
    }


def _describe_copy(one: CopyResult) -> dict[str, Any]:
    return {
        "variant": one.variant,
        "sample": dict(one.fields),
        "share": _round(one.share),
        "texts": one.texts,
        "looked_at": one.looked_at,
        "accepted": one.accepted,
        "accepted_later": one.accepted_later,
        "fell_back": one.fell_back,
        "refused": one.refused,
        "attempts": one.attempts,
        "refusals": dict(one.rules),
        "readability": _round(one.readability),
        "tokens": _round(one.tokens),
        "seconds": _round(one.seconds),
        "models": list(one.models),
    }


def _describe_values(values: Mapping[str, int]) -> dict[str, str]:
    return {name: str(from_minor(value, name)) for name, value in sorted(values.items())}


def _round(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, 6)
