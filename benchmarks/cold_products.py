"""How well products that nobody bought yet find their customers, by what is written about them.

A fifth of a real shop's products (Online Retail) is hidden from the training; of those who bought
some of them in the next 30 days, each is recommended ten of the hidden ones, by the whole plugin:

- `cold_random_ndcg10`: drawn at random, as without any content: what a model of purchases alone
  knows of them;
- `cold_words_ndcg10`: by their words (TF-IDF of title), the default; `cold_words_low`: the lower
  bound of the difference to random (paired bootstrap, 95 %);
- `cold_embed_ndcg10`: with the hidden states of a language model beside the words (`embed`);
  `cold_embed_low`: the lower bound of the difference to words.

Null is what cannot be measured: without the folder `online-retail` of `--data`, and without a
sentence model (`--model`: a folder or an id, such as all-MiniLM-L6-v2).

    python benchmarks/cold_products.py [--quick] [--save] [--data DIR] [--model MODEL]
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from record import save_result
from retail import DAYS, MS_PER_DAY, K, read_history, read_titles

from ballyhoo import Customer, Product, bootstrap_difference, judge_rankings
from ballyhoo.core.interactions import make_interactions
from ballyhoo.testing import FakeStore, SimulatedClock, make_context

ROOT = Path(__file__).parent.parent
KEYS = (
    "cold_random_ndcg10", "cold_words_ndcg10", "cold_words_low", "cold_embed_ndcg10",
    "cold_embed_low",
)  # fmt: skip
PACKAGES = (
    "ballyhoo",
    "numpy",
    "scipy",
    "scikit-learn",
    "scikit-surprise",
    "torch",
    "transformers",
)
HIDDEN = 0.2


def main() -> None:
    """Measure, print a line for each step, and the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one window, drawn once")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    parser.add_argument("--model", help="a sentence model: a folder or an id")
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data",
        help="the folder with online-retail/",
    )  # fmt: skip
    arguments = parser.parse_args()
    figures = measure(arguments.data, arguments.model, quick=arguments.quick)
    if arguments.save:
        save_result("cold_products", figures, PACKAGES)
    print(json.dumps(figures))


def measure(data: Path, model: str | None, *, quick: bool) -> dict[str, Any]:
    """Return the figures; null what there is no data or model for."""
    figures: dict[str, Any] = dict.fromkeys(KEYS)
    windows, draws = ((1,), 1) if quick else ((1, 3, 5), 2)
    history = read_history(data / "online-retail")
    if history is None:
        report(f"not measured: there is no online-retail/online_retail.parquet in {data}")
        return {**figures, "scale": "nothing"}
    titles = read_titles(data / "online-retail")
    found: dict[str, list[Any]] = {"random": [], "words": [], "embed": []}
    people: list[Any] = []
    for window in windows:
        for draw in range(draws):
            exam = Exam(history, titles, window, draw)
            people.append(exam.people)
            found["random"].append(exam.judge(exam.draw_at_random()))
            found["words"].append(exam.judge(exam.recommend(None)))
            if model is not None:
                found["embed"].append(exam.judge(exam.recommend(model)))
            means = {name: round(float(one[-1].mean()), 4) for name, one in found.items() if one}
            report(f"window {window}, draw {draw}: {len(exam.people)} customers, {means}")
    judged = {name: np.concatenate(one) for name, one in found.items() if one}
    groups = np.concatenate(people)
    for name, values in judged.items():
        figures[f"cold_{name}_ndcg10"] = round(float(values.mean()), 4)
    for name, beside in (("words", "random"), ("embed", "words")):
        if name in judged:
            lift = bootstrap_difference(judged[name], judged[beside], groups=groups)
            figures[f"cold_{name}_low"] = round(lift.low, 4)
    figures["scale"] = (
        f"{len(windows)} windows of {DAYS} days, {draws} draws of a fifth of "
        f"{len(titles):,} products"
    )
    return figures


class Exam:
    """Who bought which hidden products in a window.

    Args:
        history: All purchases.
        titles: Of the products, by their ids.
        window: How many windows before the end it begins.
        draw: The seed of what is hidden.
    """

    def __init__(self, history: Any, titles: list[str], window: int, draw: int) -> None:
        self.starts = int(history.at[-1]) + 1 - window * DAYS * MS_PER_DAY
        self.seed = 1000 * window + draw
        rng = np.random.default_rng(draw)
        self.is_hidden = np.zeros(len(titles), np.bool_)
        self.is_hidden[rng.choice(len(titles), round(HIDDEN * len(titles)), replace=False)] = True
        self.titles = titles
        before = history.until(self.starts)
        after = history.until(self.starts + DAYS * MS_PER_DAY)
        after = after.take(slice(len(before), len(after)))
        self.known = before.take(np.flatnonzero(~self.is_hidden[before.products]))
        bought = np.unique(np.stack([after.customers, after.products]).astype(np.int64), axis=1)
        hers = np.unique(np.stack([before.customers, before.products]).astype(np.int64), axis=1)
        code = np.int64([len(titles), 1])
        is_new = ~np.isin(code @ bought, code @ hers)
        is_asked = is_new & self.is_hidden[bought[1]] & np.isin(bought[0], self.known.customers)
        self.people, self.rows = np.unique(bought[0][is_asked], return_inverse=True)
        self.bought = bought[1][is_asked]

    def judge(self, ranked: Any) -> Any:
        """Return nDCG@10 of each customer."""
        return judge_rankings(ranked, self.rows, self.bought, k=K).ndcg

    def draw_at_random(self) -> Any:
        """Return hidden products in any order: [customers x 10]."""
        rng = np.random.default_rng(self.seed)
        hidden = np.flatnonzero(self.is_hidden)
        return np.stack([rng.permutation(hidden)[:K] for _ in self.people])

    def recommend(self, model: str | None) -> Any:
        """Return what the plugin recommends of the hidden products: [customers x 10]."""
        from ballyhoo.plugins.cf_recommender import recommender
        from ballyhoo.plugins.cf_recommender.options import CfOptions

        options = CfOptions(top=K, learn=False, embed=model)  # the ranker keeps cold ones in order
        clock = SimulatedClock(datetime.fromtimestamp(self.starts / 1000, UTC))
        context = make_context("cf_recommender", store=Shelf(self), clock=clock)
        recommender.train(context, "recommend", options)
        customers = [Customer(id=int(one) + 1) for one in self.people]
        answer = recommender.recommend(context, options, customers)
        ranked = np.full((len(answer), K), -1, np.int64)
        for row, chosen in enumerate(answer):
            ranked[row, : len(chosen)] = [one.product_id - 1 for one in chosen]
        return ranked


class Shelf(FakeStore):
    """The shop as it was, in which only hidden products can be had."""

    def __init__(self, exam: Exam) -> None:
        products = [
            # Our ids begin with 1.
            Product(id=place + 1, sku=str(place), titles={"en": title}, stock=int(is_hidden))
            for place, (title, is_hidden) in enumerate(
                zip(exam.titles, exam.is_hidden.tolist(), strict=True)
            )
        ]
        customers = np.unique(exam.known.customers).tolist()
        super().__init__([Customer(id=one + 1) for one in customers], products)
        self._known = exam.known

    def interactions(self, *, types: Any = None, until: Any = None, customers: Any = None) -> Any:
        """Return the purchases of products that are not hidden; all were before now."""
        rows = self._known
        if customers is not None:
            wanted = np.array(sorted(customers), np.int64) - 1
            rows = rows.take(np.flatnonzero(np.isin(rows.customers, wanted)))
        names = sorted(types or ("purchase",))
        kinds = np.full(len(rows), names.index("purchase"))
        return make_interactions(
            rows.customers + 1, rows.products + 1, rows.at, kinds, rows.quantities, names
        )


def report(line: str) -> None:
    """Say on standard error how far it is."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of libraries, about the machine
    main()
