"""`ballyhoo schema`: the JSON Schema of recipes, so that editors complete and mark mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..recipe.schema import FILE_NAME, make_schema
from .invocation import Invocation, echo_json


@click.command("schema")
@click.option("--out", metavar="FILE", help=f"Where to write it; campaigns/{FILE_NAME} by default.")
@click.option("--json", "as_json", is_flag=True, help="Print it instead of writing a file.")
@click.pass_obj
def command(invocation: Invocation, out: str | None, as_json: bool) -> int:
    """Write the JSON Schema of recipes, for editors.

    It holds the options of every installed plugin: write it again after installing one. An editor
    with a YAML language server uses it when the recipe's first line is
    '# yaml-language-server: $schema=recipe.schema.json'.
    """
    workspace = invocation.workspace
    schema = make_schema(workspace.registry)
    if as_json:
        echo_json(schema)
        return 0
    if out is None:
        workspace.require()
    path = Path(out) if out else workspace.folder / "campaigns" / FILE_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    click.echo(f"wrote {path}")
    return 0
