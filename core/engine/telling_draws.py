"""Tells in words how somebody came to her wave and her variant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..campaign import Campaign
from ..experiments.allocation import find_allocation
from ..store.ledger.propensities import read_shares
from ..store.ledger.runs import RunRow
from ..store.ledger.single import MessageRow
from ..store.ledger.waves import OpenedWave, read_waves
from .drawing_by_traits import open_drawing
from .engine import Engine
from .judging import Draw, draw_variant, draw_wave
from .telling import Decision


def tell_variant(
    engine: Engine, campaign: Campaign, row: RunRow, message: MessageRow
) -> Iterator[Decision]:
    """Tell in which wave somebody is, and how her variant was drawn.

    Args:
        engine: The engine.
        campaign: The campaign, as the run keeps it.
        row: The run.
        message: Her message.
    """
    opened = next((one for one in read_waves(row.details) if one.wave == message.wave), None)
    if message.wave:
        yield _tell_wave(engine, campaign, message, opened)
    if message.variant is None:
        return
    shares: dict[str | None, float] | None = None
    if opened is not None:  # in the order of the recipe: the database keeps that of the names
        own = _read_own(engine, message)
        shares = {name: (own or opened.shares)[str(name)] for name in campaign.variants}
        if own:
            yield _tell_own(engine, row, message, opened, own)
    draw = draw_variant(engine, campaign, message.variant, message.recipient, shares)
    if draw is not None:
        said = f"her variant is {message.variant}"
        yield Decision(what="variant", said=said, parts=(_say_draw(draw),))


def _read_own(engine: Engine, message: MessageRow) -> dict[str, float]:
    with engine.store.read() as connection:
        return read_shares(connection, message.id)


def _tell_own(
    engine: Engine,
    row: RunRow,
    message: MessageRow,
    opened: OpenedWave,
    own: Mapping[str, float],
) -> Decision:
    """Tell by which shares of her own her variant was drawn, and what moved them."""
    drawing = open_drawing(engine.store, row.id, opened)
    parts = [] if drawing is None else drawing.tell_parts(message.recipient, own)
    shares = ", ".join(f"{name} {own[name]:.0%}" for name in row.details.get("variants", own))
    said = f"by her traits when the wave opened her shares are {shares}"
    return Decision(
        what="shares", said=said, parts=tuple(parts or ["no trait of hers changes much of that"])
    )


def _tell_wave(
    engine: Engine, campaign: Campaign, message: MessageRow, opened: OpenedWave | None
) -> Decision:
    allocation = find_allocation(campaign.recipe)
    of = f" of {allocation.waves}" if allocation is not None else ""
    said = f"she is in wave {message.wave}{of}"
    draw = draw_wave(engine, campaign, message.wave, message.recipient)
    parts = [] if draw is None else [_say_draw(draw)]
    if opened is None:
        waits = message.state == "planned"
        said += ", and her variant is drawn when it opens" if waits else ", which did not open"
        return Decision(what="wave", said=said, parts=tuple(parts))
    parts += [
        f"{name} had {opened.shares[str(name)]:.0%} of it{_say_learned(opened, str(name))}"
        for name in campaign.variants
    ]
    return Decision(what="wave", said=said, at=opened.opened_at, parts=tuple(parts))


def _say_learned(opened: OpenedWave, name: str) -> str:
    if name in opened.stopped:
        return f": it was stopped, as {opened.stopped[name]}"
    learned = opened.learned.get(name)
    return "" if learned is None else f": it was the best at {learned['chance']:.0%}"


def _say_draw(draw: Draw) -> str:
    return f"drawn {draw.fraction:.4f}; it is hers from {draw.begins:g} to {draw.ends:g}"
