"""Lets a channel make the bytes of messages; where one fails, the others do not."""

from __future__ import annotations

from .. import stages
from ..errors import BallyhooError, EnvironmentMissing
from ..message import Message
from ..recipe.binding import BoundRecipe
from .drafts import Left
from .engine import Engine


def render_each(
    engine: Engine,
    bound: BoundRecipe,
    context_for: stages.ContextFor,
    messages: list[Message],
) -> tuple[list[Message], list[Left]]:
    """Return the messages with their bytes, and what becomes of those that cannot be rendered.

    Raises:
        EnvironmentMissing: Something that the channel needs is not there.
    """
    if not messages:
        return [], []
    binding = bound.stages["deliver"]
    try:
        return stages.render_messages(engine.registry, binding, context_for, messages), []
    except EnvironmentMissing:
        raise
    except BallyhooError:
        if len(messages) == 1:
            return [], [(messages[0].id, "failed", "render_failed", None)]
    rendered: list[Message] = []
    failed: list[Left] = []
    for message in messages:
        one, wrong = render_each(engine, bound, context_for, [message])
        rendered += one
        failed += wrong
    return rendered, failed
