"""The kit for functions of conditions: a good one passes, each bad one fails on what is bad."""

from __future__ import annotations

GOOD = """
import itertools
numbers = itertools.count()

def build(category, days=365):
    from sqlalchemy import column
    return (column("category") == category) & (column("days") < days)

CATEGORY = FunctionArgument(name="category", type="text", help="Which.", required=True)
DAYS = FunctionArgument(name="days", type="number", help="How long ago at most.")

def make(**changed):
    usual = {"name": "compared", "help": "She compared it.", "build": build,
             "arguments": (CATEGORY, DAYS)}
    return ConditionFunction(**{**usual, **changed})

class Good:
    @hookimpl
    def register_functions(self):
        return [make(), make(name="picked_up")]
"""
USE = """
class TestIt(FunctionsConformance):
    @pytest.fixture
    def plugin(self):
        return It()
"""


def register(answer: str) -> str:
    head = "class It(Good):\n    @hookimpl\n    def register_functions(self):\n"
    return f"{head}        return {answer}\n"


def argument(**changed: object) -> str:
    given = {"name": "days", "type": "number", "help": "How long.", **changed}
    return f"FunctionArgument(**{given!r})"


def test_good_functions_pass_everything(expect_success):
    expect_success(GOOD + "class It(Good): ...\n" + USE, tests=9)


BAD = {
    "registers nothing": (
        register("[]"),
        "test_names_are_words_in_lower_case",
        "it registers no function",
    ),
    "answers one function": (
        register("make()"),
        "test_names_are_words_in_lower_case",
        "it answers a ConditionFunction, not functions",
    ),
    "registers plain functions": (
        register("[build]"),
        "test_names_are_words_in_lower_case",
        "not a ConditionFunction",
    ),
    "has a name with a dash": (
        register("[make(name='picked-up')]"),
        "test_names_are_words_in_lower_case",
        "function 'picked-up': only lower case",
    ),
    "has a name twice": (
        register("[make(), make()]"),
        "test_names_are_words_in_lower_case",
        "a name comes twice",
    ),
    "has a name of Ballyhoo's own": (
        register("[make(name='viewed')]"),
        "test_names_are_not_taken",
        "the function 'viewed' is registered by Ballyhoo itself",
    ),
    "has a word of the language as its name": (
        register("[make(name='between')]"),
        "test_names_are_not_taken",
        "which no condition can write",
    ),
    "has an argument that no call can give": (
        register(f"[make(arguments=(CATEGORY, {argument(name='subject')}))]"),
        "test_names_are_not_taken",
        "with an argument 'subject'",
    ),
    "has an argument in capitals": (
        register(f"[make(arguments=({argument(name='Days')},))]"),
        "test_names_are_words_in_lower_case",
        "argument 'Days': only lower case",
    ),
    "does not explain itself": (
        register("[make(help=' ')]"),
        "test_everything_is_explained",
        "compared has no help",
    ),
    "does not explain an argument": (
        register(f"[make(arguments=(CATEGORY, {argument(help='')}))]"),
        "test_everything_is_explained",
        "compared(days) has no help",
    ),
    "has a type of its own": (
        register(f"[make(arguments=(CATEGORY, {argument(type='money')}))]"),
        "test_everything_is_explained",
        "is of the type 'money'",
    ),
    "requires the second argument": (
        register("[make(arguments=(DAYS, CATEGORY))]"),
        "test_required_arguments_come_first",
        "an argument that is required comes after one that is not",
    ),
    "builds without an argument": (
        register("[make(build=lambda category: None)]"),
        "test_build_takes_the_declared_arguments",
        "cannot be called with",
    ),
    "builds with an argument more": (
        register("[make(build=lambda category, country, days=1: None)]"),
        "test_build_takes_the_declared_arguments",
        "cannot be called with",
    ),
    "builds a truth": (
        register("[make(build=lambda category, days=1: True)]"),
        "test_build_answers_an_expression",
        "build of compared answers a bool, not an expression",
    ),
    "builds while it registers": (
        register("[make(build=lambda category, days=1, built=build('x'): built)]"),
        "test_registering_needs_no_database",
        "register_functions imports sqlalchemy",
    ),
    "registers others each time": (
        register("[make(name=f'compared_{next(numbers)}')]"),
        "test_same_functions_twice",
        "other functions the second time",
    ),
}


def test_a_function_about_a_subject_passes_everything(expect_success):
    build = """
def build_lately(*, subject, category, days=365):
    from ballyhoo import tables
    return (subject.id > 0) & (tables.customers.c.created_at > subject.ago(days))

class It(Good):
    @hookimpl
    def register_functions(self):
        return [make(build=build_lately)]
"""
    expect_success(GOOD + build + USE, tests=9)


def test_an_author_says_about_whom_a_function_is_built(run_kit):
    source = """
class It(Good):
    @hookimpl
    def register_functions(self):
        return [make(build=lambda subject, category, days=1: subject.id.is_(None))]
"""
    test = "test_build_answers_an_expression"
    given = "    @pytest.fixture\n    def subject(self):\n        return None\n"
    assert run_kit(GOOD + source + USE, only=test).passed == {test}
    assert run_kit(GOOD + source + USE + given, only=test).failed == {test}


def test_each_bad_functions_fail_on_what_is_bad_about_it(expect_failures):
    expect_failures(GOOD, BAD, USE)


def test_arguments_of_an_author_are_built_with(run_kit):
    picky = "class It(Good):\n    @hookimpl\n    def register_functions(self):\n"
    picky += "        return [make(build=lambda category, days: build(NAMES[category], days))]\n"
    names = "NAMES = {'boots': 7}\n"
    test = "test_build_answers_an_expression"
    assert run_kit(GOOD + names + picky + USE, only=test).failed == {test}
    given = "    @pytest.fixture\n    def arguments(self):\n"
    given += "        return {'compared': {'category': 'boots', 'days': 3}}\n"
    assert run_kit(GOOD + names + picky + USE + given, only=test).passed == {test}
