"""Makes the prompt of a brief: by the built-in templates, or by the recipe's own."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ballyhoo import Brief, render_template

from ..options import LlmOptions
from .facts import collect_prompt_facts, quote_examples
from .plain import write_label, write_plain_prompt

BREAK = "---"
"""The line of a template that parts what all recipients share from what is the reader's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a model is told.

    Attributes:
        shared: What all recipients of the campaign share; a chat's system message.
        own: The rest; a chat's user message.
    """

    shared: str
    own: str

    def join(self) -> str:
        """Return it as one text, for models that know no chat; fields come right behind it."""
        return f"{self.shared}{self.own}"

    def show(self) -> str:
        """Return it for a person to look at."""
        return "\n\n".join(part for part in (self.shared.strip(), self.own.strip()) if part)

    def hash(self, fields: object) -> str:
        """Return a hash of it and of what else was asked."""
        text = json.dumps([self.shared, self.own, fields], sort_keys=True, default=str)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def make_prompt(
    brief: Brief, options: LlmOptions, *, is_chat: bool, answer: str = "lines"
) -> Prompt:
    """Return the prompt of a brief.

    Args:
        brief: What is to be written, and about what.
        options: The recipe's block; its `prompt` replaces the built-in template, but for that of
            questions.
        is_chat: Whether the model is told in messages, or goes on with a text.
        answer: `lines` or `json`.

    Raises:
        DataError: The recipe's template is wrong.
    """
    if options.prompt is not None and brief.question is None:
        name, template = options.prompt.name, options.prompt.text
    elif is_chat:
        name = "chat.j2" if brief.question is None else "answer.j2"
        template = _read_template(name)
    else:
        return _make_plain(brief, options)
    facts = collect_prompt_facts(brief, options, answer)
    text = render_template(template, facts, escape=False, name=name)
    lines = text.splitlines()
    at = lines.index(BREAK) if BREAK in lines else 0
    shared, own = lines[:at], lines[at + 1 :] if BREAK in lines else lines
    if is_chat:
        return Prompt(shared="\n".join(shared).strip(), own="\n".join(own).strip())
    return Prompt(shared="\n".join([*shared, ""]) if shared else "", own="\n".join(own) + "\n\n")


def _make_plain(brief: Brief, options: LlmOptions) -> Prompt:
    examples = "".join(
        "".join(f"{write_label(field)} {text}\n" for field, text in example.items()) + "\n"
        for example in quote_examples(options.examples)
    )
    text = write_plain_prompt(
        brief,
        voice=options.voice or brief.voice,
        occasion=options.occasion or brief.occasion,
        segment=options.audience,
    )
    return Prompt(shared=examples, own=text)


@cache
def _read_template(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
