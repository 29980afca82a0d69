"""Finds in the bytes of a message what a person should know before it is sent to many."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..html_reading import HtmlPart
from ..letter import Letter

MOST_HTML_BYTES = 102_000
"""Gmail shows no more of a message, and hides the unsubscribe link with the rest."""
LONG_SUBJECT = 60
"""A phone shows no more characters of a subject."""

_UNFILLED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{[a-z_]+(?:\.[a-z0-9_]+)*(?:\|[^{}]*)?\}")
_ADDRESS = re.compile(r"<(https?:[^>\s]+)>")
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something to know, and the numbers of the messages that it is about."""

    warning: str
    messages: tuple[int, ...]


def find_warnings(letter: Letter) -> list[str]:
    """Return what is wrong with a message, for a person; nothing of her stands in it."""
    return [*_look_at_words(letter), *(_look_at_email(letter) if letter.is_email else ())]


def list_warnings(warned: Iterable[tuple[int, Iterable[str]]]) -> list[Warned]:
    """Return each warning once, with the messages it is about; as they came.

    Args:
        warned: The number of each message, and its warnings.
    """
    found: dict[str, list[int]] = {}
    for number, warnings in warned:
        for one in warnings:
            found.setdefault(one, []).append(number)
    return [Warned(warning=one, messages=tuple(numbers)) for one, numbers in found.items()]


def _look_at_words(letter: Letter) -> Iterator[str]:
    opening = letter.part.opening if letter.part is not None else ""
    texts = (letter.subject, letter.preheader, letter.text or "", opening)
    unfilled = next((found[0] for text in texts if (found := _UNFILLED.search(text))), None)
    if unfilled is not None:
        yield f"'{_shorten(unfilled)}' looks like something that was to be filled in"


def _look_at_email(letter: Letter) -> Iterator[str]:
    if not letter.subject:
        yield "the subject is empty"
    elif len(letter.subject) > LONG_SUBJECT:
        yield f"the subject is longer than {LONG_SUBJECT} characters; phones cut it"
    if letter.html_size > MOST_HTML_BYTES:
        yield "the HTML part has more than 102 kB; Gmail hides the rest, the unsubscribe link too"
    yield from _look_at_ways_out(letter)
    if letter.part is None:
        yield "there is no HTML part"
        return
    if letter.text is None:
        yield "there is no text part; filters of spam look for one"
    if not letter.part.preheader:
        yield "there is no preheader; an inbox shows the first words of the message instead"
    yield from _look_at_addresses(letter.part)


def _look_at_ways_out(letter: Letter) -> Iterator[str]:
    named = _ADDRESS.search(letter.find_field("List-Unsubscribe"))
    if named is None:
        yield "the head has no List-Unsubscribe; large mail services ask for it"
        return
    address = named[1]
    if letter.part is not None and not any(url == address for url, _ in letter.part.links):
        yield "the HTML part has no link to unsubscribe"
    if letter.text is not None and address not in letter.text:
        yield "the text part has no link to unsubscribe"


def _look_at_addresses(part: HtmlPart) -> Iterator[str]:
    for url, alt in part.pictures:
        if alt is None:
            yield f"a picture has no alternative text (alt): {_shorten(url)}"
    urls = [*(url for url, _ in part.links), *(url for url, _ in part.pictures)]
    for url in dict.fromkeys(urls):
        if url.lower().startswith("http:"):
            yield f"not https: {_shorten(url)}"


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."
