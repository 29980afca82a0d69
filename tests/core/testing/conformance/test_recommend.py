"""The recommender kit: a good one passes, and each bad one fails on what is bad."""

from __future__ import annotations

GOOD = """
import itertools, math, random
numbers = itertools.count()

class Good:
    score = 0.5
    reason = Reason(kind="popular")

    @hookimpl
    def recommend(self, context, customers):
        return [self.rank(context, customer) for customer in customers]

    def rank(self, context, customer):
        products = [one for one in context.store.products() if one.stock]
        draw = context.derive_random(customer.id)
        return [
            Recommendation(product_id=one.id, score=self.score / rank, reason=self.reason)
            for rank, one in enumerate(draw.sample(products, 4), start=1)
        ]
"""
USE = """
class TestIt(RecommendConformance):
    @pytest.fixture
    def plugin(self):
        return It()
"""


def recommend(body: str) -> str:
    head = "class It(Good):\n    @hookimpl\n    def recommend(self, context, customers):\n"
    return f"{head}        rows = Good.recommend(self, context, customers)\n        {body}\n"


def rank(body: str) -> str:
    head = "class It(Good):\n    def rank(self, context, customer):\n"
    return f"{head}        row = Good.rank(self, context, customer)\n        {body}\n"


def test_good_recommender_passes_everything(expect_success):
    expect_success(GOOD + "class It(Good): ...\n" + USE, tests=13)


BAD = {
    "recommends nothing": (
        rank("return ()"),
        "test_each_customer_of_a_batch_gets_an_answer",
        "nobody gets a recommendation",
    ),
    "drops a customer": (
        recommend("return rows[:-1]"),
        "test_each_customer_of_a_batch_gets_an_answer",
        "answered 0 entries for a batch of 1",
    ),
    "answers by customer": (
        recommend("return {one.id: row for one, row in zip(customers, rows)}"),
        "test_each_customer_of_a_batch_gets_an_answer",
        "not a list",
    ),
    "answers ids": (
        rank("return [one.product_id for one in row]"),
        "test_each_customer_of_a_batch_gets_an_answer",
        "where Recommendation is due",
    ),
    "cannot take an empty batch": (
        recommend("return [rows[0], *rows[1:]]"),
        "test_each_customer_of_a_batch_gets_an_answer",
        "raised IndexError",
    ),
    "answers in the order of ids": (
        recommend(
            "return [row for _, row in sorted(zip([c.id for c in customers], rows), "
            "key=lambda pair: pair[0])]"
        ),
        "test_answers_stand_in_the_order_of_the_batch",
        "when the batch is turned around",
    ),
    "looks at who else is there": (
        recommend("return rows if len(customers) > 1 else [row[1:] for row in rows]"),
        "test_answers_stand_in_the_order_of_the_batch",
        "a customer alone gets other products",
    ),
    "ranks the worst first": (
        rank("return row[::-1]"),
        "test_ranking_is_best_first_without_repeats",
        "not the best first",
    ),
    "repeats a product": (
        rank("return [*row, row[-1]]"),
        "test_ranking_is_best_first_without_repeats",
        "a product comes twice",
    ),
    "scores with what is no number": (
        "class It(Good):\n    score = math.nan\n",
        "test_ranking_is_best_first_without_repeats",
        "scores must be finite numbers",
    ),
    "recommends what is not sold": (
        rank("return [Recommendation(product_id=999, score=1.0, reason=self.reason)]"),
        "test_products_are_in_the_store",
        "the store has no product [999]",
    ),
    "has a reason that is not sold": (
        "class It(Good):\n    reason = Reason(kind='bought', product_id=998)\n",
        "test_products_are_in_the_store",
        "the store has no product [998]",
    ),
    "names products by sku": (
        rank("return [Recommendation(product_id='SKU-0001', score=1.0, reason=self.reason)]"),
        "test_products_are_in_the_store",
        "a product id must be an int, not a str",
    ),
    "has no reason": (
        "class It(Good):\n    reason = None\n",
        "test_each_product_has_a_reason",
        "has no reason",
    ),
    "has a reason of its own": (
        "class It(Good):\n    reason = Reason(kind='because')\n",
        "test_each_product_has_a_reason",
        "the reason 'because' is not one of",
    ),
    "needs to know the customer": (
        rank("context.store.customers([customer.id])[0].traits; return row"),
        "test_stranger_is_no_reason_to_raise",
        "raised AttributeError",
    ),
    "draws anew each time": (
        rank("return row[next(numbers) % 2:]"),
        "test_same_products_twice",
        "the same store and seed give other recommendations",
    ),
    "answers what cannot be handed over": (
        "class Odd(Reason):\n    def __reduce__(self): raise TypeError('not this')\n"
        "class It(Good):\n    reason = Odd(kind='popular')\n",
        "test_answers_survive_pickling",
        "not this",
    ),
}


def test_each_bad_recommender_fails_on_what_is_bad_about_it(expect_failures):
    expect_failures(GOOD, BAD, USE)


def test_recommender_is_trained_before_it_is_asked(expect_success):
    trained = """
class It(Good):
    @hookimpl
    def train(self, context, stage):
        with context.artifacts.write() as folder:
            (folder / "score").write_text("0.25")

    @hookimpl
    def recommend(self, context, customers):
        self.score = float((context.artifacts.read() / "score").read_text())
        return Good.recommend(self, context, customers)
"""
    expect_success(GOOD + trained + USE, tests=13)
