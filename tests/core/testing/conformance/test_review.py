"""The reviewer kit: a good one passes, and each bad one fails on what is bad."""

from __future__ import annotations

USE = """
class TestIt(ReviewConformance):
    @pytest.fixture
    def plugin(self):
        return It()
"""


def review(body: str, head: str = "") -> str:
    lines = "".join(f"        {line}\n" for line in body.splitlines())
    return f"{head}\nclass It:\n    @hookimpl\n    def review(self, brief, copy):\n{lines}"


SHOUTING = (
    "return [Objection(rule='shouting', field=name, message='too loud') for name in copy.fields]"
)


def test_good_reviewer_passes_everything(expect_success):
    expect_success(review(SHOUTING) + USE, tests=10)


BAD = {
    "answers yes or no": (
        review("return not copy.fields"),
        "test_answers_are_objections",
        "it answers False, not a list of objections",
    ),
    "answers nothing": (
        review("pass"),
        "test_answers_are_objections",
        "it answers None, not a list of objections",
    ),
    "answers texts": (
        review("return ['too loud']"),
        "test_answers_are_objections",
        "not a list of objections",
    ),
    "does not name the rule": (
        review("return [Objection(rule='', message='no')]"),
        "test_answers_are_objections",
        "does not name its rule",
    ),
    "does not say what is wrong": (
        review("return [Objection(rule='loud', message=' ')]"),
        "test_answers_are_objections",
        "the objection 'loud' does not say what is wrong",
    ),
    "objects to a field that is not there": (
        review("return [Objection(rule='loud', field='footer', message='no')]"),
        "test_answers_are_objections",
        "is about 'footer', which is no field",
    ),
    "stumbles over braces": (
        review("''.join(copy.fields.values()).format(first_name='x')\nreturn []"),
        "test_odd_copy_is_no_reason_to_raise",
        "in its hook 'review'",
    ),
    "changes its mind": (
        review(
            "return [Objection(rule='loud', message='no')] * (next(numbers) % 2)",
            "import itertools\nnumbers = itertools.count()",
        ),
        "test_same_objections_twice",
        "another verdict the second time",
    ),
    "remembers what it read": (
        review(
            "new = str(copy.fields) not in seen\nseen.add(str(copy.fields))\n"
            "return [Objection(rule='new', message='no')] * new",
            "seen = set()",
        ),
        "test_same_objections_twice",
        "another verdict the second time",
    ),
    "gives in": (
        review("return [Objection(rule='loud', message='no')] * (brief.attempt < 3)"),
        "test_attempt_does_not_soften_the_verdict",
        "lets pass at the ninth attempt what it refused",
    ),
    "answers what cannot be handed over": (
        review(
            "return [Odd(rule='odd', message='no')]",
            "class Odd(Objection):\n    def __reduce__(self): raise TypeError('not this')",
        ),
        "test_answers_survive_pickling",
        "not this",
    ),
}


def test_each_bad_reviewer_fails_on_what_is_bad_about_it(expect_failures):
    expect_failures("", BAD, USE)
