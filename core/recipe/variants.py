"""Merges a variant into its recipe, keeping the place of every key."""

from __future__ import annotations

from dataclasses import replace

from .document import Node
from .findings import Findings
from .keys import repair_keys
from .models import DEFAULT_PLUGINS, STAGE_BLOCKS, Recipe

CHANGEABLE = ("recommend", "generate", "review", "deliver", "policy")
"""What a variant may change; the audience is drawn before, and is the same for all."""


MOST_VARIANTS = 50
"""More are no experiment: each needs people enough to tell it from the others."""


def read_variants(root: Node, findings: Findings) -> dict[str | None, Node]:
    """Return the recipe as it is for each variant, by name.

    Without variants there is one, named None: the recipe itself.
    """
    experiment = root.mapping.get("experiment")
    block = experiment.mapping.get("variants") if experiment is not None else None
    if experiment is None or block is None or not block.mapping:
        return {None: root}
    if len(block.mapping) > MOST_VARIANTS:
        said = f"has {len(block.mapping):,} variants; at most {MOST_VARIANTS}"
        findings.add(experiment.key_places["variants"], said, block.path)
    variants: dict[str | None, Node] = {}
    for name, node in list(block.mapping.items())[:MOST_VARIANTS]:
        for key in set(node.mapping) & set(Recipe.model_fields) - set(CHANGEABLE):
            said = f"a variant cannot change '{key}', only {', '.join(CHANGEABLE)}"
            findings.add(node.key_places[key], said, node.path)
        others = [
            key for key in node.mapping if key in CHANGEABLE or key not in Recipe.model_fields
        ]
        variants[name] = merge_variant(
            root, repair_keys(node.select(others), list(CHANGEABLE), findings)
        )
    return variants


def merge_variant(recipe: Node, variant: Node) -> Node:
    """Return the recipe as it is for one variant.

    Mappings are merged, lists and scalars replaced, and null deletes. A stage that names another
    plugin keeps the core's keys and drops those of the old plugin.
    """
    merged = merge_nodes(recipe, variant)
    for stage, block in variant.mapping.items():
        before = recipe.mapping.get(stage)
        if stage not in STAGE_BLOCKS or before is None:
            continue
        named = block.mapping.get("plugin")
        if named is not None and named.value != _plugin_of(stage, before):
            core_keys = list(STAGE_BLOCKS[stage].model_fields)
            merged.mapping[stage] = merge_nodes(before.select(core_keys), block)
    return merged


def _plugin_of(stage: str, block: Node) -> object:
    named = block.mapping.get("plugin")
    return named.value if named is not None else DEFAULT_PLUGINS[stage]


def merge_nodes(base: Node | None, patch: Node) -> Node:
    """Return a node with another merged into it: by key; null deletes."""
    if not isinstance(patch.value, dict):
        return patch
    if base is None or not isinstance(base.value, dict):
        base = Node(value={}, place=patch.place, path=patch.path)
    values, places, deleted = dict(base.mapping), dict(base.key_places), dict(base.deleted)
    for key, node in patch.value.items():
        if node.value is None and not node.refused:
            values.pop(key, None)
            places.pop(key, None)
            deleted[key] = node
            continue
        before = values.get(key)
        values[key] = merge_nodes(before, node)
        deleted.pop(key, None)
        if before is None or not isinstance(before.value, dict) or values[key] is node:
            places[key] = patch.key_places[key]
    return replace(
        base,
        value=values,
        key_places=places,
        deleted=deleted,
        refused=base.refused or patch.refused,
    )
