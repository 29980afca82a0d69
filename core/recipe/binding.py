"""Binds a recipe to plugins: the core's keys to models, the others to the plugin's options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BallyhooError
from ..options import Options
from ..registry import PluginRecord, Registry
from ..spelling import nearest_name, suggest_name
from .block import Block
from .document import Node, Place
from .findings import Findings
from .keys import repair_keys
from .model_keys import find_keys
from .models import BLOCKS, DEFAULT_PLUGINS, STAGE_BLOCKS, Recipe
from .validation import ValidatorFailed, validate_node
from .wording import MAPPING, refuse_kind

if TYPE_CHECKING:
    from ..functions import ConditionFunction

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
        self._known: dict[tuple[str, int], tuple[Node, Node, Binding | None, Block | None]] = {}

    @property
    def _context(self) -> dict[str, Any]:
        """What options may look at: the workspace's folder, and the functions of conditions."""
        return {"workspace": self.workspace, "functions": lambda: self._functions}

    @cached_property
    def _functions(self) -> Mapping[str, ConditionFunction]:
        from ..conditions.built_in import BUILT_IN
        from ..conditions.registered import collect_functions

        try:
            return collect_functions(self.registry)
        except BallyhooError as error:
            said = f"{error.message}; {error.hint}" if error.hint else error.message
            self.findings.add(Place(1, 1), said, missing=True)
            return BUILT_IN

    def bind(self, root: Node) -> tuple[BoundRecipe, Node]:
        """Bind a recipe.

        Returns:
            The recipe with its plugins, what is wrong in it left out; and the document with each
            misspelt key under the name that was meant.
        """
        stages: dict[str, Binding] = {}
        blocks: dict[str, Block] = {}
        for key, node in root.mapping.items():
            if key not in BLOCKS or not isinstance(node.value, dict):
                continue
            mended, binding, block = self._bind_block(key, node, root.key_places[key])
            root = replace(root, value={**root.mapping, key: mended})
            if binding is not None:
                stages[key] = binding
            if block is not None:
                blocks[key] = block
        recipe = self._validate_rest(root)
        bound = BoundRecipe(
            recipe=recipe.model_copy(update=blocks),
            stages=stages,
            reviewers=self._bind_reviewers(root),
        )
        return bound, root

    def _validate_rest(self, root: Node) -> Recipe:
        """Validate what is in no block, and blocks that are no mappings."""
        rest = [
            key
            for key, node in root.mapping.items()
            if key not in BLOCKS or not isinstance(node.value, dict)
        ]
        for key in list(rest):
            node = root.mapping[key]
            if key in STAGE_BLOCKS and node.value in self.registry.names(key) and not node.refused:
                said = f"{refuse_kind(MAPPING, node)}; write '{key}: {{plugin: {node.value}}}'"
                self.findings.add(node.place, said, node.path)
                rest.remove(key)
        recipe = validate_node(
            Recipe, root.select(rest), self.findings, context=self._context, partly=True
        )
        return recipe or Recipe()

    def _bind_block(
        self, key: str, node: Node, place: Place
    ) -> tuple[Node, Binding | None, Block | None]:
        # Variants share the blocks that they do not change: the same nodes, bound once.
        known = self._known.get((key, id(node)))
        if known is not None:
            return known[1:]
        mended, own, binding = node, node, None
        if key in STAGE_BLOCKS:
            mended, binding = self._bind_stage(key, node, place)
            own = _without_plugin_keys(key, mended)
        if key == "experiment":
            own = _write_out_waves(own)
        block = validate_node(BLOCKS[key], own, self.findings, context=self._context, partly=True)
        self._known[key, id(node)] = (node, mended, binding, block)
        return mended, binding, block

    def _bind_stage(self, stage: str, node: Node, place: Place) -> tuple[Node, Binding | None]:
        """Return the stage's block with its keys mended, and its plugin when that is known."""
        node = self._mend_plugin_key(stage, node)
        named = node.mapping.get("plugin")
        name: object = DEFAULT_PLUGINS[stage]
        if named is not None:
            name, place = named.value, named.place
        if not isinstance(name, str):
            return node, None
        record = self._find(stage, name, place, (*node.path, "plugin"))
        if record is None:
            return node, None
        model = record.options.get(stage)
        core_keys = list(STAGE_BLOCKS[stage].model_fields)
        known = core_keys if model is None else [*core_keys, *find_keys(model)]
        node = repair_keys(node, known, self.findings)
        others = {*node.mapping, *node.deleted} - set(core_keys)
        rest = node.select([*others])
        return node, self._bind(record, stage, rest)

    def _mend_plugin_key(self, stage: str, node: Node) -> Node:
        """Mend a misspelt `plugin` first: it decides which other keys there are."""
        core_keys = list(STAGE_BLOCKS[stage].model_fields)
        default = self.registry.find(DEFAULT_PLUGINS[stage])
        model = default.options.get(stage) if default is not None else None
        known = core_keys if model is None else [*core_keys, *find_keys(model)]
        meant = [key for key in node.mapping if nearest_name(key, known) == "plugin"]
        if "plugin" in node.mapping or not meant:
            return node
        others = [key for key in node.mapping if key != meant[0]]
        return repair_keys(node, ["plugin", *others], self.findings)

    def _bind(self, record: PluginRecord, hook: str, node: Node) -> Binding:
        model = record.options.get(hook)
        if model is None:
            repair_keys(node, (), self.findings)
            return Binding(plugin=record.name)
        try:
            options = validate_node(model, node, self.findings, context=self._context)
        except ValidatorFailed as failed:
            said = f"the plugin '{record.name}' failed to read its options ({failed.kind})"
            self.findings.add(node.place, said, node.path)
            options = None
        return Binding(plugin=record.name, options=options)

    def _find(
        self, hook: str, name: str, place: Place, path: tuple[str | int, ...]
    ) -> PluginRecord | None:
        record, having = self.registry.find(name), self.registry.names(hook)
        there = f"installed for {hook}: {', '.join(having) or 'none'}"
        if record is None and DEFAULT_PLUGINS.get(hook, GUARD) == name:
            said = f"the plugin '{name}' is not installed; install it, or name another; {there}"
            self.findings.add(place, said, path, missing=True)
        elif record is None:
            hint = suggest_name(name, having) if having else there
            self.findings.add(place, f"unknown plugin '{name}'; {hint}", path)
        elif record.error is not None:
            said = f"the plugin '{name}' did not load: {record.error}"
            self.findings.add(place, said, path, missing=True)
        elif hook not in record.hooks:
            self.findings.add(place, f"the plugin '{name}' cannot {hook}; {there}", path)
        else:
            return record
        return None

    def _bind_reviewers(self, root: Node) -> tuple[Binding, ...]:
        review = root.mapping.get("review")
        asked: list[tuple[str, Place, Node]] = []
        if "generate" in root.mapping and (review is None or GUARD not in review.mapping):
            place = root.key_places["generate"]
            asked.append((GUARD, place, Node(value={}, place=place, path=("review", GUARD))))
        if review is not None:
            asked += [
                (name, review.key_places[name], node)
                for name, node in review.mapping.items()
                if isinstance(node.value, dict)
            ]
        reviewers: list[Binding] = []
        for name, place, node in asked:
            record = self._find("review", name, place, node.path)
            if record is not None:
                reviewers.append(self._bind(record, "review", node))
        return tuple(sorted(reviewers, key=lambda binding: binding.plugin != GUARD))


def _without_plugin_keys(stage: str, node: Node) -> Node:
    """Return the core's keys of a stage, those that are short for others written out."""
    own = node.select(list(STAGE_BLOCKS[stage].model_fields))
    offer = own.mapping.get("offer")
    if offer is not None and isinstance(offer.value, dict):
        own.mapping["offer"] = Node(value=[offer], place=offer.place, path=offer.path)
    rate = own.mapping.get("rate")
    if rate is not None and not isinstance(rate.value, dict | None):
        own.mapping["rate"] = Node(value={"total": rate}, place=rate.place, path=rate.path)
    return own


def _write_out_waves(experiment: Node) -> Node:
    """Return an experiment whose waves, when they are a number alone, are a block."""
    waves = experiment.mapping.get("waves")
    if waves is None or isinstance(waves.value, dict | None):
        return experiment
    written = Node(value={"number": waves}, place=waves.place, path=waves.path)
    return replace(experiment, value={**experiment.mapping, "waves": written})
