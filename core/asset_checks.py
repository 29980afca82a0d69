"""Finds assets that templates and the brand name, and that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .assets import Assets, describe_missing, is_asset, load_assets
from .finding import Finding
from .mistakes import Mistake
from .options import Template

if TYPE_CHECKING:
    from .campaign import Campaign
    from .settings import Settings
    from .workspace import Workspace

_CALL = re.compile(r"\{[{%][^}]*?\basset\(\s*(?:\"([^\"\n]*)\"|'([^'\n]*)')\s*\)")


def find_missing_assets(campaign: Campaign, assets: Assets) -> list[Mistake]:
    """Return a mistake for each asset that a template of a campaign names and that is not there.

    Args:
        campaign: As it was checked.
        assets: Those of the brand.
    """
    templates: dict[str, Template] = {}
    for bound in campaign.variants.values():
        for binding in bound.stages.values():
            options = binding.options
            for name in () if options is None else type(options).model_fields:
                value = getattr(options, name)
                if isinstance(value, Template):
                    templates[value.name] = value
    return [
        mistake
        for name, template in sorted(templates.items())
        for mistake in _look_into(name, template.text, assets)
    ]


def look_at_assets(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with the folder of assets, and with a logo that is none of them."""
    brand = settings.brand
    assets = load_assets(workspace.folder, brand)
    for problem in assets.problems:
        yield Finding(what="asset", ok=False, hint=problem)
    if is_asset(brand.logo) and brand.logo not in assets.found:
        hint = describe_missing(brand.logo, assets.found)
        yield Finding(what="brand.logo", ok=False, hint=hint)
    if assets.found:
        hint = f"{len(assets.found)} in {brand.assets}"
        if not settings.base_url:
            hint += "; base_url is not set, so messages would hold them themselves"
        yield Finding(what="assets", ok=bool(settings.base_url), hint=hint)


def _look_into(name: str, text: str, assets: Assets) -> Iterator[Mistake]:
    for found in _CALL.finditer(text):
        group = 1 if found[1] is not None else 2
        wanted, at = found[group], found.start(group)
        if wanted not in assets.found:
            yield Mistake(
                file=f"templates/{name}",
                line=text.count("\n", 0, at) + 1,
                column=at - text.rfind("\n", 0, at),
                path="",
                message=describe_missing(wanted, assets.found),
            )
