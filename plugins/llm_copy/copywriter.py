"""The plugin: it answers `generate` with what a language model writes, with slots for facts."""

from __future__ import annotations

from collections.abc import Sequence

from ballyhoo import Brief, Context, Copy, hookimpl

from .options import LlmOptions
from .settings import LlmSettings as Settings

__all__ = ["Settings"]


@hookimpl
def generate(context: Context, options: LlmOptions, briefs: Sequence[Brief]) -> list[Copy]:
    """Write the copy of each brief.

    The same brief with the same seed gets the same copy, whichever others are in the batch, as far
    as the model computes in float32.
    """
    if not briefs:
        return []
    # Here, not above: torch and transformers are too heavy for `ballyhoo --help`.
    from .writing import write_copies

    return write_copies(context, options, briefs)
