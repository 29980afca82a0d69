"""Lets plugins learn before a run needs what they learned."""

from __future__ import annotations

from typing import Any

from ..recipe.binding import BoundRecipe
from ..stages import ContextFor, train_stages
from .engine import Engine


def train_missing(engine: Engine, bound: BoundRecipe, context_for: ContextFor) -> None:
    """Let the plugins of a recipe learn that have learned nothing yet which fits their options.

    Args:
        engine: The engine.
        bound: The recipe.
        context_for: Makes the context of each plugin.
    """
    for stage, binding in bound.stages.items():
        if "train" not in engine.registry.require(binding.plugin, stage).hooks:
            continue
        artifacts: Any = context_for(binding.plugin).artifacts
        if not artifacts.has_artifact():
            train_stages(engine.registry, bound, context_for, stage)
