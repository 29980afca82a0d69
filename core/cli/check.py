"""`ballyhoo check`: every mistake in recipes, at once."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..asset_checks import find_missing_assets
from ..assets import load_assets
from ..campaign import check_recipe
from ..errors import BallyhooError
from ..exclusive_checks import find_overlaps
from ..mistakes import Mistake
from ..recipe_tests import ENDING
from .invocation import Invocation, echo_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..campaign import Campaign
    from ..workspace import Workspace


@click.command("check")
@click.argument("recipes", metavar="RECIPE...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, recipes: tuple[str, ...], as_json: bool) -> int:
    """Find every mistake in recipes.

    Each stands on a line of its own: file:line:column: key: what is wrong; what was meant.
    A file of tests (NAME.test.yaml) is checked too, against the recipe beside it.
    Exit code 0 when all are right, 2 when one is wrong, 3 when they are right but a plugin that
    one needs is not there.
    """
    workspace = invocation.workspace
    mistakes: list[Mistake] = []
    notes: dict[str, str] = {}
    for name in recipes:
        try:
            content = Path(name).read_bytes()
        except OSError as error:
            mistakes.append(_unreadable(name, error))
            continue
        if name.endswith(ENDING):
            mistakes += _check_tests(workspace, Path(name))
            continue
        checked = check_recipe(
            content,
            file=name,
            registry=workspace.registry,
            workspace=workspace.folder,
            topics=workspace.settings.preferences.topics,
        )
        mistakes += checked.mistakes
        if checked.campaign is not None:
            assets = load_assets(workspace.folder, workspace.settings.brand)
            mistakes += find_missing_assets(checked.campaign, assets)
            mistakes += find_overlaps(checked.campaign, Path(name))
            if note := _note_languages(workspace, checked.campaign):
                notes[name] = note
    mistakes = list(dict.fromkeys(mistakes))  # a recipe's own, when its tests were named too
    if as_json:
        shown = [asdict(mistake) for mistake in mistakes]
        echo_json({"ok": not mistakes, "mistakes": shown, "notes": notes})
    else:
        _print(mistakes, recipes, notes)
    if not mistakes:
        return 0
    return 3 if all(mistake.missing for mistake in mistakes) else 2


def _check_tests(workspace: Workspace, path: Path) -> list[Mistake]:
    """Return the mistakes of a file of tests; where its recipe is wrong, those of the recipe."""
    from ..recipe_tests.running import read_suites

    return read_suites(workspace, [path])[1]


def _note_languages(workspace: Workspace, campaign: Campaign) -> str | None:
    """Return which languages of the audience have no fallback, where a store can say so."""
    blocks = [bound.recipe.generate for bound in campaign.variants.values()]
    if not any(block is not None and block.has_fallback_by_language for block in blocks):
        return None
    from ..engine.engine import open_engine
    from ..engine.fallback_languages import find_lacking, say_lacking

    try:
        with open_engine(workspace, works=False) as engine:
            lacking = find_lacking(engine, campaign)
    except BallyhooError:
        return None  # without a store there is no audience yet; other commands say what is wrong
    return say_lacking(lacking) if lacking else None


def _unreadable(name: str, error: OSError) -> Mistake:
    said = f"cannot be read: {error.strerror or type(error).__name__}"
    return Mistake(file=name, line=1, column=1, path="", message=said)


def _print(mistakes: list[Mistake], recipes: tuple[str, ...], notes: Mapping[str, str]) -> None:
    for mistake in mistakes:
        click.echo(str(mistake))
    wrong = {mistake.file for mistake in mistakes}
    for name in recipes:
        if name not in wrong:
            click.echo(f"{name}: ok")
        if name in notes:
            click.echo(f"{name}: note: {notes[name]}")
