"""A message asks whether she is satisfied: her click shows the page, her button counts."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from ballyhoo.core.cli.receipts import describe_status
from ballyhoo.core.engine.status import read_status
from ballyhoo.core.errors import DataError
from ballyhoo.core.satisfaction import check_labels, read_answer
from ballyhoo.core.store.tables import events, message_events, messages

from .site import BASE, Site
from .test_app import send

TEMPLATE = (
    "<html><body><p>{{ body }}</p>"
    '{% for one in satisfaction("Bad <1>", "So so", "很好") %}'
    '<a href="{{ one.url }}">{{ one.label }}</a>{% endfor %}'
    '<a href="{{ unsubscribe_url }}">x</a></body></html>'
)


class Asked:
    """A run whose message asks, and its links."""

    def __init__(self, site: Site, *names: str) -> None:
        self.site = site
        folder = site.shop.folder / "templates"
        folder.mkdir(exist_ok=True)
        (folder / "ask.html.j2").write_text(TEMPLATE)
        self.run = send(site, *names, template="ask.html.j2")

    def links(self, name: str) -> list[str]:
        page = self.site.page_of(self.run, name)
        return re.findall(rf'href="({BASE}/s/[^"]+)"', page)

    def press(self, link: str, answer: str) -> Any:
        page = self.site.ask("GET", link)
        found = re.search(r'name="form" value="([^"]+)"', page.text)
        assert found is not None
        data = {"form": unescape(found[1]), "answer": answer}
        return self.site.ask("POST", link, data=data)

    def count(self) -> list[dict[str, Any]]:
        shop = self.site.shop
        status = read_status(shop.store, self.run.id, registry=shop.registry, now=0)
        answers: list[dict[str, Any]] = json.loads(json.dumps(describe_status(status)))[
            "satisfaction"
        ]
        return answers


def answers_of(site: Site) -> list[Any]:
    return [one for one in site.rows(message_events) if one.kind == "satisfaction"]


def test_looking_at_an_answer_counts_nothing_and_the_button_does(site: Site) -> None:
    asked = Asked(site, "ada", "bob")
    bad, _, good = asked.links("ada")
    page = site.ask("GET", good)
    assert page.status_code == 200
    assert re.search(r'value="3" checked><span>很好<', page.text)
    assert "Bad &lt;1&gt;" in page.text
    assert answers_of(site) == []
    assert asked.count() == []

    assert "Thank you" in asked.press(good, "3").text
    (row,) = answers_of(site)
    assert row.data == {"answer": 3, "of": 3, "label": "很好"}
    (event,) = [one for one in site.rows(events) if one.type == "satisfaction"]
    assert event.customer_id == site.shop.find("ada")
    assert event.properties["message"] == row.message_id
    # She thinks again, and says another thing on the page than in the message.
    asked.press(bad, "1")
    asked.press(asked.links("bob")[1], "2")
    assert asked.count() == [
        {"answer": 1, "of": 3, "label": "Bad <1>", "count": 1},
        {"answer": 2, "of": 3, "label": "So so", "count": 1},
    ]


def test_an_answer_needs_a_page_that_was_shown_and_one_of_its_answers(site: Site) -> None:
    asked = Asked(site, "ada")
    (link, *_) = asked.links("ada")
    assert site.ask("POST", link, data={"answer": "1"}).status_code == 403
    assert asked.press(link, "4").status_code == 403
    assert asked.press(link, "²").status_code == 403
    assert site.ask("GET", f"{BASE}/s/x").status_code == 404
    assert site.ask("POST", f"{BASE}/s/x").status_code == 404
    assert answers_of(site) == []


def test_an_answer_shows_that_the_message_was_out(site: Site) -> None:
    asked = Asked(site, "ada")
    with site.shop.store.begin() as connection:
        connection.execute(messages.update().values(state="unknown", unknowns=1))
    asked.press(asked.links("ada")[0], "1")
    assert site.shop.receipt(asked.run).states == {"sent": 1}


@pytest.mark.parametrize(
    "labels", [("Good",), tuple("abcdef"), ("a", "a"), ("a", " "), ("a", "b" * 61)]
)
def test_a_question_has_two_to_five_answers_that_differ(labels: tuple[str, ...]) -> None:
    with pytest.raises(DataError):
        check_labels(labels)


@pytest.mark.parametrize("values", [5, [1], [1, 0, "a", "b"], [1, 3, "a", "b"], [1, 1, 2, 3]])
def test_what_is_signed_and_no_answer_is_none(values: object) -> None:
    assert read_answer(values) is None
