"""What the pages say of templates is what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ballyhoo import Brand, BriefedProduct, Offer
from ballyhoo.core.template_meter import MAX_CHARS, MAX_CPU_SECONDS, MAX_STEPS
from ballyhoo.core.template_sandbox import FILTERS
from ballyhoo.plugins.email_channel.layout import laying
from ballyhoo.plugins.email_channel.layout.colours import LIGHT
from ballyhoo.plugins.email_channel.layout.facts import collect_template_facts, describe_brand
from ballyhoo.plugins.email_channel.layout.inspecting import SCHEMES
from ballyhoo.plugins.email_channel.layout.words import WORDS
from ballyhoo.plugins.email_channel.options import EmailOptions
from ballyhoo.testing import sample_messages, sample_products

from .pages import Page, Section
from .test_reference import read_table

OPTIONS = {
    "from": "news@shop.example",
    "hero": {"image": "https://shop.example/a.jpg", "alt": "A path", "url": "https://shop.example"},
    "button": {"text": "Look", "url": "https://shop.example"},
}
KEPT_WHOLE = {"words", "brand.colours"}
"""Mappings whose entries are a set of their own, told in words."""


def section_of(page: Page, title: str) -> Section:
    return page.below(title)[0]


def list_facts() -> set[str]:
    """Every name that the facts of a full message have."""
    message = replace(
        sample_messages(1)[0],
        fields={"subject": "s", "preheader": "p", "headline": "h", "body": "b"},
        products=(BriefedProduct(product=sample_products(1)[0]),),
        offer=Offer(code="SPRING", discount="20%"),
    )
    options = EmailOptions.model_validate(OPTIONS)
    brand = describe_brand(Brand(), {"accent": "#000000"})
    facts, _ = collect_template_facts(
        message, options, brand, {"unsubscribe_url": "u", "preferences_url": "p"}, str, tuple
    )
    return set(walk("", facts))


def walk(path: str, facts: dict[str, Any]) -> Iterator[str]:
    for name, value in facts.items():
        own = f"{path}{name}"
        yield own
        if name == "products":
            yield from walk("products[].", value[0])
        elif isinstance(value, dict) and own not in KEPT_WHOLE and name != "product":
            yield from walk(f"{own}.", value)


def test_the_table_has_what_a_template_may_name_and_nothing_else(
    reference: dict[str, Page],
) -> None:
    table = read_table(section_of(reference["email"], "What a template may name"))
    told = [name for row in table for name in re.findall(r"`([^`]+)`", row[0])]
    assert len(told) == len(set(told))
    assert set(told) == list_facts() - {"brand"}
    [row] = [one for one in table if one[0] == "`words`"]
    words = set(re.findall(r"`words\.(\w+)`", row[1]))
    assert words <= set(WORDS["en"])
    assert not any(name.endswith("_from") for name in words)


def test_the_filters_are_those_that_there_are(reference: dict[str, Page]) -> None:
    text = section_of(reference["email"], "What a template may do").text
    told = re.findall(r"`(\w+)`", text.partition("Filters:")[2].partition(". Loops")[0])
    assert told == FILTERS


def test_what_is_refused_is_told_as_it_is(reference: dict[str, Page]) -> None:
    text = section_of(reference["email"], "What is refused").text
    assert f"{MAX_STEPS:,} steps, {MAX_CPU_SECONDS:g} seconds or a million characters" in text
    assert MAX_CHARS == 1_000_000
    [told] = re.findall(r"is not ([a-z, ]+ or [a-z]+) in", text)
    assert set(re.split(r", | or ", told)) == SCHEMES
    warned = section_of(reference["email"], "What is warned about").text
    assert f"more than {laying.MOST_HTML_BYTES // 1000} kB" in warned


def test_the_blocks_and_colours_are_those_of_the_layout(pages: dict[str, Page]) -> None:
    page = pages["docs/how-to/write-a-template.md"]
    source = laying._read("layout.html.j2")
    text = section_of(page, "Change a part of it").text
    told = re.findall(r"`(\w+)`", text.partition("writes itself:")[2].partition(". Around")[0])
    assert sorted(told) == sorted(re.findall(r"{% block (\w+) %}", source))
    colours = section_of(page, "The built-in layout").text.partition("are used:")[2]
    assert set(re.findall(r"`(\w+)`", colours.partition(". The others")[0])) == set(LIGHT)
