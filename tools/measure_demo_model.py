"""Measures what the demo model writes for prompts that it never saw, greedy and ever hotter.

Each copy is judged on its own: whole (every field written to its end), within limits, only slots
that it may use, in the language that was asked for, about the kind of product, no attribute that
the prompt lacks, and what copy_guard says. What is true is known from the situation that the
grammar invented. The same is measured of the grammar's own copy, as what can be reached.

    python tools/measure_demo_model.py [--copies 200] [--save]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from demo_card import write_card
from demo_grammar.copywriter import fits
from demo_grammar.kind import load_kinds, say_fact
from demo_grammar.phrase import load_phrases
from demo_grammar.record import Record, make_record
from demo_grammar.situation import draw_situation
from demo_writer import load_model, write_copies

from ballyhoo import Brief, Context, Copy, Provenance, find_slots
from ballyhoo.plugins import copy_guard
from ballyhoo.testing import make_context

ROOT = Path(__file__).parent.parent
MODEL = ROOT / "plugins" / "llm_copy" / "demo_model"
RESULTS = ROOT / "benchmarks" / "results" / "demo_model.json"
SEED = 2_000_003
TEMPERATURES = (0.0, 0.7, 1.0, 1.3)
USUAL_FIELDS = ("subject", "preheader", "body")
QUESTIONS = ("whole", "limits", "slots", "language", "kind", "facts", "guard", "all")


def main() -> None:
    """Measure and print one JSON object; with `--save` also the results file and the card."""
    parser = argparse.ArgumentParser(description="Measures the demo model.")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--copies", type=int, default=200)
    parser.add_argument("--save", action="store_true", help="write results and model card")
    arguments = parser.parse_args()
    figures = measure(arguments.model, arguments.copies)
    print(json.dumps(figures, indent=2))
    if arguments.save:
        RESULTS.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        write_card(arguments.model, figures)


def measure(folder: Path, copies: int) -> dict[str, Any]:
    """Return the share of copies that pass each question, by temperature and for the grammar."""
    records = draw_held_out(copies)
    model, tokenizer = load_model(folder)
    figures: dict[str, Any] = {"copies": copies, "fields": list(USUAL_FIELDS)}
    figures["grammar"] = count([judge(one, one.copy) for one in records])
    for temperature in TEMPERATURES:
        written = write_copies(model, tokenizer, records, temperature=temperature)
        name = f"temperature {temperature}" if temperature else "greedy"
        figures[name] = count(
            [judge(record, copy) for record, copy in zip(records, written, strict=True)]
        )
        print(f"{name}: {figures[name]}", file=sys.stderr, flush=True)
    return figures


def draw_held_out(copies: int, seed: int = SEED) -> list[Record]:
    """Return records that no training saw, with the fields of an ordinary message."""
    random = Random(seed)
    return [make_record(draw_situation(random, fields=USUAL_FIELDS), random) for _ in range(copies)]


def count(verdicts: Sequence[Mapping[str, bool | None]]) -> dict[str, float]:
    """Return the share of those asked that pass, by question."""
    shares: dict[str, float] = {}
    for question in QUESTIONS:
        answers = [one[question] for one in verdicts if one[question] is not None]
        shares[question] = round(sum(map(bool, answers)) / len(answers), 3) if answers else 1.0
    return shares


def judge(record: Record, copy: Mapping[str, str]) -> dict[str, bool | None]:
    """Answer each question about a copy; None where it cannot be asked."""
    situation, brief = record.situation, record.situation.brief
    whole = list(copy) == list(brief.fields) and all(copy.values())
    verdicts: dict[str, bool | None] = {
        "whole": whole,
        "limits": all(fits(situation, name, text) for name, text in copy.items()),
        "slots": all(uses_only(text, brief.slots) for text in copy.values()),
        "language": is_in_language(" ".join(copy.values()), brief.language),
        "kind": speaks_of_kind(record, copy) if situation.kind else None,
        "facts": not find_false_facts(record, copy),
        "guard": passes_guard(brief, copy) if whole else False,
    }
    verdicts["all"] = all(answer is not False for answer in verdicts.values())
    return verdicts


def uses_only(text: str, slots: Sequence[str]) -> bool:
    """Whether a text has slots of these names alone, and no stray brace."""
    try:
        return all(one.name in slots for one in find_slots(text))
    except Exception:  # whatever it is that stands there, it is no slot
        return False


@cache
def list_words(language: str) -> frozenset[str]:
    """Return every word that the grammar says in a language."""
    texts = [one.text for lines in load_phrases(language).values() for one in lines]
    texts += [
        text for kind in load_kinds() for said in kind.says[language].values() for text in said
    ]
    return frozenset(re.findall(r"[^\W\d_]+", " ".join(texts).casefold()))


@cache
def list_said(language: str) -> tuple[str, ...]:
    """Return what the grammar says of the kinds of products."""
    return tuple(
        said.rstrip(".")
        for kind in load_kinds()
        for lines in kind.says[language].values()
        for said in lines
    )


def is_in_language(text: str, language: str) -> bool:
    """Whether more of a text's words are of this language than of the other."""
    own, foreign = list_words(language), list_words("de" if language == "en" else "en")
    words = re.findall(r"[^\W\d_]+", re.sub(r"\{[^{}]*\}", " ", text).casefold())
    return sum(one in own for one in words) >= sum(one in foreign for one in words)


def speaks_of_kind(record: Record, copy: Mapping[str, str]) -> bool:
    """Whether something is said that belongs to this kind of product and to no other."""
    kind, language = record.situation.kind, record.situation.brief.language
    assert kind is not None
    text = " ".join(copy.values()).casefold()
    others = {
        said.casefold()
        for one in load_kinds()
        if one is not kind
        for lines in one.says[language].values()
        for said in lines
    }
    own = {said.casefold().rstrip(".") for lines in kind.says[language].values() for said in lines}
    return any(said in text for said in own - others)


@cache
def compile_facts(language: str) -> re.Pattern[str]:
    """Return the pattern of every fact that the grammar can say, where it is said of a product."""
    facts = {
        say_fact(attribute, value, language)
        for kind in load_kinds()
        for attribute, values in kind.facts.items()
        for value in values
    }
    longest_first = sorted(facts, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})(?=[,.:]| für | for )")


def find_false_facts(record: Record, copy: Mapping[str, str]) -> list[str]:
    """Return the facts that a copy states and the prompt does not."""
    language = record.situation.brief.language
    text = " ".join(copy.values())
    told = record.situation.facts.get("fact", ())
    said = {found[1] for found in compile_facts(language).finditer(text)}
    # "Evenings in black" say nothing of a product.
    harmless = [one for one in list_said(language) if one in text] if said - set(told) else []
    return sorted(
        fact for fact in said if fact not in told and not any(fact in one for one in harmless)
    )


@cache
def _open_context() -> Context:
    return make_context()


def passes_guard(brief: Brief, copy: Mapping[str, str]) -> bool:
    """Whether copy_guard has nothing against a copy."""
    written = Copy(fields=dict(copy), provenance=Provenance(generator="ballyhoo/demo"))
    return not copy_guard.review(_open_context(), copy_guard.GuardOptions(), brief, written)


if __name__ == "__main__":
    main()
