"""`ballyhoo preview`: real messages of a campaign as a page to look at; sends nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .amounts import show_count
from .invocation import Invocation, echo_json

if TYPE_CHECKING:
    from ..preview import Warned

FOLDER = "preview"
"""The folder of the workspace that the page is written to."""


@click.command("preview")
@click.argument("recipe", metavar="RECIPE", type=click.Path(path_type=Path))
@click.option("--customer", metavar="ID", help="Hers only: the shop's own id, or our number.")
@click.option(
    "--out", metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
    help="Write preview.html there; else to preview/ of the workspace.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation, recipe: Path, customer: str | None, out: Path | None, as_json: bool
) -> int:
    """Make a page to look at: real messages as people would get them; sends nothing.

    Nothing is stored either, and the links in the messages lead nowhere. Products and copy are
    made for the messages shown, at most twelve, and for nobody else.
    """
    from ..campaign import load_campaign
    from ..engine.engine import open_engine
    from ..preview import list_warnings, make_preview, write_page

    workspace = invocation.workspace
    campaign = load_campaign(
        recipe,
        registry=workspace.registry,
        workspace=workspace.folder,
        topics=workspace.settings.preferences.topics,
    )
    with open_engine(workspace, works=False) as engine:
        preview = make_preview(engine, campaign, customer=customer)
    page = write_page(preview, workspace.folder / FOLDER if out is None else out)
    warned = list_warnings((one.number, one.warnings) for one in preview.messages)
    if as_json:
        echo_json(
            {
                "page": str(page),
                "messages": len(preview.messages),
                "warnings": [
                    {"warning": one.warning, "messages": list(one.messages)} for one in warned
                ],
            }
        )
    else:
        _print(page, len(preview.messages), warned)
    return 0


def _print(page: Path, count: int, warned: list[Warned]) -> None:
    said = show_count(count, "message") if count else "nobody would get a message"
    click.echo(click.style(f"{page}: {said}", bold=True))
    for one in warned:
        numbers = ", ".join(str(number) for number in one.messages)
        about = "every message" if len(one.messages) == count else f"message {numbers}"
        click.echo(f"  {one.warning} ({about})")
