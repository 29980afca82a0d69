"""What the shop offers people to choose: topics, how often at most, languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from .recipe.values import parse_duration, parse_name, refuse, write_duration
from .setting_block import Block

LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
_FREQUENCY = re.compile(r"([1-9]\d{0,2}) per (\S+)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency:
    """At most so many messages in a time.

    Attributes:
        messages: How many.
        per: In which time.
    """

    messages: int
    per: timedelta

    def __str__(self) -> str:
        return f"{self.messages} per {write_duration(self.per)}"


def parse_frequency(text: str) -> Frequency:
    """Read `1 per 7d`; raise ValueError otherwise."""
    found = _FREQUENCY.fullmatch(text)
    if found is None:
        raise ValueError("a frequency such as '1 per 7d'")
    return Frequency(messages=int(found[1]), per=parse_duration(found[2]))


def _check_frequency(text: str) -> str:
    try:
        parse_frequency(text)
    except ValueError as error:
        raise refuse(f"must be {error}") from None
    return text


def _check_topic(name: str) -> str:
    try:
        return parse_name(name)
    except ValueError as error:
        raise refuse(f"must be {error}") from None


Language = Annotated[str, StringConstraints(pattern=LANGUAGE_PATTERN, max_length=35)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Preferences(Block):
    """What people may choose on the page that messages link to."""

    topics: dict[Annotated[str, AfterValidator(_check_topic)], dict[Language, Label]] = Field(
        default_factory=dict,
        description="What campaigns are about (`policy.topic`), with a label for each language.",
    )
    frequencies: list[Annotated[str, AfterValidator(_check_frequency)]] = Field(
        default=["1 per 7d", "1 per 30d"],
        description="How often at most somebody may choose to be written to.",
    )
    languages: list[Language] = Field(
        default_factory=list,
        description="Languages that messages come in; those of the pages when empty.",
    )

    def list_frequencies(self) -> list[Frequency]:
        """Return the frequencies that are offered, each once."""
        return list(dict.fromkeys(parse_frequency(one) for one in self.frequencies))

    def find_label(self, topic: str, language: str) -> tuple[str, str]:
        """Return what a topic is called in a language, or in the first one that has a label.

        Returns:
            The label and the language that it is in; empty where that is not known.
        """
        labels = self.topics.get(topic, {})
        for one in (language, language.partition("-")[0], *labels):
            if one in labels:
                return labels[one], one
        return topic, ""
