"""Makes the recipe that a simulation runs: the experiment of the real one, and plain messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..campaign import Campaign, check_recipe
from ..errors import DataError
from ..recipe.findings import Findings
from ..recipe.values import parse_duration
from ..recipe.yaml_reader import read_yaml
from ..registry import Registry

KEPT_POLICY = ("quiet_hours", "window", "expires")
"""What of the policy says when messages leave; the rest is about a past that nobody has here."""


def make_stand_in(campaign: Campaign, *, registry: Registry, workspace: Path) -> Campaign:
    """Return the campaign that is simulated in place of another one.

    The whole experiment is kept, and of each variant when its messages leave. Audience, products
    and copy are not: everybody simulated is in the audience, and what a text does to people is said
    by the truth and not by the text. So no model is asked, and nothing has to be trained.

    Args:
        campaign: The recipe as it is.
        registry: The plugins.
        workspace: Its folder.

    Raises:
        DataError: What is left of it cannot be run.
    """
    root = read_yaml(campaign.text.encode(), Findings(campaign.file))
    told: dict[str, Any] = {} if root is None else root.plain()
    if "segment" not in told or "deliver" not in told:
        raise DataError(
            f"{campaign.file} sends nothing: there is nothing to simulate",
            hint="a campaign has a segment and delivers",
        )
    recipe = {
        "campaign": campaign.name,
        "segment": {"where": "consent_email"},
        "deliver": {
            "plugin": "outbox",
            "fields": {"subject": "A simulated message", "body": "Nobody gets it."},
            "tracking": (told["deliver"] or {}).get("tracking") or {},
        },
        "policy": _keep_policy(told),
    }
    experiment = told.get("experiment")
    if experiment:
        variants = {
            name: {"policy": policy} if (policy := _keep_policy(changed or {})) else {}
            for name, changed in (experiment.get("variants") or {}).items()
        }
        recipe["experiment"] = {**experiment, **({"variants": variants} if variants else {})}
    content = json.dumps(recipe, default=str).encode()
    checked = check_recipe(
        content, file=campaign.file, registry=registry, workspace=workspace, topics=None
    )
    if checked.campaign is None:
        said = "; ".join(one.message for one in checked.mistakes)
        raise DataError(f"{campaign.file} cannot be simulated: {said}")
    return checked.campaign


def _keep_policy(told: Mapping[str, Any]) -> dict[str, Any]:
    policy = told.get("policy") or {}
    kept = {name: policy[name] for name in KEPT_POLICY if name in policy}
    if "expires" in kept and not _is_duration(kept["expires"]):
        del kept["expires"]  # a date of the real calendar
    return kept


def _is_duration(value: object) -> bool:
    try:
        parse_duration(str(value))
    except ValueError:
        return False
    return True
