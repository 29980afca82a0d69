"""Draws the plots of a report as SVG: colours come from the page's style, so both schemes fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

Say = Callable[[float], str]

ROW = 46
BOTTOM = 34
SIDE = 14
MOST_TICKS = {True: 7, False: 5}
CURVE = 190
LETTER = 8.2
"""How wide a letter of a name is, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """An estimate between its bounds, as a plot shows it.

    Attributes:
        name: What it is of.
        said: The numbers in words.
        low: The lower bound; what is not finite ends at the edge.
        estimate: The estimate.
        high: The upper bound.
        is_main: Whether it is drawn in the colour of the page.
    """

    name: str
    said: str
    low: float
    estimate: float
    high: float
    is_main: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A density: its points as value and height, the greatest of which is 1."""

    name: str
    points: Sequence[tuple[float, float]]
    mean: float


def draw_ranges(ranges: Sequence[Range], *, say: Say, title: str, width: int) -> Markup:
    """Return estimates with their bounds, one below the other, around zero.

    Args:
        ranges: From the top on.
        say: Words a value on the axis.
        title: What it shows, for whoever cannot see it.
        width: In pixels.
    """
    known = [value for one in ranges for value in (one.low, one.estimate, one.high)]
    finite = [value for value in (*known, 0.0) if math.isfinite(value)]
    axis = _Axis.over(min(finite), max(finite), width, left=SIDE, right=SIDE)
    height = ROW * len(ranges) + BOTTOM
    parts = [axis.draw(height, say)]
    for place, one in enumerate(ranges):
        top = ROW * place
        y = top + 30
        low, high = axis.place(one.low), axis.place(one.high)
        kind = "main" if one.is_main else "quiet"
        parts.append(
            Markup(
                '<text class="label" x="{side}" y="{text}">{name}</text>'
                '<text class="value" x="{right}" y="{text}" text-anchor="end">{said}</text>'
                '<rect class="range {kind}" x="{low:.1f}" y="{bar}" width="{wide:.1f}" height="10" '
                'rx="5"/><circle class="point {kind}" cx="{at:.1f}" cy="{y}" r="6"/>'
            ).format(
                side=SIDE, text=top + 16, right=width - SIDE, name=one.name, said=one.said,
                kind=kind, low=low, bar=y - 5, wide=max(2.0, high - low),
                at=axis.place(one.estimate), y=y,
            )
        )  # fmt: skip
    return _frame(parts, width, height, title)


def draw_curves(curves: Sequence[Curve], *, say: Say, title: str, width: int) -> Markup:
    """Return densities over each other, one colour each.

    Args:
        curves: In the order of the colours.
        say: Words a value on the axis.
        title: What it shows, for whoever cannot see it.
        width: In pixels.
    """
    values = [value for one in curves for value, height in one.points if height > 0.004]
    axis = _Axis.over(min(values), max(values), width, left=SIDE, right=SIDE)
    height = CURVE + BOTTOM
    parts = [axis.draw(height, say, zero=False)]
    for place, one in enumerate(curves):
        inside = [(at, tall) for at, tall in one.points if axis.low <= at <= axis.high]
        if not inside:
            continue
        line = " ".join(
            f"{axis.place(at):.1f},{CURVE - tall * (CURVE - 34):.1f}" for at, tall in inside
        )
        first, last = axis.place(inside[0][0]), axis.place(inside[-1][0])
        parts.append(
            Markup(
                '<polygon class="area c{number}" points="{first:.1f},{base} {line} '
                '{last:.1f},{base}"/><polyline class="line c{number}" points="{line}"/>'
            ).format(number=place % 6, first=first, last=last, base=CURVE, line=line)
        )
    left = float(SIDE)
    for place, one in enumerate(curves):
        parts.append(
            Markup(
                '<circle class="area full c{number}" cx="{dot:.1f}" cy="10" r="5"/>'
                '<text class="name c{number}" x="{x:.1f}" y="14">{name}</text>'
            ).format(number=place % 6, dot=left + 5, x=left + 15, name=one.name)
        )
        left += 15 + LETTER * len(one.name) + 18
    return _frame(parts, width, height, title)


def draw_columns(
    columns: Sequence[tuple[str, int]], *, title: str, width: int, height: int = 150
) -> Markup:
    """Return columns, each as tall as its number; the first and the last are named."""
    most = max((count for _, count in columns), default=0) or 1
    step = (width - 2 * SIDE) / max(1, len(columns))
    base = height - 24
    parts = []
    for place, (name, count) in enumerate(columns):
        tall = (base - 22) * count / most
        if not count:
            continue
        parts.append(
            Markup(
                '<rect class="column" x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" '
                'height="{tall:.1f}" rx="2"><title>{name}: {count:,}</title></rect>'
            ).format(
                x=SIDE + place * step + step * 0.1, y=base - max(tall, 1.5),
                wide=max(1.0, min(step * 0.8, 46.0)), tall=max(tall, 1.5), name=name, count=count,
            )
        )  # fmt: skip
    parts.append(
        Markup('<line class="axis" x1="{a}" x2="{b}" y1="{y}" y2="{y}"/>').format(
            a=SIDE, b=width - SIDE, y=base
        )
    )
    if columns:
        for name, at, anchor in (
            (columns[0][0], SIDE, "start"), (columns[-1][0], width - SIDE, "end"),
        ):  # fmt: skip
            parts.append(
                Markup('<text class="tick" x="{x}" y="{y}" text-anchor="{anchor}">{name}</text>')
                .format(x=at, y=height - 6, anchor=anchor, name=name)
            )  # fmt: skip
            if len(columns) == 1:
                break
        parts.append(
            Markup('<text class="tick" x="{x}" y="12">most: {most:,}</text>').format(
                x=SIDE, most=most
            )
        )
    return _frame(parts, width, height, title)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    low: float
    high: float
    step: float
    width: int
    left: float
    right: float

    @classmethod
    def over(cls, low: float, high: float, width: int, *, left: float, right: float) -> _Axis:
        """Return an axis over at least these values, with even steps."""
        if high - low < 1e-12:
            low, high = low - 0.5 * max(abs(low), 1e-3), high + 0.5 * max(abs(high), 1e-3)
        step = _find_step((high - low) / MOST_TICKS[width > 500])
        return cls(
            low=math.floor(low / step + 1e-9) * step, high=math.ceil(high / step - 1e-9) * step,
            step=step, width=width, left=left, right=right,
        )  # fmt: skip

    def place(self, value: float) -> float:
        """Return where a value lies, in pixels from the left; beyond the edge is on it."""
        part = (value - self.low) / (self.high - self.low)
        part = min(1.0, max(0.0, part))
        return self.left + part * (self.width - self.left - self.right)

    def draw(self, height: int, say: Say, *, zero: bool = True) -> Markup:
        """Return lines and numbers of the steps."""
        count = round((self.high - self.low) / self.step)
        base = height - BOTTOM + 8
        parts = []
        for number in range(count + 1):
            value = self.low + number * self.step
            value = 0.0 if abs(value) < self.step / 1000 else value
            is_zero = zero and value == 0.0
            anchor = "start" if number == 0 else "end" if number == count else "middle"
            parts.append(
                Markup(
                    '<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{base}"/>'
                    '<text class="tick" x="{x:.1f}" y="{y}" text-anchor="{anchor}">{said}</text>'
                ).format(
                    kind="zero" if is_zero else "grid", x=self.place(value), base=base,
                    y=base + 18, anchor=anchor, said=say(value),
                )
            )  # fmt: skip
        return Markup("").join(parts)


def _find_step(least: float) -> float:
    """Return the least of 1, 2 and 5 times a power of ten that is not below a number."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * part for part in (1, 2, 5, 10) if power * part >= least * (1 - 1e-9))


def _frame(parts: Sequence[Markup], width: int, height: int, title: str) -> Markup:
    return Markup(
        '<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        'aria-label="{title}">{inside}</svg>'
    ).format(width=width, height=height, title=escape(title), inside=Markup("").join(parts))
