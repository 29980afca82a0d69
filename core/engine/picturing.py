"""Gives messages the brand's assets: by an address that is served, or in the page itself."""

from __future__ import annotations

from collections.abc import Mapping

from ..assets import ASSET, is_asset, load_assets, look_up
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


def address_assets(engine: Engine, files: Mapping[str, str]) -> dict[str, str]:
    """Return the address of each asset; the asset itself where there is no `base_url`.

    Args:
        engine: The engine.
        files: What `publish_brand` returned.
    """
    base = engine.settings.base_url.rstrip("/")
    if not base:
        return inline_assets(engine)
    return {name: f"{base}/{ASSET}/{file}" for name, file in files.items()}


def inline_assets(engine: Engine) -> dict[str, str]:
    """Return for each asset an address that holds it, for previews and files."""
    found = load_assets(engine.folder, engine.settings.brand).found
    return {name: one.write_inline() for name, one in found.items()}
