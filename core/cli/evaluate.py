"""`ballyhoo evaluate`: how good a recipe's recommender is, or its responder."""

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
@click.option(
    "--labelled", metavar="FILE", type=click.Path(path_type=Path),
    help="Evaluate the responder instead, by questions whose right answer the file says.",
)  # fmt: skip
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
    labelled: Path | None,
    keep: bool,
    seed: int,
    as_json: bool,
) -> int:
    """Say how good the recommender of a recipe is, or by --labelled its responder.

    For each window of time it learns of what was known before, is asked for those who bought
    something in it, and is judged beside what sold best and what each bought before. Neither
    artifacts nor the ledger know of it.

    FILE has a column text, and intent or article (or both): what the right answer is; an intent
    that is empty, 'none' or 'out_of_scope' says that nothing answers it.
    """
    if labelled is not None:
        return _evaluate_answers(invocation, recipe, labelled, as_json)
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


def _evaluate_answers(invocation: Invocation, recipe: Path, file: Path, as_json: bool) -> int:
    from ..answering.answerer import Answerer
    from ..answering.recipe import load_answers
    from ..engine.engine import open_engine
    from ..evaluation.answers import evaluate_answers
    from ..evaluation.labelled import read_labelled_file
    from .answer_evaluations import describe_answers, print_answers

    questions = read_labelled_file(file)
    campaign = load_answers(invocation.workspace, recipe)
    with (
        open_engine(invocation.workspace, works=False) as engine,
        show_stage_progress(f"asking {len(questions):,} questions") as tell,
    ):
        engine.progress = tell
        answerer = Answerer(engine, campaign)
        found = evaluate_answers(
            answerer.try_out, questions, engine.clock,
            lambda done, total: tell("respond", done, total),
        )  # fmt: skip
    if as_json:
        echo_json({"plugin": answerer.plugin, **describe_answers(found)})
    else:
        print_answers(answerer.plugin, found)
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
