"""A campaign: a recipe loaded, checked and bound to plugins."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import BallyhooError, EnvironmentMissing, RecipeError
from .exclusive_checks import find_overlaps
from .message import Channel
from .mistakes import Mistake
from .options import find_written
from .recipe.binding import Binder, BoundRecipe
from .recipe.case import Case, is_for_enquiries
from .recipe.document import Node
from .recipe.findings import Findings
from .recipe.keys import repair_recipe
from .recipe.models import Recipe
from .recipe.rules import check_rules
from .recipe.variants import read_variants
from .recipe.yaml_reader import read_yaml
from .registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A recipe bound to plugins.

    Attributes:
        name: The campaign's name; "" for a recipe that only answers enquiries.
        file: The recipe's file, as it was named.
        text: The recipe as it was.
        hash: SHA-256 of that text, in hex.
        variants: By name, the recipe as it is for that variant; without an experiment there is
            one, named None.
    """

    name: str
    file: str
    text: str
    hash: str
    variants: Mapping[str | None, BoundRecipe]

    @property
    def recipe(self) -> Recipe:
        """The recipe of the first variant, for the keys that no variant can change."""
        return next(iter(self.variants.values())).recipe

    @property
    def plugins(self) -> list[str]:
        """The names of all plugins it needs, reviewers included, each once."""
        return list(
            dict.fromkeys(name for bound in self.variants.values() for name in bound.plugins)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRecipe:
    """What a look at a recipe found: the campaign, or the mistakes (never both)."""

    campaign: Campaign | None
    mistakes: tuple[Mistake, ...]


def check_recipe(
    content: bytes,
    *,
    file: str,
    registry: Registry,
    workspace: Path,
    topics: Iterable[str] | None = None,
) -> CheckedRecipe:
    """Look at a recipe and find every mistake at once.

    Args:
        content: The recipe's bytes.
        file: Its name, for messages.
        registry: The plugins there are.
        workspace: The folder that files in options are relative to.
        topics: Those of the settings; None does not look.
    """
    findings = Findings(file)
    root = read_yaml(content, findings)
    if root is not None and not isinstance(root.value, dict):
        findings.add(root.place, "a recipe is a mapping (key: value); begin with 'campaign: NAME'")
        root = None
    variants = (
        {}
        if root is None
        else _bind_variants(
            root, registry, findings, workspace, None if topics is None else tuple(topics)
        )
    )
    if findings:
        return CheckedRecipe(campaign=None, mistakes=findings.sorted())
    text = content.decode("utf-8-sig")
    campaign = Campaign(
        name=next(iter(variants.values())).recipe.campaign or "",
        file=file,
        text=text,
        hash=hashlib.sha256(content).hexdigest(),
        variants=variants,
    )
    return CheckedRecipe(campaign=campaign, mistakes=())


def load_campaign(
    path: Path, *, registry: Registry, workspace: Path, topics: Iterable[str] | None = None
) -> Campaign:
    """Load a recipe that is to be used.

    Args:
        path: Its file.
        registry: The plugins there are.
        workspace: The folder that files in options are relative to.
        topics: Those of the settings; None does not look.

    Raises:
        RecipeError: The file cannot be read or has mistakes; all of them are in `mistakes`.
        EnvironmentMissing: The recipe is right, but a plugin or reviewer that it needs did not
            load; nothing fails open.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RecipeError(f"{path}: {error.strerror or error}") from None
    checked = check_recipe(
        content, file=str(path), registry=registry, workspace=workspace, topics=topics
    )
    mistakes = checked.mistakes
    if checked.campaign is not None:
        mistakes = tuple(find_overlaps(checked.campaign, path))
        if not mistakes:
            return checked.campaign
    if all(mistake.missing for mistake in mistakes):
        raise EnvironmentMissing(
            "\n".join(str(mistake) for mistake in mistakes),
            hint="'ballyhoo plugins' lists what is installed and what failed",
        )
    raise RecipeError("\n".join(str(mistake) for mistake in mistakes), mistakes=mistakes)


def require_plugins(campaign: Campaign, registry: Registry) -> None:
    """Refuse to go on when a plugin or reviewer that the campaign needs is not there.

    What starts a run calls this, also where a campaign was loaded on another machine.

    Raises:
        EnvironmentMissing: One or more are not installed or did not load; all are named.
    """
    lacking: dict[str, str] = {}
    for bound in campaign.variants.values():
        needed = [*bound.stages.items(), *(("review", one) for one in bound.reviewers)]
        for hook, binding in needed:
            try:
                registry.require(binding.plugin, hook)
            except BallyhooError as error:
                lacking[binding.plugin] = error.message
    if lacking:
        raise EnvironmentMissing(
            f"the campaign '{campaign.name}' cannot start: {'; '.join(lacking.values())}",
            hint="'ballyhoo plugins' lists what is installed and what failed",
        )


def _bind_variants(
    root: Node,
    registry: Registry,
    findings: Findings,
    workspace: Path,
    topics: tuple[str, ...] | None,
) -> dict[str | None, BoundRecipe]:
    binder = Binder(registry, findings, workspace)
    bound: dict[str | None, BoundRecipe] = {}
    for name, merged in read_variants(repair_recipe(root, findings), findings).items():
        bound[name], mended = binder.bind(merged)
        channel = _ask_channel(bound[name], mended, registry, findings)
        check_rules(
            Case(
                recipe=bound[name].recipe,
                root=mended,
                findings=findings,
                # Of a reply, whoever answers knows the fields.
                channel=None if is_for_enquiries(set(mended.mapping)) else channel,
                written=_list_written(bound[name], registry),
                topics=topics,
            )
        )
    return bound


def _list_written(bound: BoundRecipe, registry: Registry) -> tuple[str, ...]:
    """Return the generator's keys whose values are copy that a person wrote."""
    binding = bound.stages.get("generate")
    record = None if binding is None else registry.find(binding.plugin)
    return () if record is None else tuple(find_written(record.options.get("generate")))


def _ask_channel(
    bound: BoundRecipe, root: Node, registry: Registry, findings: Findings
) -> Channel | None:
    deliver = bound.stages.get("deliver")
    if deliver is None:
        return None
    try:
        declared = registry.call(deliver.plugin, "channel")
    except BallyhooError as error:
        findings.add(root.key_places["deliver"], error.message, ("deliver",), missing=True)
        return None
    if not isinstance(declared, Channel):
        said = f"the plugin '{deliver.plugin}' declares no channel"
        findings.add(root.key_places["deliver"], said, ("deliver",), missing=True)
        return None
    return declared
