"""The chat page: framed by the shop's pages alone, text stays text, and a question is answered."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ballyhoo import Reply
from ballyhoo.core.web.app import make_app
from ballyhoo.core.web.chat_words import CHAT_WORDS
from ballyhoo.core.web.sites import sign_identity

from ...browser import read_dom_at
from ..answering.clerk import RECIPE, Clerk
from ..engine.shop import Shop
from .serving import serve_app
from .site import IDENTITY, PAGES, Site


def test_page_may_be_framed_by_the_shops_sites_alone(site: Site) -> None:
    page = site.ask("GET", "/chat")
    policy = page.headers["content-security-policy"]
    assert f"frame-ancestors 'self' {PAGES}" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("language", CHAT_WORDS)
def test_page_speaks_the_visitors_language_and_is_labelled(site: Site, language: str) -> None:
    page = site.ask("GET", f"/chat?language={language}").text
    words = CHAT_WORDS[language]
    assert f'<html lang="{language}">' in page
    for part in ('role="log"', 'aria-live="polite"', '<label for="question"'):
        assert part in page
    assert words["welcome"] in page
    assert words["send"] in page
    assert "Fernpfad" in page
    assert "<script>" not in page
    assert " style=" not in page
    assert " onclick" not in page


def test_every_language_has_every_word() -> None:
    assert len({frozenset(words) for words in CHAT_WORDS.values()}) == 1


@pytest.mark.parametrize("name", ["chat.js", "chat-page.js", "chat.css"])
def test_files_are_given_once_and_hold_no_way_to_make_markup(site: Site, name: str) -> None:
    answer = site.ask("GET", f"/{name}")
    assert answer.status_code == 200
    again = site.ask("GET", f"/{name}", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", answer.text)


def test_told_data_is_escaped(site: Site) -> None:
    page = site.ask("GET", "/chat").text
    (told,) = re.findall(r'data-words="([^"]*)"', page)
    assert json.loads(told.replace("&#34;", '"').replace("&#39;", "'"))["send"] == "Send"


def test_visitor_asks_in_a_browser_and_text_stays_text(
    shop: Shop, site: Site, tmp_path: Path
) -> None:
    """The page asks what its address says in the fragment, as if somebody had typed it."""
    clerk = Clerk()
    shop.add_plugin("clerk", clerk)
    (shop.folder / "campaigns").mkdir(exist_ok=True)
    (shop.folder / "campaigns/answers.yaml").write_text(RECIPE)
    clerk.answer = lambda one: Reply(
        text="Look at https://shop.example/help, <b>not</b> <img src=x onerror=alert(1)>.",
        confidence=0.9,
    )
    with serve_app(site.client.app) as address:
        page = read_dom_at(f"{address}/chat#Where%20is%20%3Ci%3Eit%3C%2Fi%3E%3F", tmp_path)
    assert [one.text for one in clerk.asked] == ["Where is <i>it</i>?"]
    assert "Where is &lt;i&gt;it&lt;/i&gt;?" in page
    assert 'href="https://shop.example/help"' in page
    assert "&lt;b&gt;not&lt;/b&gt;" in page
    assert "<img src=" not in page
    assert "Did this help?" in page


def test_page_of_the_shop_embeds_it_and_says_who_is_logged_in(
    shop: Shop, site: Site, tmp_path: Path
) -> None:
    clerk = Clerk()
    shop.add_plugin("clerk", clerk)
    (shop.folder / "campaigns").mkdir(exist_ok=True)
    (shop.folder / "campaigns/answers.yaml").write_text(RECIPE)
    shop.add("ada")
    clerk.answer = lambda one: Reply(text="{first_name|Stranger}.", confidence=0.9)
    identity = sign_identity(IDENTITY, "ada", int(time.time()) + 600)
    with serve_pages(identity) as (origin, tell):
        site.allow_pages(origin)
        with (
            TestClient(make_app(shop.workspace, clock=shop.clock)) as client,
            serve_app(client.app) as address,
        ):
            tell(address)
            read_dom_at(f"{origin}/", tmp_path)
    assert [one.customer_id for one in clerk.asked] == [shop.find("ada")]


@contextmanager
def serve_pages(identity: str) -> Iterator[tuple[str, Callable[[str], None]]]:
    """Serve a page of the shop that opens the chat; give its origin, and what tells where it is."""
    where: list[str] = []

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = (
                "<!doctype html><title>Shop</title><body>"
                f'<script src="{where[0]}/chat.js" data-identity="{identity}" '
                'data-question="Who am I?" data-open="yes"></script>'
            )
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", where.append
    server.shutdown()
    server.server_close()
    thread.join()
