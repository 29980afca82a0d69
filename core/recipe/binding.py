"""Binds a recipe to plugins: the core's keys to models, the others to the plugin's options."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..options import Options
from ..registry import PluginRecord, Registry
from ..spelling import suggest_name
from .document import Node, Place
from .findings import Findings
from .models import BLOCKS, COMING_KEYS, DEFAULT_PLUGINS, STAGE_BLOCKS, Block, Recipe
from .validation import validate_node
from .wording import unknown_key

GUARD = "copy_guard"
"""The reviewer of every copy that a generator writes, named or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One plugin with the options that the recipe gives it; None when it takes none."""

    plugin: str
    options: Options | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundRecipe:
    """A recipe, as it is for one variant, with its plugins.

    Attributes:
        recipe: The core's keys.
        stages: The plugin of each stage that the recipe has.
        reviewers: Those that read each copy, `copy_guard` first.
    """

    recipe: Recipe
    stages: dict[str, Binding] = field(default_factory=dict)
    reviewers: tuple[Binding, ...] = ()

    @property
    def plugins(self) -> list[str]:
        """The names of all plugins it needs, each once."""
        bound = [*self.stages.values(), *self.reviewers]
        return list(dict.fromkeys(binding.plugin for binding in bound))


class Binder:
    """Binds one document, merged or not, and reports what is wrong.

    Args:
        registry: The plugins there are.
        findings: Where mistakes go.
        workspace: The folder that files in options are relative to.
    """

    def __init__(self, registry: Registry, findings: Findings, workspace: Path) -> None:
        self.registry = registry
        self.findings = findings
        self.workspace = workspace

    def bind(self, root: Node) -> BoundRecipe | None:
        """Return the recipe with its plugins, or None when the core's keys are wrong."""
        core, rests = self._split(root)
        recipe = self._validate(core, root)
        stages: dict[str, Binding] = {}
        for stage, node in rests.items():
            name, place = self._plugin_of(stage, root.mapping[stage], root.key_places[stage])
            binding = self._bind(stage, name, place, node)
            if binding is not None:
                stages[stage] = binding
        reviewers = self._bind_reviewers(root)
        if recipe is None:
            return None
        return BoundRecipe(recipe=recipe, stages=stages, reviewers=reviewers)

    def _validate(self, core: dict[str, Any], root: Node) -> Recipe | None:
        """Validate block by block, so that one wrong block does not hide the others' mistakes."""
        blocks: dict[str, Block] = {}
        for key, model in BLOCKS.items():
            if isinstance(core.get(key), dict):
                node = root.mapping[key]
                block = validate_node(model, node, self.findings, data=core.pop(key), partly=True)
                if block is not None:
                    blocks[key] = block
        recipe = validate_node(Recipe, root, self.findings, data=core, partly=True)
        return None if recipe is None else recipe.model_copy(update=blocks)

    def _split(self, root: Node) -> tuple[dict[str, Any], dict[str, Node]]:
        """Return the core's keys as plain data, and per stage the node of the plugin's keys."""
        core: dict[str, Any] = {}
        rests: dict[str, Node] = {}
        for key, node in root.mapping.items():
            if key in COMING_KEYS:
                place = root.key_places[key]
                self.findings.add(place, f"'{key}' comes with a later version", node.path[:-1])
                continue
            block = STAGE_BLOCKS.get(key)
            if block is None or not isinstance(node.value, dict):
                core[key] = node.plain()
                continue
            own = block.model_fields
            core[key] = {name: one.plain() for name, one in node.mapping.items() if name in own}
            if isinstance(core[key].get("offer"), dict):
                core[key]["offer"] = [core[key]["offer"]]
            rests[key] = Node(
                value={name: one for name, one in node.mapping.items() if name not in own},
                place=node.place,
                path=node.path,
                key_places=node.key_places,
            )
        return core, rests

    def _plugin_of(self, stage: str, block: Node, key_place: Place) -> tuple[str, Place]:
        named = block.mapping.get("plugin")
        if named is None or not isinstance(named.value, str):
            return DEFAULT_PLUGINS[stage], key_place
        return named.value, named.place

    def _bind(self, hook: str, name: str, place: Place, node: Node) -> Binding | None:
        record = self._find(hook, name, place, node)
        if record is None:
            return None
        model = record.options.get(hook)
        core_keys = list(STAGE_BLOCKS[hook].model_fields) if hook in STAGE_BLOCKS else []
        if model is None:
            for key, below in node.mapping.items():
                self.findings.add(
                    node.key_places[key], unknown_key(key, core_keys), below.path[:-1]
                )
            return Binding(plugin=name)
        options = validate_node(
            model,
            node,
            self.findings,
            known_keys=core_keys,
            context={"workspace": self.workspace},
        )
        return None if options is None else Binding(plugin=name, options=options)

    def _find(self, hook: str, name: str, place: Place, node: Node) -> PluginRecord | None:
        record, having = self.registry.find(name), self.registry.names(hook)
        path = (*node.path, "plugin") if hook in STAGE_BLOCKS else node.path
        is_default = DEFAULT_PLUGINS.get(hook, GUARD) == name
        if record is None and is_default:
            self.findings.add(
                place,
                f"the plugin '{name}' is not installed; installed for {hook}: "
                f"{', '.join(having) or 'none'}",
                path,
                missing=True,
            )
        elif record is None:
            hint = suggest_name(name, having) or f"none is installed for {hook}"
            self.findings.add(place, f"unknown plugin '{name}'; {hint}", path)
        elif record.error is not None:
            self.findings.add(
                place, f"the plugin '{name}' did not load: {record.error}", path, missing=True
            )
        elif hook not in record.hooks:
            others = f"plugins that have it: {', '.join(having)}" if having else "no plugin has it"
            self.findings.add(place, f"the plugin '{name}' has no hook '{hook}'; {others}", path)
        else:
            return record
        return None

    def _bind_reviewers(self, root: Node) -> tuple[Binding, ...]:
        review = root.mapping.get("review")
        named = review.mapping if review is not None else {}
        reviewers: list[Binding] = []
        if "generate" in root.mapping and GUARD not in named:
            place = root.key_places["generate"]
            node = Node(value={}, place=place, path=("review", GUARD))
            reviewers += [bound for bound in [self._bind("review", GUARD, place, node)] if bound]
        for name, node in named.items():
            assert review is not None
            if not isinstance(node.value, dict):
                continue
            bound = self._bind("review", name, review.key_places[name], node)
            if bound is not None:
                reviewers.append(bound)
        return tuple(sorted(reviewers, key=lambda binding: binding.plugin != GUARD))
