"""A shop with its web app, as the tests of it ask it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from ..engine.shop import Shop

SECRET = "whsec_YSBzZWNyZXQgb2YgdGVzdHM="
IDENTITY = "a secret of the shop's server"
PAGES = "https://pages.shop.example"
BASE = "https://mail.shop.example"
BROWSER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "accept": "text/html"}
TRACKED = {"tracking": {"clicks": True, "opens": True, "utm": {"source": "letter"}}}
MAIL = {
    "plugin": "email_channel",
    "from": "Fernpfad <news@shop.example>",
    "button": {"text": "Look", "url": "https://shop.example/new?a=1&b=2"},
    "fields": {"subject": "Hello", "body": "Come and look."},
}


class Site:
    """A shop whose messages lie in its outbox, and its web app."""

    def __init__(self, shop: Shop, client: TestClient) -> None:
        self.shop = shop
        self.client = client

    def allow_pages(self, origin: str) -> None:
        """Let pages of this origin tell what visitors do, and no others; for the next app."""
        file = self.shop.folder / "ballyhoo.toml"
        file.write_text(file.read_text().replace(PAGES, origin))
        self.shop.workspace.__dict__.pop("settings", None)

    def ask(self, method: str, url: str, **how: Any) -> Any:
        headers = {**BROWSER, **how.pop("headers", {})}
        path = url.removeprefix(BASE)
        return self.client.request(method, path, headers=headers, follow_redirects=False, **how)

    def page_of(self, run: Any, name: str) -> str:
        """Return the HTML of somebody's message as it left."""
        from email import message_from_bytes, policy

        recipient = self.shop.find(name)
        (path,) = self.shop.folder.glob(f"outbox/{run.id}/*{run.id}-{recipient}.eml")
        part = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(["html"])
        assert part is not None
        return str(part.get_content())

    def rows(self, table: Any) -> list[Any]:
        with self.shop.store.read() as connection:
            return list(connection.execute(select(table).order_by(table.c.id)))

    def rows_of(self, table: Any) -> list[Any]:
        """Return the rows of a table without an id of its own."""
        with self.shop.store.read() as connection:
            return list(connection.execute(select(table)))
