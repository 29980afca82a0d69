"""A generator without a model: copy that a person wrote, with slots, per language.

It is the baseline that a model must beat, and usable as one variant beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import Field

from ballyhoo import (
    Brief,
    Context,
    Copy,
    DataError,
    Options,
    Provenance,
    WrittenTexts,
    find_slots,
    hookimpl,
)


class WrittenOptions(Options):
    """The recipe's `generate` block.

    Attributes:
        texts: Text by field, or such texts by language.
    """

    texts: WrittenTexts = Field(min_length=1, description="Text by field, or that by language.")


@hookimpl
def generate(context: Context, options: WrittenOptions, briefs: Sequence[Brief]) -> list[Copy]:
    """Take the texts of each brief's language.

    A copy without fields says that there are none in it: it is refused, and the fallback is next.
    """
    return [
        Copy(
            fields=write_fields(choose_texts(options.texts, brief.language), brief),
            provenance=Provenance(generator=context.plugin, engine="by hand", seed=brief.seed),
        )
        for brief in briefs
    ]


def choose_texts(texts: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """Return the texts of a language, else of its base language; none when there are none."""
    if not all(isinstance(one, Mapping) for one in texts.values()):
        return texts
    found: Mapping[str, Any] = texts.get(language) or texts.get(language.partition("-")[0]) or {}
    return found


def write_fields(texts: Mapping[str, Any], brief: Brief) -> dict[str, str]:
    """Return the texts of the fields that a brief asks for."""
    return {
        name: fill_defaults(str(texts[name]), brief.slots) for name in brief.fields if name in texts
    }


def fill_defaults(text: str, slots: Collection[str]) -> str:
    """Replace each slot that has no value for this recipient by its default, if it has one."""
    parts: list[str] = []
    at = 0
    try:
        for slot in find_slots(text):
            if slot.default is not None and slot.name not in slots:
                parts += [text[at : slot.start], slot.default]
                at = slot.end
    except DataError:
        return text  # the core says what is wrong with it
    return "".join([*parts, text[at:]])
