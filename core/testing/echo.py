"""A generator and two reviewers for tests: no model, no surprise, never for customers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from ..brief import Brief, Copy, FieldLimits, Objection, Provenance
from ..context import Context
from ..facts import collect_facts
from ..hooks import hookimpl
from ..options import Options

_WORDS = (
    "amble", "brook", "cairn", "dale", "ember", "fern", "glade", "heath", "inlet", "juniper",
    "knoll", "larch", "meadow", "north", "otter", "path", "quarry", "ridge", "stile", "thaw",
)  # fmt: skip
_LONG_NAME = " ".join(["x" * 10] * 4)
"""Stands for a name that the brief does not know: longer than nearly all names are."""


class EchoOptions(Options):
    """The recipe's `generate` block of the echo generator.

    Attributes:
        voice: How it should sound; its words are written into the copy.
        model: Named in the provenance; there is none.
    """

    voice: str = ""
    model: str | None = None


class Echo:
    """A generator that says back what it was told.

    It writes every field of the brief within its limits, uses only slots that the brief lists, and
    names the variant, the language and the voice where there is room. Words are chosen by the
    brief's seed. It writes no digits, links or markup and no sentence twice, so that the bundled
    reviewer lets it pass where it does not look at the language.
    """

    @hookimpl
    def generate(
        self, context: Context, options: EchoOptions, briefs: Sequence[Brief]
    ) -> list[Copy]:
        """Write the copy of each brief; the same brief gives the same copy."""
        return [_echo(context.plugin, options, brief) for brief in briefs]


def _echo(plugin: str, options: EchoOptions, brief: Brief) -> Copy:
    lengths = collect_facts({}, brief.products, brief.offer, brief.language)
    said = _plain_words(f"{brief.variant or ''} {brief.language} {options.voice}")
    return Copy(
        fields={
            name: _write_field(place, limits, brief, said, lengths)
            for place, (name, limits) in enumerate(brief.fields.items())
        },
        provenance=Provenance(
            generator=plugin,
            model=options.model,
            engine="echo",
            seed=brief.seed,
            prompt_hash=hashlib.sha256(f"{options.voice}\x1f{brief!r}".encode()).hexdigest(),
        ),
    )


def _plain_words(text: str) -> list[str]:
    """Return the words of a text without digits, signs and markup."""
    return re.sub(r"[\W\d_]+", " ", text).split()


def _write_field(
    place: int, limits: FieldLimits, brief: Brief, said: list[str], lengths: Mapping[str, str]
) -> str:
    """Write the words that fit, then fill up to what the field must have at least."""
    digest = hashlib.sha256(str(brief.seed).encode()).digest()
    start = int.from_bytes(digest[:4], "big") + place  # no two fields say the same
    words = [_WORDS[start % len(_WORDS)], *said]
    # A slot may be filled with much or with little: no use where there is a least length.
    if brief.slots and not (limits.min_chars or limits.min_words):
        words.insert(1, f"{{{brief.slots[start % len(brief.slots)]}}}")
    written: list[str] = []
    filled: list[str] = []
    for word in words:
        fact = lengths.get(word.strip("{}"), _LONG_NAME) if word[0] == "{" else word
        if _fits([*filled, fact], limits):
            written.append(word)
            filled.append(fact)
    while not written or _is_short(written, limits):
        start += 1
        written.append(_WORDS[start % len(_WORDS)])
    text = " ".join(written)
    return text if "{" in text else text[: limits.max_chars]


def _fits(words: list[str], limits: FieldLimits) -> bool:
    text = " ".join(words)
    return not (
        (limits.max_chars is not None and len(text) > limits.max_chars)
        or (limits.max_words is not None and len(text.split()) > limits.max_words)
    )


def _is_short(words: list[str], limits: FieldLimits) -> bool:
    text = " ".join(words)
    return len(text) < (limits.min_chars or 0) or len(words) < (limits.min_words or 0)


class NoObjections:
    """A reviewer that objects to nothing. For tests only: it would let anything pass."""

    @hookimpl
    def review(self, brief: Brief, copy: Copy) -> list[Objection]:
        """Let the copy pass."""
        return []


class AlwaysObjects:
    """A reviewer that objects to every copy, to see what a campaign does then."""

    @hookimpl
    def review(self, brief: Brief, copy: Copy) -> list[Objection]:
        """Refuse the copy."""
        return [Objection(rule="always", message="this reviewer objects to everything")]


echo = Echo()
no_objections = NoObjections()
always_objects = AlwaysObjects()
