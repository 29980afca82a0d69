"""The chat page: framed by the shop's pages alone, text stays text, and a question is answered."""

from __future__ import annotations

import json
import re

import pytest

from ballyhoo.core.web.chat_words import CHAT_WORDS

from .site import PAGES, Site


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
