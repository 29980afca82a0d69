"""Writes the demo model's card (README.md beside the weights) from what was measured."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROWS = {
    "whole": "every field is there and written to its end",
    "limits": "within the limits of its fields, slots filled",
    "slots": "only slots that the prompt allows",
    "language": "in the language that was asked for",
    "kind": "says something that belongs to the kind of product",
    "facts": "states no attribute that the prompt lacks",
    "guard": "copy_guard has nothing against it",
    "all": "all of these",
}
CARD = """\
---
license: apache-2.0
language: [en, de]
pipeline_tag: text-generation
---
# ballyhoo/demo

A demo model: a Llama of {parameters:,} parameters that writes short marketing copy in English and
German, so that Ballyhoo's whole path runs on a laptop without a network. It is not meant for mail
to real customers. For that, name a real model: `model: Qwen/Qwen2.5-7B-Instruct`, or a folder.

## What it can

- Write the fields `subject`, `preheader`, `headline`, `body`, `push`, `sms`, `blurb`,
  `description`, `promotion` and `button`, in any order, with slots where a fact belongs.
- Follow the language (`en`, `de`), five voices (warm, terse, playful, factual, elegant), nine
  occasions (win-back, new arrivals, replenishment, price drop, cross-sell, welcome, something
  viewed, something popular, a season), the reason of a recommendation, and {kinds} kinds of
  products.
- Say a material, a colour, an origin, a scent, a taste or a part when the prompt names one that
  it knows.

## What it cannot

- Anything else: it knows no other language, no other words, and nothing of the world. Its sentences
  are those of the grammar that it learnt from, put together anew.
- Copy a word that it never saw: a name, a title and a price come through slots.
- Speak of a kind of product that it does not know; then it stays general.
- Keep to limits: the prompt does not name them. Its texts are as long as the grammar's.
- Be trusted hot: at a temperature of 1.3 it makes things up, which is what the guard is tested on.

## The prompt

The one of `plugins/llm_copy/prompts/plain.py`: lines of `Key: value`, an empty line, then a field's
label. The text ends with its line. There is no chat template.

## How it was made

From nothing, on texts that the grammar of `tools/demo_grammar/` wrote; no other text was used, and
nobody's data.

{commands}

{rounds}

The weights lie on the disk as float16, {megabytes:.1f} MB, to be loaded as float32. The texts
depend on the seed alone. The weights depend also on the number of steps, the threads and
the machine.

## What was measured

{copies} prompts that no training saw, each with {fields}; the share of copies of which it is true.
`tools/measure_demo_model.py` measures it; "grammar" is the grammar's own copy for these prompts,
the most that can be reached.

{table}

Greedy output is one text for each prompt. A copy that is refused is tried again with another seed.
"""


def write_card(folder: Path, figures: Mapping[str, Any]) -> None:
    """Write README.md into a model's folder.

    Args:
        folder: Holds the weights and `training.json`.
        figures: What `measure_demo_model.py` measured.
    """
    (folder / "README.md").write_text(make_card(folder, figures), encoding="utf-8")


def make_card(folder: Path, figures: Mapping[str, Any]) -> str:
    """Return the text of the card."""
    from demo_grammar.kind import load_kinds

    training: dict[str, Any] = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    rounds = training["rounds"]
    return CARD.format(
        parameters=training["parameters"],
        commands="\n".join(f"    {one['command']}" for one in rounds),
        rounds=_make_rounds(rounds),
        kinds=len(load_kinds()),
        megabytes=(folder / "model.safetensors").stat().st_size / 1e6,
        copies=figures["copies"],
        fields=", ".join(figures["fields"]),
        table=_make_table(figures),
    )


def _make_rounds(rounds: Sequence[Mapping[str, Any]]) -> str:
    """Return a table of how often it was trained, a column for each time."""
    said = {
        "seed": "{seed}",
        "texts": "{texts:,} in {steps:,} steps",
        "time": "{minutes} minutes on a busy {device}, {processor_minutes} of them a processor's",
        "loss of the last texts": "{loss}",
        "loss of held-out texts": "{held_out_loss}",
    }
    lines = ["| | " + " | ".join(f"round {at + 1}" for at in range(len(rounds))) + " |"]
    lines.append("|---|" + "---|" * len(rounds))
    for name, text in said.items():
        lines.append(f"| {name} | " + " | ".join(text.format(**one) for one in rounds) + " |")
    return "\n".join(lines)


def _make_table(figures: Mapping[str, Any]) -> str:
    columns = [name for name, value in figures.items() if isinstance(value, Mapping)]
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for question, words in ROWS.items():
        shares = " | ".join(f"{figures[name][question]:.1%}" for name in columns)
        lines.append(f"| {words} | {shares} |")
    return "\n".join(lines)
