"""Somebody chooses what she gets, from a link in her message; it holds before the next mark."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from ballyhoo.core.store.export import describe_customer
from ballyhoo.core.store.rows import ConsentRow
from ballyhoo.core.store.tables import (
    addresses,
    audit,
    customers,
    declined_topics,
    messages,
    preferences,
)
from ballyhoo.core.web.page_colours import DARK_PAPER, PAPER, choose_accents, measure_contrast
from ballyhoo.core.web.page_words import WORDS, find_words

from ..engine.shop import listed, make_recipe
from .site import BASE, MAIL, Site
from .test_app import send, standing_of

YES = (ConsentRow("email", True, 1),)


class Page:
    """The page of preferences of somebody who got a message, as her browser has it."""

    def __init__(self, site: Site, name: str = "ada", *others: str) -> None:
        self.site = site
        run = send(site, name, *others, tracking={})
        found = re.search(rf'href="({BASE}/preferences/[^"]+)"', site.page_of(run, name))
        assert found is not None
        self.url = found[1]

    def open(self, path: str = "", **headers: Any) -> Any:
        return self.site.ask("GET", f"{self.url}{path}", headers=headers)

    def press(self, button: str, path: str = "", page: str | None = None, **fields: Any) -> Any:
        text = self.open(path).text if page is None else page
        found = re.search(r'name="form" value="([^"]+)"', text)
        assert found is not None
        data = {"form": unescape(found[1]), "do": button, **fields}
        return self.site.ask("POST", f"{self.url}{path}", data=data)


def skipped(site: Site, name: str, **blocks: Any) -> dict[str, int]:
    recipe = make_recipe(name, deliver=MAIL, **blocks)
    return dict(site.shop.receipt(site.shop.run(recipe)).skipped)


def test_looking_at_the_page_changes_nothing(site: Site) -> None:
    page = Page(site)
    shown = page.open()
    assert shown.status_code == 200
    assert "set-cookie" not in shown.headers
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in shown.text
    assert page.open("/erase").status_code == 200
    assert site.ask("HEAD", page.url).status_code == 200
    assert site.rows_of(preferences) == []
    assert standing_of(site) == [True]


def test_a_declined_topic_a_pace_and_a_language_hold_from_now_on(site: Site) -> None:
    page = Page(site)
    answer = page.press(
        "save", shown=["sale", "news"], topic=["news"], often="1 per 1w", language="de"
    )
    assert answer.status_code == 303
    shown = site.ask("GET", f"{BASE}/preferences/{answer.headers['location']}")
    assert "Ihre Auswahl ist gespeichert." in shown.text
    assert 'lang="de"' in shown.text
    assert re.search(r'value="sale">', shown.text)
    assert re.search(r'value="news" checked>', shown.text)
    assert re.search(r'value="1 per 1w" checked>', shown.text)

    assert skipped(site, "second", policy={"topic": "sale"}) == {"topic_declined": 1}
    # The message that led her here counts.
    assert skipped(site, "third", policy={"topic": "news"}) == {"own_frequency": 1}
    site.shop.clock.advance(timedelta(days=8))
    assert skipped(site, "fourth", policy={"topic": "news"}) == {}
    assert skipped(site, "fifth") == {"own_frequency": 1}
    (row,) = [one for one in site.rows(customers) if one.key == "ada"]
    assert row.language == "de"


def test_what_she_chose_outlasts_the_files_of_the_shop(site: Site) -> None:
    page = Page(site)
    page.press("save", language="zh")
    site.shop.add("ada", language="en", first_name="Augusta")
    (row,) = [one for one in site.rows(customers) if one.key == "ada"]
    assert (row.language, row.first_name) == ("zh", "Augusta")


def test_a_pause_holds_for_thirty_days_or_until_she_ends_it(site: Site) -> None:
    page = Page(site)
    page.press("pause")
    assert "End the pause" in page.open().text
    assert skipped(site, "second") == {"on_pause": 1}
    site.shop.clock.advance(timedelta(days=31))
    assert skipped(site, "third") == {}
    page.press("pause")
    page.press("resume")
    assert skipped(site, "fourth") == {}


def test_a_choice_counts_for_messages_that_were_planned_before_it(site: Site) -> None:
    page = Page(site)
    run = site.shop.plan(make_recipe("second", deliver=MAIL))
    page.press("pause")
    site.shop.go_on(run)
    assert site.shop.fates(run) == {"ada": "skipped: on_pause"}


def test_whoever_has_the_same_address_is_not_written_to_in_her_place(site: Site) -> None:
    page = Page(site)
    site.shop.add("bob", consents=YES, email="ada@customers.example")
    page.press("pause")
    assert skipped(site, "second") == {"on_pause": 2}


def test_her_choices_stay_hers_when_her_address_changes(site: Site) -> None:
    page = Page(site)
    page.press("save", shown=["sale"], often="1 per 30d")
    site.shop.add("ada", consents=YES, email="countess@customers.example")
    assert skipped(site, "second", policy={"topic": "sale"}) == {"topic_declined": 1}


def test_unsubscribing_from_all_is_said_and_holds(site: Site) -> None:
    page = Page(site)
    page.press("leave")
    assert standing_of(site) == [False]
    shown = page.open()
    assert "You are unsubscribed from all e-mail of Fernpfad." in shown.text
    assert 'value="leave"' not in shown.text


def test_erasing_takes_two_steps_and_is_that_of_the_command(site: Site) -> None:
    page = Page(site)
    run = site.shop.plan(make_recipe("second", deliver=MAIL))
    page.press("save", shown=["sale", "news"], often="1 per 1w")
    # The form of the other page does not erase.
    answer = site.ask("POST", f"{page.url}/erase", data={"do": "erase", "form": "x"})
    assert answer.status_code == 403
    first = page.open().text
    assert page.press("erase", "/erase", page=first).status_code == 403
    assert [one.key for one in site.rows(customers)] == ["ada"]

    done = page.press("erase", "/erase")
    assert "Your data is erased" in done.text
    assert [one.key for one in site.rows(customers)] == [None]
    assert [one.address for one in site.rows(addresses)] == [None]
    assert site.rows_of(preferences) == site.rows_of(declined_topics) == []
    assert [(one.action, one.actor) for one in site.rows(audit)][-1] == ("customer.erase", "web")
    site.shop.go_on(run)
    assert site.shop.receipt(run).skipped == {"no_address": 1}
    assert "Your data is erased" in page.open().text
    assert "ada" not in str([one._mapping for one in site.rows(messages)])


def test_a_form_that_was_not_shown_for_her_a_short_while_ago_changes_nothing(site: Site) -> None:
    page = Page(site, "ada", "bob")
    text = page.open().text
    run = site.shop.run(make_recipe("second", deliver=MAIL, segment=listed("bob")))
    other = re.search(rf'href="({BASE}/preferences/[^"]+)"', site.page_of(run, "bob"))
    assert other is not None
    of_bob = site.ask("GET", other[1]).text
    assert page.press("pause", page=of_bob).status_code == 403
    site.shop.clock.advance(timedelta(hours=3))
    assert page.press("pause", page=text).status_code == 403
    assert site.ask("POST", page.url, data={"do": "pause"}).status_code == 403
    assert site.ask("POST", page.url, content=b"\xff\xfe").status_code == 403
    assert site.rows_of(preferences) == []


def test_what_the_page_does_not_offer_is_refused(site: Site) -> None:
    page = Page(site)
    assert page.press("save", often="900 per 1d").status_code == 403
    assert page.press("save", language="<b>").status_code == 403
    assert page.press("drop").status_code == 403
    assert page.press("save", shown="no_such_topic").status_code == 303
    assert site.rows_of(declined_topics) == []


def test_the_export_holds_her_choices_and_the_audit_what_changed(site: Site) -> None:
    page = Page(site)
    page.press("save", shown=["sale"], often="1 per 1w", language="de")
    page.press("pause")
    chosen = describe_customer(site.shop.store, "ada")["preferences"]
    assert chosen["declined_topics"] == ["sale"]
    assert (chosen["most_messages"], chosen["within_ms"]) == (1, 7 * 86_400_000)
    assert chosen["paused_until"].startswith("2026-04-01")
    rows = [one for one in site.rows(audit) if one.action == "preferences.change"]
    assert [one.details["changed"] for one in rows] == [
        ["declined", "cap_messages", "cap_ms", "language"], ["paused_until"],
    ]  # fmt: skip


def test_the_page_behind_the_link_to_unsubscribe_leads_to_it(site: Site) -> None:
    run = send(site, "ada", tracking={})
    found = re.search(rf'href="({BASE}/unsubscribe/[^"]+)"', site.page_of(run, "ada"))
    assert found is not None
    page = site.ask("GET", found[1]).text
    link = re.search(r'href="\.\.(/preferences/[^"]+)"', page)
    assert link is not None
    assert site.ask("GET", link[1]).status_code == 200


def test_the_text_part_has_the_link_and_no_click_is_counted_for_it(site: Site) -> None:
    run = send(site, "ada")
    recipient = site.shop.find("ada")
    (path,) = site.shop.folder.glob(f"outbox/{run.id}/*{run.id}-{recipient}.eml")
    raw = path.read_bytes().replace(b"=\r\n", b"").decode()
    assert f"Choose what you get: {BASE}/preferences/" in raw
    assert f"{BASE}/preferences/" in site.page_of(run, "ada")


@pytest.mark.parametrize("accent", [None, "#ffee00", "#000000", "#2f6f4f", "red"])
def test_whatever_the_brand_the_button_and_links_can_be_read(accent: str | None) -> None:
    chosen = choose_accents(accent)
    for prefix, paper in (("", PAPER), ("dark_", DARK_PAPER)):
        assert measure_contrast(chosen[f"{prefix}accent"], paper) >= 4.5
        on = measure_contrast(chosen[f"{prefix}accent"], chosen[f"{prefix}on_accent"])
        assert on >= 4.5


def test_every_word_is_there_in_every_language() -> None:
    known = {language: set(find_words(language)) for language in WORDS}
    assert known["de"] == known["en"] == known["zh"]


def test_choices_of_a_bare_address_are_kept_under_it(site: Site) -> None:
    page = Page(site)
    with site.shop.store.begin() as connection:
        address = connection.execute(select(addresses.c.id)).scalar_one()
        connection.execute(messages.update().values(recipient=-address))
    page.press("pause")
    assert [one.person for one in site.rows_of(preferences)] == [-address]
    page.press("erase", "/erase")
    assert site.rows_of(preferences) == []
    assert [one.address for one in site.rows(addresses)] == ["ada@customers.example"]
