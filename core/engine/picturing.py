"""Gives messages the brand's assets: by an address that is served, or in the page itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from ..assets import ASSET, is_asset, load_assets, look_up
from ..setting_tables import Brand
from ..store.assets import publish_assets
from .engine import Engine


def publish_brand(engine: Engine) -> dict[str, str]:
    """Keep the assets as they are now where they are served from; return their files' names.

    Raises:
        DataError: The logo is an asset that is not there.
    """
    settings = engine.settings
    found = load_assets(engine.folder, settings.brand).found
    logo = settings.brand.logo
    if is_asset(logo) and logo not in found:
        look_up(logo, dict.fromkeys(found, ""))
    if not found:
        return {}
    key = settings.assignment_key.get_secret_value().encode()
    with engine.store.begin() as connection:
        return publish_assets(connection, found.values(), key, now=engine.now)


def address_assets(engine: Engine, files: Mapping[str, str]) -> Mapping[str, str]:
    """Return the address of each asset; the asset itself where there is no `base_url`.

    Args:
        engine: The engine.
        files: What `publish_brand` returned.
    """
    base = engine.settings.base_url.rstrip("/")
    if not base:
        return InlineAssets(engine.folder, engine.settings.brand)
    return {name: f"{base}/{ASSET}/{file}" for name, file in files.items()}


class InlineAssets(Mapping[str, str]):
    """For each asset an address that holds it, for previews and files; read when one is shown.

    Args:
        workspace: The folder that the brand's is relative to.
        brand: How the shop presents itself.
    """

    def __init__(self, workspace: Path, brand: Brand) -> None:
        self._workspace = workspace
        self._brand = brand

    @cached_property
    def _found(self) -> Mapping[str, str]:
        found = load_assets(self._workspace, self._brand).found
        return {name: one.write_inline() for name, one in found.items()}

    def __getitem__(self, name: str) -> str:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
