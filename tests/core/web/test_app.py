"""Links of real messages, asked as browsers, mail programs and scanners ask them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from ballyhoo.core.links import SignedLinks
from ballyhoo.core.store.rows import ConsentRow
from ballyhoo.core.store.tables import events, message_events, messages, standings
from ballyhoo.core.tokens import Tokens
from ballyhoo.core.web.app import make_app

from ..engine.shop import make_recipe
from .site import BASE, BROWSER, MAIL, TRACKED, Site


def send(site: Site, *names: str, **deliver: Any) -> Any:
    yes = (ConsentRow("email", True, 1), ConsentRow("tracking", True, 1))
    site.shop.add(*names, consents=yes)
    recipe = make_recipe(deliver={**MAIL, **TRACKED, **deliver})
    run = site.shop.run(recipe)
    site.shop.clock.advance(timedelta(minutes=5))
    return run


def find_link(page: str, kind: str) -> str:
    found = re.search(rf'(?:href|src)="({BASE}/{kind}/[^"]+)"', page)
    assert found is not None, page
    return found[1]


def test_a_click_leads_where_the_link_said_and_is_stored(site: Site) -> None:
    run = send(site, "ada")
    answer = site.ask("GET", find_link(site.page_of(run, "ada"), "c"))
    assert answer.status_code == 302
    assert answer.headers["location"] == "https://shop.example/new?a=1&b=2&utm_source=letter"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    (row,) = [one for one in site.rows(message_events) if one.kind == "click"]
    assert "machine" not in row.data
    (event,) = [one for one in site.rows(events) if one.type == "click"]
    assert event.customer_id == site.shop.find("ada")


def test_an_open_is_stored_and_answered_by_a_picture(site: Site) -> None:
    run = send(site, "ada")
    answer = site.ask("GET", find_link(site.page_of(run, "ada"), "o"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/gif")
    assert [one.kind for one in site.rows(message_events) if one.kind == "open"] == ["open"]


@pytest.mark.parametrize(
    ("method", "headers", "machine"),
    [
        ("HEAD", {}, "head"),
        ("GET", {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "scanner"),
        ("GET", {"sec-purpose": "prefetch;prerender"}, "prefetch"),
        ("GET", {"user-agent": ""}, "no_agent"),
    ],
)
def test_what_no_person_does_is_marked_and_not_told_of_her(
    site: Site, method: str, headers: dict[str, str], machine: str
) -> None:
    run = send(site, "ada")
    link = find_link(site.page_of(run, "ada"), "c")
    assert site.ask(method, link, headers=headers).status_code == 302
    (row,) = [one for one in site.rows(message_events) if one.kind == "click"]
    assert row.data["machine"] == machine
    assert [one for one in site.rows(events) if one.type == "click"] == []


def test_a_click_from_a_network_of_scanners_is_a_machines(site: Site) -> None:
    link = find_link(site.page_of(send(site, "ada"), "ada"), "c").removeprefix(BASE)
    with (site.shop.folder / "ballyhoo.toml").open("a") as file:
        file.write('[tracking]\nscanner_networks = ["2001:db8:1::/48"]\n')
    site.shop.workspace.__dict__.pop("settings", None)
    app = make_app(site.shop.workspace, clock=site.shop.clock, proxies=1)
    with TestClient(app, headers=BROWSER, follow_redirects=False) as client:
        for address in ("67.231.144.9", "2001:db8:1:2::3", "192.0.2.7", "not an address"):
            site.shop.clock.advance(timedelta(minutes=1))
            assert client.get(link, headers={"x-forwarded-for": address}).status_code == 302
    clicks = [one for one in site.rows(message_events) if one.kind == "click"]
    assert [one.data.get("machine") for one in clicks] == ["scanner", "scanner", None, None]


def test_a_click_before_anybody_could_read_is_a_machines(site: Site) -> None:
    run = send(site, "ada")
    site.shop.clock.jump(site.shop.clock.now() - timedelta(minutes=5))
    site.ask("GET", find_link(site.page_of(run, "ada"), "c"))
    (row,) = [one for one in site.rows(message_events) if one.kind == "click"]
    assert row.data["machine"] == "too_fast"


def test_who_did_not_agree_is_not_measured(site: Site) -> None:
    site.shop.add("bob")
    run = send(site, "ada")
    page = site.page_of(run, "bob")
    assert f"{BASE}/c/" not in page
    assert f"{BASE}/o/" not in page
    assert "https://shop.example/new?a=1&amp;b=2&amp;utm_source=letter" in page


def test_a_recipe_that_measures_nothing_changes_no_link(site: Site) -> None:
    run = send(site, "ada", tracking={})
    page = site.page_of(run, "ada")
    assert 'href="https://shop.example/new?a=1&amp;b=2"' in page
    assert f"{BASE}/o/" not in page


@pytest.mark.parametrize("path", ["/c/x", "/c/W10.x", "/unsubscribe/x", "/o/x.gif"])
def test_an_invented_link_leads_nowhere(site: Site, path: str) -> None:
    answer = site.ask("GET", path)
    assert answer.status_code == (200 if path.startswith("/o/") else 404)
    assert "location" not in answer.headers


def test_a_link_signed_for_another_purpose_leads_nowhere(site: Site) -> None:
    run = send(site, "ada")
    token = find_link(site.page_of(run, "ada"), "c").rpartition("/")[2]
    assert site.ask("GET", f"/unsubscribe/{token}").status_code == 404
    assert site.ask("POST", f"/unsubscribe/{token}").status_code == 404


def test_a_link_to_an_address_that_we_never_kept_leads_nowhere(site: Site) -> None:
    signs = Tokens(("a signing key",))
    assert site.ask("GET", f"/c/{signs.sign_pair('c', 1, 2)}").status_code == 404


def standing_of(site: Site) -> list[bool]:
    with site.shop.store.read() as connection:
        found = select(standings.c.is_given).where(standings.c.channel == "email")
        return list(connection.execute(found).scalars())


def test_one_click_unsubscribes_before_the_next_mark(site: Site) -> None:
    run = send(site, "ada")
    link = find_link(site.page_of(run, "ada"), "unsubscribe")
    body = {"List-Unsubscribe": "One-Click"}
    answer = site.ask("POST", link, data=body, headers={"accept": "*/*", "user-agent": ""})
    assert (answer.status_code, answer.text) == (200, "unsubscribed\n")
    assert "set-cookie" not in answer.headers
    assert standing_of(site) == [False]
    again = site.shop.run(make_recipe("second", deliver=MAIL))
    assert site.shop.receipt(again).skipped == {"no_consent": 1}


def test_looking_at_the_page_changes_nothing_and_its_button_does(site: Site) -> None:
    run = send(site, "ada")
    link = find_link(site.page_of(run, "ada"), "unsubscribe")
    page = site.ask("GET", link, headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert page.status_code == 200
    assert 'lang="zh"' in page.text
    assert "退订" in page.text
    assert standing_of(site) == [True]
    done = site.ask("POST", link, data={"List-Unsubscribe": "One-Click"})
    assert "You are unsubscribed" in done.text
    assert standing_of(site) == [False]


def test_who_says_yes_again_can_say_no_again(site: Site) -> None:
    run = send(site, "ada")
    link = find_link(site.page_of(run, "ada"), "unsubscribe")
    site.ask("POST", link)
    site.shop.clock.advance(timedelta(days=1))
    later = int(site.shop.clock.now().timestamp() * 1000)
    site.shop.add("ada", consents=(ConsentRow("email", True, later),))
    assert standing_of(site) == [True]
    site.shop.clock.advance(timedelta(minutes=1))
    site.ask("POST", link)
    assert standing_of(site) == [False]


def test_pages_may_load_nothing_and_run_nothing(site: Site) -> None:
    answer = site.ask("GET", "/unsubscribe/<script>alert(1)")
    assert answer.status_code == 404
    assert "<script" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_body_that_is_too_large_is_refused(site: Site) -> None:
    run = send(site, "ada")
    link = find_link(site.page_of(run, "ada"), "unsubscribe")
    assert site.ask("POST", link, content=b"x" * 1_000_001).status_code in (200, 413)


def test_health_is_that_of_the_database(site: Site) -> None:
    assert site.ask("GET", "/healthz").json() == {"ok": True}


def test_an_unknown_message_that_is_clicked_was_out(site: Site) -> None:
    run = send(site, "ada")
    link = find_link(site.page_of(run, "ada"), "c")
    with site.shop.store.begin() as connection:
        connection.execute(messages.update().values(state="unknown", unknowns=1))
    site.ask("GET", link)
    assert site.shop.receipt(run).states == {"sent": 1}


def test_links_of_before_a_new_signing_key_still_work(site: Site) -> None:
    old = SignedLinks(BASE, Tokens(("an older key",)), b"x")
    tokens = Tokens(("a new key", "an older key"))
    assert tokens.read_pair("c", old.tokens.sign_pair("c", 5, 7)) == (5, 7)
