"""Estimates how long a run would take, and says what that rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..brief import Copy
from ..campaign import Campaign
from ..copywriting import FALLBACK
from ..recipe.models import DeliverBlock
from ..recipe.values import Rate, write_rate
from ..store.ledger.dry_plans import Counted
from ..store.ledger.rates import foresee_warm_up
from ..store.ledger.throughput import measure_throughput
from .engine import Engine
from .pacing import name_ladder
from .planning import needs_preparing

STATED_PER_SECOND = 500.0
"""Messages that the ledger is good for where nothing else is known; measured with files."""

CHARS_PER_TOKEN = 4
"""Of English text, for most models."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What making the samples of one variant cost.

    Attributes:
        messages: How many were made.
        seconds: How long that took.
        models: The models that wrote them.
        chars: How many characters they wrote.
    """

    messages: int
    seconds: float
    models: tuple[str, ...]
    chars: int

    @classmethod
    def of(cls, seconds: float, copies: Sequence[Copy | None]) -> Spent:
        """Return what some samples cost."""
        written = [one for one in copies if one is not None]
        models = [
            one.provenance.model
            for one in written
            if one.provenance.model is not None and one.provenance.generator != FALLBACK
        ]
        return cls(
            messages=len(copies),
            seconds=seconds,
            models=tuple(sorted(set(models))),
            chars=sum(len(text) for one in written for text in one.fields.values()),
        )


@dataclass(frozen=True, slots=True)
class Bound:
    """Something that a run cannot be faster than: what, in words, and how many seconds by it."""

    said: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How long a run would take.

    Attributes:
        starts_at: When the first message may leave, in UTC milliseconds; None without any.
        last_due_at: When the last one may, by quiet hours and windows; in UTC milliseconds.
        seconds: How long the work takes, from when messages may leave.
        rests_on: What that number comes from; the slowest first.
        written: How many messages a plugin writes copy for.
        models: The models that write, as far as the samples tell.
        preparing_seconds: How long products and copy take, as long each as the samples took; None
            when not known.
        tokens: About how many tokens are written; None when not known.
    """

    starts_at: int | None
    last_due_at: int | None
    seconds: float
    rests_on: tuple[Bound, ...]
    written: int
    models: tuple[str, ...]
    preparing_seconds: float | None
    tokens: int | None


def estimate_run(
    engine: Engine,
    campaign: Campaign,
    counted: Sequence[Counted],
    spent: Mapping[str | None, Spent],
) -> Estimate:
    """Return how long a run would take.

    Args:
        engine: The engine.
        campaign: The campaign.
        counted: How many messages there are of each variant, and when they may leave.
        spent: By variant, what making its samples cost; a variant may be left out.
    """
    due = [one for one in counted if one.due_at is not None and one.count]
    messages: dict[str | None, int] = defaultdict(int)
    for one in due:
        messages[one.variant] += one.count
    parts = _find_sending(engine, campaign, messages)
    prepared = {
        name: count for name, count in messages.items() if needs_preparing(campaign.variants[name])
    }
    seconds, tokens = _find_preparing(prepared, spent)
    if seconds is not None:
        measured = sum(spent[name].messages for name in prepared)
        samples = "the sample" if measured == 1 else f"{measured:,} samples"
        said = f"products and copy, as long each as {samples} took"
        parts.append(Bound(said, seconds))
    parts.sort(key=lambda part: -part.seconds)
    moments = [one.due_at for one in due if one.due_at is not None]
    return Estimate(
        starts_at=min(moments, default=None),
        last_due_at=max(moments, default=None),
        seconds=max((part.seconds for part in parts), default=0.0),
        rests_on=tuple(parts),
        written=sum(
            count
            for name, count in prepared.items()
            if "generate" in campaign.variants[name].stages
        ),
        models=tuple(sorted({model for one in spent.values() for model in one.models})),
        preparing_seconds=seconds,
        tokens=tokens,
    )


def _find_preparing(
    prepared: Mapping[str | None, int], spent: Mapping[str | None, Spent]
) -> tuple[float | None, int | None]:
    """Return seconds and tokens of products and copy; None where a variant has no samples."""
    if not prepared or any(name not in spent or not spent[name].messages for name in prepared):
        return None, None
    shares = {name: count / spent[name].messages for name, count in prepared.items()}
    seconds = sum(share * spent[name].seconds for name, share in shares.items())
    chars = sum(share * spent[name].chars for name, share in shares.items() if spent[name].models)
    return seconds, round(chars / CHARS_PER_TOKEN) or None


def _find_sending(
    engine: Engine, campaign: Campaign, messages: Mapping[str | None, int]
) -> list[Bound]:
    """Return how long sending takes at least, by each thing that slows it down."""
    by_plugin: dict[str, list[tuple[DeliverBlock, int]]] = defaultdict(list)
    for name, count in messages.items():
        bound = campaign.variants[name]
        assert bound.recipe.deliver is not None
        by_plugin[bound.stages["deliver"].plugin].append((bound.recipe.deliver, count))
    parts: list[Bound] = []
    for plugin, blocks in by_plugin.items():
        total = sum(count for _, count in blocks)
        parts += _find_limits(engine, plugin, blocks, total)
        with engine.store.read() as connection:
            measured = measure_throughput(connection, plugin)
        if measured is not None:
            said = f"the {measured.per_second:,.0f}/s that {plugin} sent in run {measured.run_id}"
            parts.append(Bound(said, total / measured.per_second))
        elif not parts:
            said = f"{STATED_PER_SECOND:,.0f}/s, a guess, as {plugin} has sent too little yet"
            parts.append(Bound(said, total / STATED_PER_SECOND))
    return parts


def _find_limits(
    engine: Engine, plugin: str, blocks: Sequence[tuple[DeliverBlock, int]], total: int
) -> list[Bound]:
    parts: list[Bound] = []
    rates = [block.rate.total for block, _ in blocks if block.rate is not None and block.rate.total]
    if rates:
        slowest = min(rates, key=_per_second)
        said = f"the rate {write_rate(slowest)}"
        if any(block.rate is not None and block.rate.per_domain for block, _ in blocks):
            said += ", not counting that of each domain"
        parts.append(Bound(said, total / _per_second(slowest)))
    for block, _ in blocks:
        if block.warm_up is not None:
            with engine.store.read() as connection:
                last_at = foresee_warm_up(
                    connection, name_ladder(plugin), block.warm_up, now=engine.now, wanted=total
                )
            start = write_rate(block.warm_up.start)
            said = f"the warm-up that begins with {start}"
            parts.append(Bound(said, (last_at - engine.now) / 1000))
            break
    return parts


def _per_second(rate: Rate) -> float:
    return rate.count / rate.per.total_seconds()
