"""Shows what is different between two recipes: people, settings, messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from .amounts import show_count

if TYPE_CHECKING:
    from ..engine.changed_settings import ChangedSetting
    from ..engine.diffing import ComparedMessage, Moved, RecipeDiff, Side
    from ..engine.samples import Sample

MOST_MESSAGES = 3
"""How many pairs of messages are shown."""

MOST_LINES = 12
"""How many lines of one text are shown."""


def describe_diff(found: RecipeDiff) -> dict[str, Any]:
    """Return a diff as the JSON of `diff`."""
    return {
        "old": _describe_side(found.old),
        "new": _describe_side(found.new),
        "enters": _describe_moved(found.enters),
        "leaves": _describe_moved(found.leaves),
        "changes_variant": _describe_moved(found.changes_variant),
        "stays": found.stays,
        "settings": [
            {
                "path": one.path,
                "change": _name_change(one),
                "old": one.old,
                "new": one.new,
            }
            for one in found.settings
        ],
        "files": dict(found.files),
        "content": {
            "compared": len(found.messages),
            "changed": sum(one.changes for one in found.messages),
            "messages": [
                {
                    "customer": one.customer,
                    "changed": one.changes,
                    "old": _describe_sample(one.old),
                    "new": _describe_sample(one.new),
                }
                for one in found.messages
            ],
        },
        "problem": None if found.problem is None else found.problem.message,
    }


def print_diff(found: RecipeDiff) -> None:
    """Print a diff for a person."""
    _print_counts(found)
    _print_moved("enters", "enter", found.enters, "by the old recipe")
    _print_moved("leaves", "leave", found.leaves, "by the new recipe")
    _print_moved("changes variant", "change variant", found.changes_variant, "from and to")
    click.echo(_say_people(found.stays, "gets one as before", "get one as before"))
    if found.settings or found.files:
        click.echo()
        click.echo(click.style("What is written otherwise", bold=True))
    for setting in found.settings:
        _print_setting(setting)
    for name, change in found.files.items():
        click.echo(f"  {name} {change}")
    if found.messages:
        _print_messages(found)


def _print_counts(found: RecipeDiff) -> None:
    old, new = found.old, found.new
    rows = [("audience", old.audience, new.audience), ("messages", old.messages, new.messages)]
    for kind in ("variants", "skipped"):
        before, after = getattr(old, kind), getattr(new, kind)
        for name in [*before, *(name for name in after if name not in before)]:
            label = f"variant {name}" if kind == "variants" else f"skipped: {name}"
            rows.append((label, before.get(name, 0), after.get(name, 0)))
    width = max(len(row[0]) for row in rows)
    wide = max(3, *(len(f"{number:,}") for row in rows for number in row[1:]))
    click.echo(f"{'':<{width}}  {'old':>{wide}}  {'new':>{wide}}")
    for name, before, after in rows:
        line = f"{name:<{width}}  {before:>{wide},}  {after:>{wide},}"
        click.echo(line if before == after else f"{line}  {after - before:+,}")
    click.echo()


def _print_moved(one: str, many: str, moved: Moved, because: str) -> None:
    click.echo(_say_people(moved.count, one, many))
    if not moved.count:
        return
    listed = ", ".join(f"{reason} {count:,}" for reason, count in moved.because.items())
    click.echo(f"  {because}: {listed}")
    customers = ", ".join(str(one) for one in moved.sample)
    click.echo(f"  for example customers {customers}")


def _say_people(count: int, one: str, many: str) -> str:
    return f"{show_count(count, 'person', 'people')} {one if count == 1 else many}"


def _print_setting(setting: ChangedSetting) -> None:
    click.echo(f"  {setting.path}")
    if setting.was_there:
        _print_value("-", setting.old)
    if setting.is_there:
        _print_value("+", setting.new)


def _print_value(sign: str, value: Any) -> None:
    colour = "red" if sign == "-" else "green"
    for line in _list_lines(value):
        click.echo(click.style(f"    {sign} {line}".rstrip(), fg=colour))


def _list_lines(value: Any) -> Iterator[str]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    lines = text.strip().splitlines() or [""]
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"... and {show_count(len(lines) - MOST_LINES, 'line')} more"


def _print_messages(found: RecipeDiff) -> None:
    changed = [one for one in found.messages if one.changes]
    click.echo()
    people = _say_people(len(found.messages), "who gets one by both", "who get one by both")
    said = f"Of {people}, {len(changed):,} would get another message"
    click.echo(click.style(said, bold=True))
    for one in changed[:MOST_MESSAGES]:
        click.echo(f"  customer {one.customer}{_say_variants(one)}")
        for name, before, after in _list_changes(one):
            click.echo(f"    {name}")
            for sign, value in (("-", before), ("+", after)):
                for line in [] if value is None else _list_lines(value):
                    colour = "red" if sign == "-" else "green"
                    click.echo(click.style(f"      {sign} {line}".rstrip(), fg=colour))
    if len(changed) > MOST_MESSAGES:
        click.echo(f"  and {len(changed) - MOST_MESSAGES} more")


def _list_changes(one: ComparedMessage) -> Iterator[tuple[str, str | None, str | None]]:
    """Yield what is other in two messages: its name, the old text and the new one."""
    if one.old.reason != one.new.reason:
        yield "gets none", one.old.reason, one.new.reason
    names = [*one.old.fields, *(name for name in one.new.fields if name not in one.old.fields)]
    changes = [name for name in names if one.old.fields.get(name) != one.new.fields.get(name)]
    for name in changes:
        yield name, one.old.fields.get(name), one.new.fields.get(name)
    if not changes and one.old.text != one.new.text and one.old.reason == one.new.reason:
        yield "all of it", one.old.text, one.new.text


def _say_variants(one: ComparedMessage) -> str:
    if one.old.variant == one.new.variant:
        return "" if one.new.variant is None else f", variant {one.new.variant}"
    return f", variant {one.old.variant or 'none'} -> {one.new.variant or 'none'}"


def _name_change(setting: ChangedSetting) -> str:
    if not setting.was_there:
        return "added"
    return "changed" if setting.is_there else "removed"


def _describe_side(side: Side) -> dict[str, Any]:
    return {
        "campaign": side.campaign,
        "audience": side.audience,
        "messages": side.messages,
        "skipped": dict(side.skipped),
        "variants": dict(side.variants),
    }


def _describe_moved(moved: Moved) -> dict[str, Any]:
    return {
        "count": moved.count,
        "because": dict(moved.because),
        "customers": list(moved.sample),
    }


def _describe_sample(sample: Sample) -> dict[str, Any]:
    return {
        "variant": sample.variant,
        "fields": dict(sample.fields),
        "text": sample.text,
        "reason": sample.reason,
    }
