"""What gets past copy_guard: lies that were written down as they were told, and true copy refused.

A small grammar writes true copy with slots in English, German and Chinese (`true_copy.py`); into
most of it one lie of a known kind is planted (`lies.py`, `disguises.py`), which is written down as
it is planted. The guard then reads all of it with its defaults. `guard_leaks` counts lies of
number, price, date and URL that it let pass, `other_leaks` those of all other kinds, and
`guard_false_refusals` is the share of true copy that it refused.

    python benchmarks/guard.py [--quick] [--save] [--seed N] [--show N]
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as daytime

from lies import LIES, STRICT, LyingDraft, plant_lie
from record import save_result
from true_copy import TODAY, Draft, list_products, write_many

from ballyhoo import Objection
from ballyhoo.plugins.copy_guard import GuardOptions, review
from ballyhoo.testing import FakeStore, SimulatedClock, make_context

PLANTED = 3_000
TRUE = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A copy with what the guard said of it."""

    draft: Draft
    objections: list[Objection]


def judge(copies: Iterable[Draft]) -> list[Judged]:
    """Let the guard read copies with its defaults, on the day that they live in.

    Args:
        copies: Whoever wrote them: the grammar here, or a model that was sampled hot.
    """
    context = make_context(
        "copy_guard",
        store=FakeStore(products=list_products()),
        clock=SimulatedClock(datetime.combine(TODAY, daytime(9), tzinfo=UTC)),
        run_id=1,
    )
    options = GuardOptions()
    return [
        Judged(draft=one, objections=review(context, options, one.brief, one.copy))
        for one in copies
    ]


def tell_lies(count: int, seed: int) -> list[LyingDraft]:
    """Return copies with one lie each; slots that a brief lacks are not used for a lie."""
    random_ = random.Random(seed)
    told: list[LyingDraft] = []
    for draft in write_many(2 * count, seed + 1):
        lying = plant_lie(random_, draft, sorted(LIES))
        names = lying.lie.words.replace("}", "{").split("{")[1::2]
        if all(name in draft.brief.slots for name in names):
            told.append(lying)
        if len(told) == count:
            break
    return told


def measure(planted: int, true: int, seed: int) -> tuple[dict[str, object], list[str]]:
    """Return the figures, and lines that show what went wrong."""
    lying = tell_lies(planted, seed)
    honest = list(write_many(true, seed + 7))
    started = time.process_time()
    verdicts = judge(one.draft for one in lying)
    judged = judge(honest)
    seconds = time.process_time() - started
    shown: list[str] = []
    leaks: Counter[str] = Counter()
    for one, verdict in zip(lying, verdicts, strict=True):
        if not verdict.objections:
            leaks[one.lie.family] += 1
            shown.append(f"leak: {one.lie.family} {one.lie.disguise or 'plain'}: {one.lie.words}")
    refused = [one for one in judged if one.objections]
    for one in refused:
        objection = one.objections[0]
        shown.append(
            f"refused: {one.draft.brief.language} {objection.rule} {objection.field}: "
            f"{objection.message} | {dict(one.draft.copy.fields)}"
        )
    told = Counter(one.lie.family for one in lying)
    by_language = {
        language: share(
            [bool(one.objections) for one in judged if one.draft.brief.language == language]
        )
        for language in ("en", "de", "zh")
    }
    figures: dict[str, object] = {
        "guard_leaks": sum(leaks[family] for family in STRICT),
        "other_leaks": sum(count for family, count in leaks.items() if family not in STRICT),
        "guard_false_refusals": share([bool(one.objections) for one in judged]),
        "false_refusals_by_language": by_language,
        "lies": dict(sorted(told.items())),
        "disguised": sum(one.lie.disguise is not None for one in lying),
        "leaks": dict(sorted(leaks.items())),
        "copies_per_second": round((planted + true) / seconds),
        "scale": f"{planted} lies, {true} true copies, seed {seed}",
    }
    return figures, shown


def share(verdicts: list[bool]) -> float:
    """Return the share of true ones."""
    return round(sum(verdicts) / max(1, len(verdicts)), 4)


def main() -> None:
    """Measure, print what went wrong, and the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the copies")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    parser.add_argument("--seed", type=int, default=1, help="of the writer and of the lies")
    parser.add_argument("--show", type=int, default=20, help="so many lines of what went wrong")
    arguments = parser.parse_args()
    size = 10 if arguments.quick else 1
    figures, shown = measure(PLANTED // size, TRUE // size, arguments.seed)
    for line in shown[: arguments.show]:
        print(line)
    if arguments.save:
        save_result("guard", figures, packages=("ballyhoo", "py3langid"))
    print(json.dumps(figures, ensure_ascii=False))


if __name__ == "__main__":
    main()
