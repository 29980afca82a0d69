"""The knowledge base of the sample shop, and what its customers asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from importlib.resources import files
from random import Random

from .assortment import read_yaml_file
from .shop import SampleShop

ASKED_DAYS = 90
KNOWN_SHARE = 0.7
"""Of those who ask; the others wrote without logging in."""


def write_articles() -> str:
    """Return the file of articles."""
    return (files(__package__) / "articles.yaml").read_text(encoding="utf-8")


def list_enquiries(shop: SampleShop, seed: int) -> Iterator[dict[str, str]]:
    """Yield what was asked within the last months, each with what a person says was wanted."""
    random = Random(f"{seed} enquiries")
    asked = [
        (language, intent, text)
        for language, intents in read_yaml_file("enquiries.yaml").items()
        for intent, texts in intents.items()
        for text in texts
    ]
    random.shuffle(asked)
    speakers = {language: [] for language in ("en", "de", "zh")}  # type: dict[str, list[str]]
    for person in shop.people:
        if person.language in speakers and person.joined_at < shop.ends_at:
            speakers[person.language].append(person.key)
    for number, (language, intent, text) in enumerate(asked, start=1):
        at = shop.ends_at - timedelta(days=ASKED_DAYS * (1 - number / (len(asked) + 1)))
        has_key = bool(speakers[language]) and random.random() < KNOWN_SHARE
        yield {
            "id": f"Q-{number}",
            "customer": random.choice(speakers[language]) if has_key else "",
            "text": text,
            "language": language,
            "intent": intent,
            "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
