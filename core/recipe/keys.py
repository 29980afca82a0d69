"""Reports the keys that do not exist, and reads each as the key that was meant.

A misspelt key is one mistake: what it holds is looked at as if it were spelt rightly, and the key
that was meant is not reported as missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..spelling import nearest_name
from .document import Node
from .findings import Findings
from .models import COMING_KEYS, Experiment, Recipe
from .wording import unknown_key


def repair_keys(node: Node, known: Sequence[str], findings: Findings) -> Node:
    """Report the keys of a mapping that are not known.

    Returns:
        The mapping without them; a key that is near a known one that is not there stands under
        that name.
    """
    if all(key in known for key in node.mapping):
        return node
    values: dict[str, Node] = {}
    places = {}
    for key, below in node.mapping.items():
        name: str | None = key
        if key not in known and findings.is_full:
            findings.add(node.key_places[key], "")  # finding what was meant takes long
            continue
        if key not in known:
            findings.add(node.key_places[key], unknown_key(key, known), below.path[:-1])
            name = nearest_name(key, known)
        if name is not None and (name == key or name not in {*node.mapping, *values}):
            values[name] = below
            places[name] = node.key_places[key]
    return replace(node, value=values, key_places=places)


def repair_recipe(root: Node, findings: Findings) -> Node:
    """Report the unknown keys of a recipe's top and of its experiment, before variants are read."""
    root = _drop_coming_keys(root, findings)
    root = repair_keys(root, list(Recipe.model_fields), findings)
    experiment = root.mapping.get("experiment")
    if experiment is not None and experiment.mapping:
        repaired = repair_keys(experiment, list(Experiment.model_fields), findings)
        root = replace(root, value={**root.mapping, "experiment": repaired})
    return root


def _drop_coming_keys(root: Node, findings: Findings) -> Node:
    for key in COMING_KEYS:
        if key in root.mapping:
            said = f"'{key}' comes with a later version; leave it out until then"
            findings.add(root.key_places[key], said)
    return root.select([key for key in root.mapping if key not in COMING_KEYS])
