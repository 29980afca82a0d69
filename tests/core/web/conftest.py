"""The tests of the web app play in the engine's shop."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from ballyhoo.core.settings import load_settings
from ballyhoo.core.web.app import make_app

from ..conftest import KEY
from ..engine.conftest import shop
from ..engine.shop import Shop
from .site import BASE, IDENTITY, PAGES, SECRET, Site

__all__ = ["shop"]


@pytest.fixture
def site(shop: Shop, database_url: str) -> Iterator[Site]:
    (shop.folder / "ballyhoo.toml").write_text(
        f'assignment_key = "an assignment key of tests"\nsecret_key = "a signing key"\n'
        f'suppression_key = {json.dumps(KEY)}\nbase_url = "{BASE}"\n'
        f"database_url = {json.dumps(database_url)}\n"
        '[brand]\nname = "Fernpfad"\nlegal_address = "1 High Street"\n'
        '[preferences.topics]\nsale = {en = "Sales", de = "Angebote"}\nnews = {en = "New things"}\n'
        f'[serve]\napi_keys = ["a key of the shop"]\nwebhook_secrets = ["{SECRET}"]\n'
        f'identity_secrets = ["{IDENTITY}"]\nsite_keys = {{pk_shop = ["{PAGES}"]}}\n'
    )
    shop.workspace.__dict__.pop("settings", None)
    shop.engine.settings = load_settings(shop.folder)
    with TestClient(make_app(shop.workspace, clock=shop.clock)) as client:
        yield Site(shop, client)
