"""Shows what a plan comes to: who gets what, who does not and why, how long it takes."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING, Any

import click

from .amounts import show_count, show_length
from .moments import show_iso, show_moment
from .seeing import describe_visible, print_visible
from .waves import describe_waves, print_waves

if TYPE_CHECKING:
    from ..engine.dry_plan import PlannedCampaign
    from ..engine.estimating import Estimate
    from ..engine.fallbacks import FallbackEstimate
    from ..engine.samples import Sample

MOST_LINES = 30
"""How many lines of a sample are shown."""


def describe_plan(planned: PlannedCampaign) -> dict[str, Any]:
    """Return a plan as the JSON of `plan`."""
    estimate = planned.estimate
    return {
        "campaign": planned.campaign,
        "audience": planned.audience,
        "holdout": planned.holdout,
        "messages": planned.messages,
        "variants": dict(planned.variants),
        "waves": describe_waves(planned),
        "skipped": dict(planned.skipped),
        "visible_lift": describe_visible(planned.visible),
        "offers": dict(planned.offers),
        "lacking": dict(planned.lacking),
        "unknown": planned.unknown,
        "repeats": planned.repeats,
        "fallback": None
        if planned.fallback is None
        else {
            "asked": planned.fallback.asked,
            "fallback": planned.fallback.fallback,
            "messages": planned.fallback.messages,
        },
        "starts_at": show_iso(estimate.starts_at),
        "last_due_at": show_iso(estimate.last_due_at),
        "duration_seconds": round(estimate.seconds, 3),
        "duration_rests_on": [
            {"what": one.said, "seconds": round(one.seconds, 3)} for one in estimate.rests_on
        ],
        "written": {
            "messages": estimate.written,
            "models": list(estimate.models),
            "seconds": _round(estimate.preparing_seconds),
            "tokens": estimate.tokens,
        },
        "samples": [
            _describe_sample(sample) for one in planned.samples.values() for sample in one.samples
        ],
        "problem": None if planned.problem is None else planned.problem.message,
    }


def print_plan(planned: PlannedCampaign, zone: tzinfo | None) -> None:
    """Print a plan for a person, its samples left out."""
    from ..engine.fallback_languages import say_lacking
    from ..policy.objections import REASONS

    click.echo(click.style(f"{planned.campaign}: {_say_messages(planned)}", bold=True))
    width = max(8, len(f"{planned.audience:,}"))
    rows = [("audience", planned.audience, ""), ("messages", planned.messages, "")]
    if planned.holdout:
        rows.append(("holdout", planned.holdout, REASONS["holdout"]))
    if planned.skipped:
        rows.append(("skipped", sum(planned.skipped.values()), ""))
    for name, count, said in rows:
        click.echo(f"  {name:<10}{count:>{width},}{f'  {said}' if said else ''}")
    for reason, count in planned.skipped.items():
        click.echo(f"  {'':<10}{count:>{width},}  {reason}: {REASONS.get(reason, reason)}")
    if planned.variants:
        shown = ", ".join(f"{name} {count:,}" for name, count in planned.variants.items())
        click.echo(f"  by variant{' of the first wave' if planned.waves else ''}: {shown}")
    if planned.waves:
        print_waves(planned)
    if planned.visible is not None:
        print_visible(planned.visible, planned.messages + planned.holdout)
    if planned.lacking:
        click.echo(f"  {say_lacking(planned.lacking)}")
    if planned.offers:
        shown = ", ".join(f"{name} {count:,}" for name, count in planned.offers.items())
        click.echo(f"  by offer: {shown}")
    if planned.unknown or planned.repeats:
        click.echo(
            f"  the segment also named {show_count(planned.unknown, 'id')} that nobody has, "
            f"and {show_count(planned.repeats, 'id')} again"
        )
    if planned.fallback is not None:
        _print_fallback(planned.fallback)
    if planned.messages:
        _print_estimate(planned.estimate, zone)


def print_samples(planned: PlannedCampaign) -> None:
    """Print the samples of a plan for a person."""
    for name, made in planned.samples.items():
        for sample in made.samples:
            click.echo()
            click.echo(click.style(_title(name, sample), bold=True))
            if sample.reason is not None:
                _print_refused(sample)
                continue
            lines = sample.text.rstrip().splitlines()
            for line in lines[:MOST_LINES]:
                click.echo(f"  | {line}".rstrip())
            if len(lines) > MOST_LINES:
                click.echo(f"  ... and {show_count(len(lines) - MOST_LINES, 'line')} more")


def _say_messages(planned: PlannedCampaign) -> str:
    if not planned.audience:
        return "nobody is in the audience"
    people = show_count(planned.audience, "person", "people")
    return f"{show_count(planned.messages, 'message')} for an audience of {people}"


def _print_fallback(fallback: FallbackEstimate) -> None:
    messages = show_count(fallback.messages, "message") if fallback.fallback else "none"
    asked = show_count(fallback.asked, "person", "people")
    click.echo(
        f"  products chosen without knowing her: about {messages} "
        f"({fallback.fallback:,} of {asked} in a sample)"
    )


def _print_estimate(estimate: Estimate, zone: tzinfo | None) -> None:
    assert estimate.starts_at is not None
    assert estimate.last_due_at is not None
    begins = show_moment(estimate.starts_at, zone)
    click.echo(f"  first message: {begins}, if it is started now")
    if estimate.last_due_at > estimate.starts_at:
        last = show_moment(estimate.last_due_at, zone)
        click.echo(f"  in the last time zone they may leave from {last}")
    first, *others = estimate.rests_on
    click.echo(f"  duration: {show_length(first.seconds)}, by {first.said}")
    for one in others:
        click.echo(f"            {show_length(one.seconds)}, by {one.said}")
    if estimate.written:
        by = f" by {', '.join(estimate.models)}" if estimate.models else ""
        said = f"  copy: {show_count(estimate.written, 'message')} written{by}"
        if estimate.preparing_seconds is not None:
            said += f", {show_length(estimate.preparing_seconds)}"
        if estimate.tokens:
            said += f", about {show_count(estimate.tokens, 'token')}"
        click.echo(said)


def _title(variant: str | None, sample: Sample) -> str:
    of = f" of the variant {variant}" if variant is not None else ""
    by = f", written by {sample.by.model or sample.by.generator}" if sample.by is not None else ""
    return f"Sample{of}, customer {sample.customer}{by}:"


def _print_refused(sample: Sample) -> None:
    from ..policy.objections import REASONS
    from ..store.ledger.states import FAILURES

    said = {**REASONS, **FAILURES}.get(sample.reason or "", "")
    click.echo(f"  she would get none: {sample.reason}{f': {said}' if said else ''}")
    for refused in sample.content.refused:
        for one in refused["objections"]:
            where = f" {one['field']}:" if one["field"] else ""
            click.echo(f"  attempt {refused['attempt']}:{where} {one['message']}")


def _describe_sample(sample: Sample) -> dict[str, Any]:
    return {
        "variant": sample.variant,
        "customer": sample.customer,
        "fields": dict(sample.fields),
        "text": sample.text,
        "generator": None if sample.by is None else sample.by.generator,
        "model": None if sample.by is None else sample.by.model,
        "reason": sample.reason,
    }


def _round(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
