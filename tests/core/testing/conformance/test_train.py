"""The training kit: a good trainer passes, and each bad one fails on what is bad."""

from __future__ import annotations

import pytest

GOOD = """
import itertools, json, random
from collections import Counter
numbers = itertools.count()

class Good:
    least = 0

    @hookimpl
    def train(self, context, stage):
        sold = Counter(event.product_id for event in context.store.events(types={"purchase"}))
        ranked = sorted(sold, key=lambda id: (-sold[id], id))
        with context.artifacts.write() as folder:
            self.save(context, folder, [[id, float(sold[id])] for id in ranked])

    def save(self, context, folder, ranked):
        (folder / "ranked.json").write_text(json.dumps(ranked))

    def load(self, context):
        return json.loads((context.artifacts.read() / "ranked.json").read_text())

    @hookimpl
    def recommend(self, context, customers):
        row = [
            Recommendation(product_id=id, score=score, reason=Reason(kind="popular"))
            for id, score in self.load(context)[:3]
        ]
        return [row for _ in customers]
"""
USE = """
class TestIt(TrainConformance):
    @pytest.fixture
    def plugin(self):
        return It()
"""


def train(body: str) -> str:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    return f"class It(Good):\n    @hookimpl\n    def train(self, context, stage):\n{lines}"


def save(body: str) -> str:
    return f"class It(Good):\n    def save(self, context, folder, ranked):\n        {body}\n"


def test_good_trainer_passes_everything(expect_success):
    expect_success(GOOD + "class It(Good): ...\n" + USE, tests=11)


@pytest.mark.parametrize(
    "hooks",
    [
        "segment(self, context): yield len(read(context))",
        "generate(self, context, briefs): return [read(context)[:3]] * len(briefs)",
        "review(self, context, brief, copy): return [read(context)[:3]]",
        "respond(self, context, enquiries): return [read(context)[:3]] * len(enquiries)",
    ],
)
def test_artifact_may_be_read_by_any_stage(expect_success, hooks):
    source = f"""
def read(context):
    return (context.artifacts.read() / "note").read_text()

class It:
    @hookimpl
    def train(self, context, stage):
        with context.artifacts.write() as folder:
            (folder / "note").write_text(f"{{stage}} {{len(list(context.store.events()))}}")

    @hookimpl
    def {hooks}
"""
    expect_success(source + USE, tests=11)


BAD = {
    "publishes nothing": (
        train("pass"),
        "test_artifact_is_written_and_read",
        "train published nothing",
    ),
    "publishes an empty folder": (
        save("pass"),
        "test_artifact_is_written_and_read",
        "the artifact is empty",
    ),
    "answers the model": (
        train("Good.train(self, context, stage)\nreturn 'model'"),
        "test_artifact_is_written_and_read",
        "train answers a str, not nothing",
    ),
    "writes what it cannot read": (
        save("(folder / 'ranks.json').write_text(json.dumps(ranked))"),
        "test_artifact_is_written_and_read",
        "FileNotFoundError",
    ),
    "has no stage": (
        "class It:\n    @hookimpl\n    def train(self, context): pass\n",
        "test_artifact_is_written_and_read",
        "no stage hook reads what it trains",
    ),
    "draws anew each time": (
        save(
            "random.Random(next(numbers)).shuffle(ranked); Good.save(self, context, folder, ranked)"
        ),
        "test_same_data_and_seed_give_the_same_answers",
        "it answers differently",
    ),
    "keeps a path of this machine": (
        "class It(Good):\n"
        "    def save(self, context, folder, ranked):\n"
        "        aside = folder.parent / 'aside.json'\n"
        "        aside.write_text(json.dumps(ranked))\n"
        "        (folder / 'where').write_text(str(aside))\n"
        "    def load(self, context):\n"
        "        where = (context.artifacts.read() / 'where').read_text()\n"
        "        return json.loads(open(where).read())\n",
        "test_artifact_can_be_moved",
        "FileNotFoundError",
    ),
    "trains only once": (
        "done = []\n" + train("if not done: Good.train(self, context, stage)\ndone.append(1)"),
        "test_training_again_replaces_the_artifact",
        "the second training published nothing",
    ),
    "publishes what it has when data breaks off": (
        train(
            "sold = []\n"
            "try: sold += context.store.events()\n"
            "except Exception: pass\n"
            "with context.artifacts.write() as folder: self.save(context, folder, [[1, 1.0]])"
        ),
        "test_failed_training_publishes_nothing",
        "DID NOT RAISE",
    ),
    "publishes an empty model when columns do not come": (
        train(
            "ids = []\n"
            "try: ids += context.store.interactions(types=['purchase']).product_ids.tolist()\n"
            "except Exception: pass\n"
            "with context.artifacts.write() as folder: self.save(context, folder, [[1, 1.0]])"
        ),
        "test_failed_training_publishes_nothing",
        "DID NOT RAISE",
    ),
    "divides by nothing": (
        train("1 / sum(1 for _ in context.store.events())\nGood.train(self, context, stage)"),
        "test_empty_store_is_no_reason_to_crash",
        "raises ZeroDivisionError on an empty store",
    ),
    "takes options of its own": (
        "class One(Options): ...\nclass Two(Options): ...\n"
        "class It(Good):\n"
        "    @hookimpl\n"
        "    def train(self, context, stage, options: One):\n"
        "        Good.train(self, context, stage)\n"
        "    @hookimpl\n"
        "    def recommend(self, context, options: Two, customers):\n"
        "        return Good.recommend(self, context, customers)\n",
        "test_options_are_those_of_the_stage",
        "'train' and 'recommend' take different options",
    ),
}


def test_each_bad_trainer_fails_on_what_is_bad_about_it(expect_failures):
    expect_failures(GOOD, BAD, USE)


def test_words_about_an_empty_store_are_enough(run_kit):
    worded = train(
        "if not any(context.store.events()): raise DataError('no events to learn from')\n"
        "Good.train(self, context, stage)"
    )
    test = "test_empty_store_is_no_reason_to_crash"
    assert run_kit(GOOD + worded + USE, only=test).passed == {test}
