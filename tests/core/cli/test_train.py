from __future__ import annotations

import json
from pathlib import Path

import pytest

from ballyhoo.core.artifact_manifest import MANIFEST

from .conftest import Run
from .shop import open_shop

LEARNER = """\
from ballyhoo import DataError, Options, Reason, Recommendation, hookimpl


class LearnerOptions(Options):
    top: int = 1


@hookimpl
def train(context, stage, options: LearnerOptions):
    products = context.store.products()
    if not products:
        raise DataError("there is no product to learn from", hint="import products first")
    context.progress(1, 1)
    with context.artifacts.write() as folder:
        (folder / "best").write_text(str(products[0].id))


@hookimpl
def recommend(context, options: LearnerOptions, customers):
    best = int((context.artifacts.read() / "best").read_text())
    reason = Reason(kind="popular")
    one = Recommendation(product_id=best, score=1.0, reason=reason, is_fallback=True)
    return [[one] for _ in customers]
"""
RECIPE = """\
campaign: learned
segment: {where: country = 'DE'}
recommend: {plugin: learner}
deliver: {plugin: post, fields: {subject: "Hello {first_name|you}", body: Come and look.}}
"""


@pytest.fixture
def shop(run: Run) -> Run:
    open_shop(run, ["ada", "bo"])
    Path("plugins/learner.py").write_text(LEARNER)
    Path("learned.yaml").write_text(RECIPE)
    return run


def add_product(run: Run) -> None:
    Path("products.csv").write_text("sku,title\nsock,Sock\n")
    assert run("import", "products", "products.csv").code == 0


def test_training_says_what_was_made_of_which_data(shop: Run) -> None:
    add_product(shop)
    answer = shop("train", "learned.yaml")
    assert answer.code == 0
    first, second = answer.out.splitlines()
    assert first.startswith("learned: recommend was trained by learner in ")
    assert first.endswith(" s (1 file, 1 B)")
    assert second.startswith("  of 2 customers, 1 products, as of 20")


def test_training_answers_json_and_a_run_uses_it(shop: Run) -> None:
    add_product(shop)
    answer = json.loads(shop("train", "learned.yaml", "--json").out)
    assert answer["campaign"] == "learned"
    assert answer["data"] == {"customers": 2, "products": 1, "events": 0, "reviews": 0}
    [trained] = answer["trained"]
    folder = Path(trained["folder"])
    assert (folder / "best").read_text() == "1"
    assert (trained["stage"], trained["plugin"], trained["files"]) == ("recommend", "learner", 1)
    assert shop("run", "learned.yaml", "--yes").code == 0
    assert [path.parent for path in Path().rglob(MANIFEST)] == [
        folder.relative_to(Path.cwd().resolve())
    ]


def test_receipt_and_plan_say_for_how_many_nothing_was_known(shop: Run) -> None:
    add_product(shop)
    plan = shop("plan", "learned.yaml")
    said = "  products chosen without knowing her: about 2 messages (2 of 2 people in a sample)"
    assert said in plan.out.splitlines()
    described = json.loads(shop("plan", "learned.yaml", "--json").out)
    assert described["fallback"] == {"asked": 2, "fallback": 2, "messages": 2}
    answer = json.loads(shop("run", "learned.yaml", "--yes", "--json").out)
    assert (answer["recommended"], answer["fallback"]) == (2, 2)
    status = shop("status", "1")
    said = "  products chosen for 2 people, of 2 without knowing anything of them"
    assert said in status.out.splitlines()


def test_too_little_to_learn_from_is_said(shop: Run) -> None:
    answer = shop("train", "learned.yaml")
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err == "Error: there is no product to learn from\n  import products first\n"
    assert list(Path().rglob(MANIFEST)) == []


def test_recipe_that_learns_nothing_is_no_error(shop: Run) -> None:
    answer = shop("train", "r.yaml")
    assert (answer.code, answer.out) == (0, "letter: no stage of it learns anything\n")


def test_prune_leaves_the_newest_two(shop: Run) -> None:
    add_product(shop)
    folders = [
        json.loads(shop("train", "learned.yaml", "--json").out)["trained"][0]["folder"]
        for _ in range(4)
    ]
    answer = shop("prune")
    assert answer.out == "removed 0 bodies, 0 events, 0 enquiries, 2 artifacts\n"
    assert [Path(folder).exists() for folder in folders] == [False, False, True, True]


def test_prune_leaves_what_an_open_run_reads(shop: Run) -> None:
    add_product(shop)
    first = json.loads(shop("train", "learned.yaml", "--json").out)["trained"][0]["folder"]
    later = ("--at", "2099-12-31T12:00+00:00", "--yes")
    assert shop("run", "learned.yaml", *later).code == 0
    for _ in range(3):
        shop("train", "learned.yaml")
    assert json.loads(shop("prune", "--json").out)["artifacts"] == 1
    assert Path(first).exists()
    assert shop("cancel", "1").code == 0
    assert json.loads(shop("prune", "--json").out)["artifacts"] == 1
    assert not Path(first).exists()
