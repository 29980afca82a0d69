"""Finds the recipe that says how enquiries are answered."""

from __future__ import annotations

from pathlib import Path

from ..campaign import Campaign, CheckedRecipe, check_recipe, load_campaign
from ..errors import DataError, RecipeError
from ..workspace import Workspace

ANSWERS = Path("campaigns/answers.yaml")
BUILT_IN = b"respond: {}\n"
"""What holds in a workspace without campaigns/answers.yaml: the bundled responder, as it is."""


def load_answers(workspace: Workspace, file: Path | None = None) -> Campaign:
    """Load the recipe by which enquiries are answered.

    Args:
        workspace: Where it is looked for.
        file: The recipe; `campaigns/answers.yaml` of the workspace when None, and without it a
            recipe that leaves everything to the bundled responder.

    Raises:
        RecipeError: It has mistakes.
        DataError: It has no `respond` block.
        EnvironmentMissing: A plugin that it needs did not load.
    """
    path = workspace.folder / ANSWERS if file is None else file
    if file is None and not path.is_file():
        checked: CheckedRecipe = check_recipe(
            BUILT_IN, file="the built-in recipe", registry=workspace.registry,
            workspace=workspace.folder,
        )  # fmt: skip
        if checked.campaign is None:
            raise RecipeError("\n".join(map(str, checked.mistakes)), mistakes=checked.mistakes)
        return checked.campaign
    campaign = load_campaign(path, registry=workspace.registry, workspace=workspace.folder)
    if "respond" not in next(iter(campaign.variants.values())).stages:
        raise DataError(
            f"{path.name} has no respond block", hint="it says how enquiries are answered"
        )
    return campaign
