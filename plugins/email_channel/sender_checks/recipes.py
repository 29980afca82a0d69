"""Finds from whose addresses the recipes of a workspace write, and by which sender."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Any

MOST_BYTES = 262_144
DEFAULT = "default"
PLUGIN = "email_channel"


def find_from_domains(folder: Path) -> dict[str, list[str]]:
    """Return the domains in From by the sender's name, over all recipes of a workspace.

    A recipe that cannot be read is left out: `ballyhoo check` says what is wrong with it.
    """
    found: dict[str, list[str]] = {}
    for path in sorted((folder / "campaigns").glob("*.yaml")):
        for block in _list_blocks(_load(path)):
            domain = parseaddr(str(block.get("from", "")))[1].rpartition("@")[2].lower()
            if not domain or block.get("plugin", PLUGIN) != PLUGIN:
                continue
            domains = found.setdefault(str(block.get("sender") or DEFAULT), [])
            if _encode(domain) not in domains:
                domains.append(_encode(domain))
    return found


def _encode(domain: str) -> str:
    try:
        return domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return domain


def _load(path: Path) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError, ValueError, RecursionError):
        return None


def _list_blocks(recipe: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(recipe, dict) or not isinstance(recipe.get("deliver"), dict):
        return
    yield recipe["deliver"]
    experiment = recipe.get("experiment")
    variants = experiment.get("variants") if isinstance(experiment, dict) else None
    for variant in variants.values() if isinstance(variants, dict) else ():
        changed = variant.get("deliver") if isinstance(variant, dict) else None
        if isinstance(changed, dict):
            yield {**recipe["deliver"], **changed}
