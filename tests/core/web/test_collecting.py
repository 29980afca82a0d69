"""Pages of the shop tell what visitors do: by a key that anybody may see."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from ballyhoo.core.store.rows import ConsentRow
from ballyhoo.core.store.tables import events
from ballyhoo.core.web.app import make_app
from ballyhoo.core.web.limiting import COLLECTS
from ballyhoo.core.web.sites import Sites, read_identity, read_origin, sign_identity

from ...browser import read_dom_at
from ..engine.shop import make_recipe
from .serving import serve_app
from .site import BASE, IDENTITY, MAIL, PAGES, TRACKED, Site

SESSION = "0123456789abcdef"
YES = (ConsentRow("email", True, 1), ConsentRow("tracking", True, 1))


def send(site: Site, *told: Any, origin: str | None = PAGES, **said: Any) -> Any:
    body = {"key": "pk_shop", "session": SESSION, "events": list(told), **said}
    headers = {"content-type": "text/plain"} | ({"origin": origin} if origin else {})
    return site.ask("POST", "/collect", content=json.dumps(body), headers=headers)


def seen(n: int = 0, **changes: Any) -> dict[str, Any]:
    return {"n": n, "type": "view", "product": "tarn", "ago": 1_000, **changes}


@pytest.fixture
def shelf(site: Site) -> Site:
    site.shop.add("ada", consents=YES)
    site.shop.add_products("tarn")
    return site


def test_views_and_carts_are_stored_each_once_and_unknown_products_counted(shelf: Site) -> None:
    answer = send(shelf, seen(), seen(1, type="cart", quantity=2), seen(2, product="no such"))
    assert (answer.status_code, answer.json()) == (200, {"stored": 2, "unknown": 1})
    assert answer.headers["access-control-allow-origin"] == PAGES
    assert answer.headers["vary"] == "origin"
    assert "access-control-allow-credentials" not in answer.headers
    assert "set-cookie" not in answer.headers
    send(shelf, seen(), seen(1, type="cart", quantity=5))
    rows = shelf.rows(events)
    assert [(one.type, one.quantity, one.customer_id) for one in rows] == [
        ("view", 1, None), ("cart", 2, None),
    ]  # fmt: skip
    assert rows[0].at == int(shelf.shop.clock.now().timestamp() * 1000) - 1_000
    assert rows[0].properties == {"session": SESSION}


def test_pages_of_others_tell_nothing(shelf: Site) -> None:
    for origin in (None, "null", "https://other.example", "http://pages.shop.example"):
        answer = send(shelf, seen(), origin=origin)
        assert answer.status_code == 403
        assert "access-control-allow-origin" not in answer.headers
        asked = shelf.ask("OPTIONS", "/collect", headers={"origin": origin} if origin else {})
        assert asked.status_code == 403
    assert shelf.rows(events) == []


def test_a_browser_that_asks_first_is_told_what_it_may(shelf: Site) -> None:
    answer = shelf.ask("OPTIONS", "/collect", headers={"origin": PAGES})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert answer.headers["access-control-allow-origin"] == PAGES


def test_nothing_but_views_and_carts_of_a_known_key_is_taken(shelf: Site) -> None:
    wrong: list[dict[str, Any]] = [
        {"session": "short"}, {"session": f"{SESSION}\n"}, {"x": 1}, {"events": []},
        {"events": [seen(n) for n in range(51)]}, {"events": [seen(type="purchase")]},
        {"events": [seen(customer="ada")]}, {"events": [seen(quantity=10**9)]},
    ]  # fmt: skip
    for changes in wrong:
        assert send(shelf, seen(), **changes).status_code == 422, changes
    assert send(shelf, seen(), key="another").status_code == 403
    assert shelf.rows(events) == []


def test_who_comes_by_a_tracked_link_is_known_and_nobody_by_a_token_of_her_own(shelf: Site) -> None:
    button = {"text": "Look", "url": f"{PAGES}/new?a=1#top"}
    run = shelf.shop.run(make_recipe(deliver={**MAIL, **TRACKED, "button": button}))
    shelf.shop.clock.advance(timedelta(minutes=5))
    link = re.search(rf'href="({BASE}/c/[^"]+)"', shelf.page_of(run, "ada"))
    assert link is not None
    landed = shelf.ask("GET", link[1]).headers["location"]
    found = re.fullmatch(rf"{PAGES}/new\?a=1&utm_source=letter&bh=([\w.-]+)#top", landed)
    assert found is not None, landed
    assert send(shelf, seen(), visit=found[1]).status_code == 200
    send(shelf, seen(1), visit=found[1] + "x")
    send(shelf, seen(2), visit=link[1].rpartition("/")[2])
    shelf.shop.add("ada", consents=(ConsentRow("tracking", False, 2_000_000_000_000),))
    send(shelf, seen(3), visit=found[1])
    shelf.shop.add("ada", consents=(ConsentRow("tracking", True, 2_000_000_000_001),))
    shelf.shop.clock.advance(timedelta(days=31))
    send(shelf, seen(4), visit=found[1])
    told = [one.customer_id for one in shelf.rows(events) if one.type == "view"]
    assert told == [shelf.shop.find("ada"), None, None, None, None]


def test_who_the_shop_signs_for_is_known_until_it_ends(shelf: Site) -> None:
    now = int(time.time())
    for n, identity in enumerate(
        [sign_identity(IDENTITY, "ada", now + 60), sign_identity(IDENTITY, "ada", now - 60),
         sign_identity("another", "ada", now + 60), sign_identity(IDENTITY, "nobody", now + 60)]
    ):  # fmt: skip
        assert send(shelf, seen(n), identity=identity).json() == {"stored": 1, "unknown": 0}
    ada = shelf.shop.find("ada")
    assert [one.customer_id for one in shelf.rows(events)] == [ada, None, None, None]


@given(st.text(max_size=40), st.lists(st.text(max_size=12), max_size=5).map(".".join))
def test_no_identity_that_is_made_up_is_believed(customer: str, invented: str) -> None:
    assert read_identity(invented, [IDENTITY, ""], now=1.0) is None
    signed = sign_identity(IDENTITY, customer.encode("utf-8", "replace").decode(), 5)
    assert read_identity(signed, [IDENTITY], now=1.0) is not None
    assert read_identity(signed, [IDENTITY], now=6.0) is None
    assert read_identity(signed[:-1], [IDENTITY], now=1.0) is None


def test_links_to_elsewhere_carry_nothing(shelf: Site) -> None:
    tokens = shelf.client.app.state.service.links.tokens  # type: ignore[attr-defined]
    sites = Sites({"pk": [PAGES]}, tokens)
    for url in ("https://other.example/", f"{PAGES}.evil.example/", "https://pages@evil.example/"):
        assert sites.add_visit(url, 1, 1) == url
    assert sites.add_visit(f"{PAGES}:443/a", 1, 1).startswith(f"{PAGES}:443/a?bh=")
    assert read_origin("https://[::1]:8443/x") == "https://[::1]:8443"


def test_too_many_from_one_address_are_told_when_to_come_back(shelf: Site) -> None:
    answers = iter(lambda: send(shelf), None)
    many = list(takewhile(lambda one: one.status_code == 422, answers))
    assert len(many) >= COLLECTS.at_once
    answer = send(shelf, seen(1))
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


def test_the_script_is_small_and_kept_by_browsers(site: Site) -> None:
    script = site.ask("GET", "/site.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "max-age" in script.headers["cache-control"]
    assert len(script.content) < 2_048
    again = site.ask("GET", "/site.js", headers={"if-none-match": script.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


PAGE = """<!doctype html><title>Shop</title>
<script>
  ballyhoo = window.ballyhoo || [];
  %s
</script>
<script defer src="%s/site.js" data-key="pk_shop"></script>
<p id="said"></p>
<script>
  addEventListener("load", function () {
    ballyhoo.push(["cart", "tarn", 3]);
    document.getElementById("said").textContent = location.search + "|" + document.cookie;
  });
</script>"""


@contextmanager
def open_pages(script_at: list[str]) -> Iterator[str]:
    """Serve pages of a shop; `/agreed` is one whose visitor agreed."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            does = 'ballyhoo.push(["agree"]);' if "agreed" in self.path else ""
            body = (PAGE % (f'ballyhoo.push(["view", "tarn"]); {does}', script_at[0])).encode()
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_real_browser_tells_what_its_visitor_did(shelf: Site, tmp_path: Path) -> None:
    base: list[str] = []
    with open_pages(base) as pages:
        shelf.allow_pages(pages)
        app = make_app(shelf.shop.workspace, clock=shelf.shop.clock)
        with TestClient(app), serve_app(app) as address:
            base.append(address)
            page = read_dom_at(f"{pages}/shoes?a=1&bh=a.b", tmp_path)
            assert '<p id="said">?a=1|</p>' in page
            page = read_dom_at(f"{pages}/agreed?bh=x;y", tmp_path)
            assert re.search(r'<p id="said">\?bh=x;y\|ballyhoo=[0-9a-f]{32}~</p>', page)
    told = [(one.type, one.quantity) for one in shelf.rows(events)]
    assert sorted(told) == [("cart", 3), ("cart", 3), ("view", 1), ("view", 1)]
    assert len({one.properties["session"] for one in shelf.rows(events)}) == 2
