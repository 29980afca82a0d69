"""`ballyhoo evaluate`: how good a recipe's recommender is, beside the simplest way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import DataError
from .invocation import Invocation, echo_json
from .stage_progress import show_stage_progress

if TYPE_CHECKING:
    from ..campaign import Campaign
    from ..recipe.binding import BoundRecipe


@click.command("evaluate")
@click.argument("recipe", metavar="RECIPE", type=click.Path(path_type=Path))
@click.option(
    "--windows", metavar="N", type=click.IntRange(1, 24), default=3, show_default=True,
    help="How many windows of time, each after the other, up to the latest purchase.",
)  # fmt: skip
@click.option(
    "--days", metavar="N", type=click.IntRange(1, 366), default=30, show_default=True,
    help="How many days each window has.",
)  # fmt: skip
@click.option("--variant", metavar="NAME", help="Of this variant; else of the first.")
@click.option("--search", is_flag=True, help="Search better settings too, and say what was found.")
@click.option("--keep", is_flag=True, help="Keep what it says for reports of this campaign.")
@click.option("--seed", metavar="S", type=int, default=0, help="Of everything random.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation,
    recipe: Path,
    windows: int,
    days: int,
    variant: str | None,
    search: bool,
    keep: bool,
    seed: int,
    as_json: bool,
) -> int:
    """Say how good the recommender of a recipe is, beside the simplest way.

    For each window of time it learns of what was known before, is asked for those who bought
    something in it, and is judged beside what sold best and what each bought before. Neither
    artifacts nor the ledger know of it.
    """
    from ..campaign import load_campaign, require_plugins
    from ..engine.engine import open_engine
    from ..evaluation.evaluating import evaluate_recommender
    from ..evaluation.keeping import keep_evaluation
    from ..evaluation.searching import search_settings
    from .evaluations import describe_evaluation, describe_search, print_evaluation, print_search

    workspace = invocation.workspace
    campaign = load_campaign(recipe, registry=workspace.registry, workspace=workspace.folder)
    require_plugins(campaign, workspace.registry)
    bound = _choose_variant(campaign, variant)
    found = None
    with (
        open_engine(workspace, works=False) as engine,
        show_stage_progress(f"evaluating {campaign.name}") as tell,
    ):
        engine.progress = tell
        evaluation = evaluate_recommender(engine, bound, windows=windows, days=days, seed=seed)
        if search:
            found = search_settings(engine, bound, windows=windows, days=days, seed=seed)
    if keep:
        keep_evaluation(workspace.folder, campaign.name, evaluation, invocation.clock.now())
    if as_json:
        described = describe_evaluation(campaign.name, evaluation)
        echo_json(described if found is None else {**described, "search": describe_search(found)})
        return 0
    print_evaluation(campaign.name, evaluation)
    if found is not None:
        print_search(found)
    return 0


def _choose_variant(campaign: Campaign, name: str | None) -> BoundRecipe:
    """Return the variant of this name, or the first that recommends.

    Raises:
        DataError: There is none.
    """
    if name is not None and name not in campaign.variants:
        raise DataError(
            f"{campaign.file} has no variant '{name}'",
            hint=f"it has {', '.join(str(one) for one in campaign.variants if one) or 'none'}",
        )
    wanted = campaign.variants.values() if name is None else [campaign.variants[name]]
    for bound in wanted:
        if "recommend" in bound.stages:
            return bound
    raise DataError(
        f"{campaign.file} recommends nothing", hint="a block 'recommend' is what is evaluated"
    )
