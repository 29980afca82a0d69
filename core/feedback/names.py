"""What those are called who are told what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..registry import Registry
    from ..settings import Settings

PLUGIN = "plugin:"
WEBHOOK = "webhook:"
HOOK = "feedback"


def name_listeners(registry: Registry, settings: Settings) -> list[str]:
    """Return the names of everybody who is told what happened, by this installation."""
    return [
        *(f"{PLUGIN}{name}" for name in registry.names(HOOK)),
        *(f"{WEBHOOK}{one.called}" for one in settings.webhooks),
    ]
