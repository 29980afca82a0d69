"""Removes artifacts that nobody reads any more."""

from __future__ import annotations

from collections.abc import Collection

from .artifact_place import ArtifactPlace

KEPT = 2
"""How many of the newest artifacts of a key stay: the one that is read, and the one before it."""


def prune_artifacts(place: ArtifactPlace, pinned: Collection[tuple[str, str]]) -> int:
    """Remove all but the newest artifacts of each plugin, version, options and stage.

    Args:
        place: The place of all artifacts.
        pinned: Key and name of those that open runs read; they stay.

    Returns:
        How many were removed.

    Raises:
        EnvironmentMissing: The place cannot be reached.
    """
    removed = 0
    for key in place.list_keys():
        for name in place.list_names(key)[:-KEPT]:
            if (key, name) not in pinned:
                place.remove(key, name)
                removed += 1
        place.remove_drafts(key)
    return removed
