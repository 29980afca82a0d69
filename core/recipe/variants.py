"""Merges a variant into its recipe, keeping the place of every key."""

from __future__ import annotations

from .document import Node
from .models import DEFAULT_PLUGINS, STAGE_BLOCKS

CHANGEABLE = ("recommend", "generate", "review", "deliver", "policy")
"""What a variant may change; the audience is drawn before, and is the same for all."""


def merge_variant(recipe: Node, variant: Node) -> Node:
    """Return the recipe as it is for one variant.

    Mappings are merged, lists and scalars replaced, and null deletes. A stage that names another
    plugin keeps the core's keys and drops those of the old plugin.
    """
    merged = _merge(recipe, variant)
    for stage, block in variant.mapping.items():
        before = recipe.mapping.get(stage)
        if stage not in STAGE_BLOCKS or before is None:
            continue
        named = block.mapping.get("plugin")
        if named is not None and named.value != _plugin_of(stage, before):
            core_keys = set(STAGE_BLOCKS[stage].model_fields)
            kept = _select(before, core_keys)
            merged.mapping[stage] = _merge(kept, block)
    return merged


def _plugin_of(stage: str, block: Node) -> object:
    named = block.mapping.get("plugin")
    return named.value if named is not None else DEFAULT_PLUGINS[stage]


def _select(node: Node, keys: set[str]) -> Node:
    return Node(
        value={key: below for key, below in node.mapping.items() if key in keys},
        place=node.place,
        path=node.path,
        key_places={key: place for key, place in node.key_places.items() if key in keys},
    )


def _merge(base: Node, patch: Node) -> Node:
    if not isinstance(base.value, dict) or not isinstance(patch.value, dict):
        return patch
    values, places = dict(base.value), dict(base.key_places)
    for key, node in patch.value.items():
        if node.value is None:
            values.pop(key, None)
            places.pop(key, None)
            continue
        before = values.get(key)
        values[key] = node if before is None else _merge(before, node)
        if before is None or values[key] is node:
            places[key] = patch.key_places[key]
    return Node(value=values, place=base.place, path=base.path, key_places=places)
