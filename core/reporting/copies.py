"""Sums up how the copy of a run was written: what was accepted, what refused and by which rule."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from sqlalchemy import Connection

from ..readability import measure_reading
from ..slots import find_slots
from ..store.deliveries import count_copies, read_some_copies
from .parts import CopyResult
from .trial import Trial

MOST_COPIES = 5_000
"""Of a variant, so many are looked at; they are as good as drawn."""

MOST_READ = 300
"""The readability of so many is measured."""

FALLBACK = "fallback"
_HAN = re.compile("[\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = {
    "en": frozenset({"the", "and", "is", "are", "you", "your", "with", "for", "we", "our", "of"}),
    "de": frozenset({"der", "die", "das", "und", "ist", "du", "ihr", "sie", "mit", "für", "wir"}),
}
"""Words that nearly every text of a language has."""


@dataclass(slots=True)
class Looked:
    """What was counted of the copies of a variant."""

    accepted: int = 0
    accepted_later: int = 0
    fell_back: int = 0
    refused: int = 0
    attempts: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    models: Counter[str] = field(default_factory=Counter)
    tokens: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    def look(self, content: Mapping[str, Any]) -> None:
        """Count one copy, as the ledger keeps it."""
        refused = content.get("refused") or ()
        by = content.get("by") or {}
        is_fallback = by.get("generator") == FALLBACK
        has_copy = "fields" in content and not content.get("is_refused")
        self.accepted += has_copy and not is_fallback and not refused
        self.accepted_later += has_copy and not is_fallback and bool(refused)
        self.fell_back += has_copy and is_fallback
        self.refused += not has_copy
        self.attempts += len(refused) + (has_copy and not is_fallback)
        for one in refused:
            self.rules.update({str(said["rule"]) for said in one.get("objections") or ()})
        if has_copy and not is_fallback:
            self.models[by.get("model") or by.get("generator") or "unknown"] += 1
            if len(self.scores) < MOST_READ:
                self.scores += _measure(content["fields"])
        for values, value in ((self.tokens, by.get("tokens")), (self.seconds, by.get("seconds"))):
            if isinstance(value, int | float):
                values.append(float(value))


def sum_up_copies(
    connection: Connection,
    run_id: int,
    trial: Trial,
    contents: Iterable[tuple[str | None, Mapping[str, Any]]],
) -> tuple[CopyResult, ...]:
    """Return how the copy of each variant was written, with the text that most people got.

    Nobody's name is in it: slots stand as they were written.

    Args:
        connection: Within a transaction that reads.
        run_id: The run.
        trial: Its variants; text that stands in the recipe comes from it.
        contents: Variant and content of messages, all or some of them.
    """
    texts: dict[str, Counter[str]] = defaultdict(Counter)
    for variant, content in contents:
        if "fields" in content:
            texts[variant or ""][json.dumps(content["fields"], ensure_ascii=False)] += 1
    written = count_copies(connection, run_id)
    names = list(trial.variants) or [""]
    names += [name for name in (*written, *texts) if name not in names]
    return tuple(_list_results(connection, run_id, trial, names, texts, written))


def _list_results(
    connection: Connection,
    run_id: int,
    trial: Trial,
    names: Iterable[str],
    texts: Mapping[str, Counter[str]],
    written: Mapping[str, int],
) -> Iterator[CopyResult]:
    for name in dict.fromkeys(names):
        seen = texts.get(name, Counter())
        fields: dict[str, str] = {}
        share = 0.0
        if seen:
            [(commonest, count)] = seen.most_common(1)
            fields, share = json.loads(commonest), count / seen.total()
        elif name not in written:
            fields, share = _find_by_hand(trial, name), 1.0
        if not fields:
            continue
        looked = Looked()
        for content in read_some_copies(connection, run_id, name, most=MOST_COPIES):
            looked.look(content)
        scores = looked.scores or _measure(fields)
        yield CopyResult(
            variant=name or None,
            fields=fields,
            share=share,
            texts=written.get(name),
            looked_at=min(written.get(name, 0), MOST_COPIES),
            accepted=looked.accepted,
            accepted_later=looked.accepted_later,
            fell_back=looked.fell_back,
            refused=looked.refused,
            attempts=looked.attempts,
            rules=dict(looked.rules.most_common()),
            readability=median(scores) if scores else None,
            tokens=sum(looked.tokens) / len(looked.tokens) if looked.tokens else None,
            seconds=sum(looked.seconds) / len(looked.seconds) if looked.seconds else None,
            models=tuple(name for name, _ in looked.models.most_common(3)),
        )


def _find_by_hand(trial: Trial, variant: str) -> dict[str, str]:
    """Return the text of a variant that stands in the recipe."""
    changed = trial.changes.get(variant)
    deliver = changed.get("deliver") if isinstance(changed, dict) else None
    own = deliver.get("fields") if isinstance(deliver, dict) else None
    merged = {**trial.fields, **(own if isinstance(own, dict) else {})}
    return {name: str(text) for name, text in merged.items() if text is not None}


def _measure(fields: Mapping[str, str]) -> list[float]:
    """Return how easy a copy is to read, if that can be said."""
    text = "\n".join(_fill(one) for one in fields.values())
    language = _guess(text)
    score = None if language is None else measure_reading(text, language)
    return [] if score is None else [score]


def _fill(text: str) -> str:
    """Return a text with a word in the place of each slot."""
    parts, at = [], 0
    for slot in find_slots(text):
        parts += [text[at : slot.start], slot.default or "it"]
        at = slot.end
    return "".join([*parts, text[at:]])


def _guess(text: str) -> str | None:
    """Return in which of the languages that have a formula a text is; None for another one."""
    if _HAN.search(text):
        return "zh"
    words = set(_WORD.findall(text.lower()))
    found = {language: len(words & common) for language, common in _COMMON.items()}
    best = max(found, key=lambda language: found[language])
    return best if found[best] > 1 and len(set(found.values())) > 1 else None
