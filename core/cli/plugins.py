"""`ballyhoo plugins`: what is installed, what it can do, and what failed to load."""

from __future__ import annotations

from typing import Any

import click

from ..options import list_keys
from ..registry import PluginRecord
from .invocation import Invocation, echo_json


@click.command("plugins")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON value.")
@click.pass_obj
def command(invocation: Invocation, as_json: bool) -> int:
    """List plugins, their hooks and options, and what failed to load."""
    records = list(invocation.workspace.registry)
    if as_json:
        echo_json([_describe(record) for record in records])
        return 0
    for record in records:
        _print(record)
    left_out = sum(not record.is_allowed for record in records)
    failed = sum(record.error is not None for record in records) - left_out
    loaded = len(records) - failed - left_out
    counted = [f"{loaded} {'plugin' if loaded == 1 else 'plugins'} loaded", f"{failed} failed"]
    if left_out:
        counted.append(f"{left_out} not allowed")
    click.echo(", ".join(counted))
    return 0


def _describe(record: PluginRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "version": record.version,
        "origin": record.origin,
        "hooks": list(record.hooks),
        "wraps": list(record.wraps),
        "options": {
            hook: model.model_json_schema().get("properties", {})
            for hook, model in record.options.items()
        },
        "settings": (
            record.settings.model_json_schema().get("properties", {}) if record.settings else {}
        ),
        "error": record.error,
    }


def _print(record: PluginRecord) -> None:
    title = click.style(record.name, bold=True)
    origin = " ".join(part for part in (record.origin, record.version) if part)
    click.echo(f"{title} ({origin})" if origin else title)
    if record.error is not None:
        said = f"did not load: {record.error}" if record.is_allowed else record.error
        click.echo(click.style(f"  {said}", fg="red" if record.is_allowed else "yellow"))
        return
    for hook in record.hooks:
        model = record.options.get(hook)
        keys = ", ".join(list_keys(model)) if model else ""
        click.echo(f"  {hook}" + (f": {keys}" if keys else ""))
    for hook in record.wraps:
        click.echo(f"  wraps {hook}")
    if record.settings is not None:
        click.echo(f"  settings: {', '.join(list_keys(record.settings))}")
