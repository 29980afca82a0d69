"""Puts a situation and its copy together as a model reads it: prompt, labels, fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from ballyhoo.plugins.llm_copy.prompts.plain import write_label, write_plain_prompt

from .copywriter import Copywriter
from .situation import Situation, draw_situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A text to train on, or to measure with.

    Attributes:
        situation: What was told.
        prompt: How it was told.
        copy: Text by field, in the order of the prompt.
    """

    situation: Situation
    prompt: str
    copy: dict[str, str]

    @property
    def answer(self) -> str:
        """What a model has to write after the prompt."""
        return "".join(f"{write_label(name)} {text}\n" for name, text in self.copy.items())


def make_records(seed: int) -> Iterator[Record]:
    """Yield records without end; the same ones for the same seed."""
    random = Random(seed)
    while True:
        yield make_record(draw_situation(random), random)


def make_record(situation: Situation, random: Random) -> Record:
    """Return the record of a situation."""
    prompt = write_plain_prompt(
        situation.brief,
        voice=situation.brief.voice,
        occasion=situation.brief.occasion,
        segment=situation.segment,
    )
    copy = Copywriter(situation, random).write_copy()
    return Record(situation=situation, prompt=prompt, copy=copy)
