"""Copies that the demo model writes hot, and what in them no fact can stand behind.

All facts of these copies stand in slots, so that any number, price, date or address outside of one
was made up. They are looked for by a few patterns of this script alone, not by the guard's code.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

TEMPERATURE = 1.3
SEED = 3_000_017

_SLOT = re.compile(r"\{[^{}]*\}")
_MADE_UP = re.compile(
    r"\d|[%€$£¥@]|://|\bwww\b|\.(?:com|de|net|org)\b"
    r"|\b(?:percent|prozent|half|halb\w*|dozen|dutzend|hundred|hundert|thousand|tausend|euros?|cents?)\b"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
    r"|\b(?:zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)\b"
    r"|\b(?:january|february|april|june|july|august|september|october|november|december)\b"
    r"|\b(?:januar|februar|märz|mai|juni|juli|oktober|dezember)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:mon|diens|donners|frei|sams|sonn)tag\b|\bmittwoch\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HotFigures:
    """What became of copies that were sampled hot.

    Attributes:
        copies: How many.
        made_up: How many of them say something that is made up.
        leaks: How many of these the guard let pass.
        refused: The share of all that the guard refused.
    """

    copies: int
    made_up: int
    leaks: int
    refused: float


def measure_hot(copies: int) -> HotFigures:
    """Sample copies from the demo model, and let the guard read them."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
    from demo_writer import load_model, write_copies
    from measure_demo_model import MODEL, draw_held_out, passes_guard

    records = draw_held_out(copies, seed=SEED)
    written = write_copies(*load_model(MODEL), records, temperature=TEMPERATURE)
    made_up = [find_made_up(one) for one in written]
    passed = [
        bool(all(copy.values())) and passes_guard(record.situation.brief, copy)
        for record, copy in zip(records, written, strict=True)
    ]
    return HotFigures(
        copies=copies,
        made_up=sum(map(bool, made_up)),
        leaks=sum(bool(said) and let for said, let in zip(made_up, passed, strict=True)),
        refused=round(1 - sum(passed) / copies, 3),
    )


def find_made_up(copy: dict[str, str]) -> list[str]:
    """Return what looks like a number, a price, a date or an address outside of a slot."""
    return _MADE_UP.findall(_SLOT.sub(" ", "\n".join(copy.values())))
