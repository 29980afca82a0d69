"""What every kit checks: registration, options, import; and that a kit is collected rightly."""

from __future__ import annotations

GOOD = """
class GoodOptions(Options):
    top: int = 3

class Good:
    @hookimpl
    def segment(self, context, options: GoodOptions):
        yield from context.store.customer_ids()
"""
USE = """
class TestIt(SegmentConformance):
    @pytest.fixture
    def plugin(self):
        return It
"""


def test_kits_themselves_are_not_collected(run_kit):
    run = run_kit("class TestNothing:\n    def test_nothing(self): pass\n")
    assert (run.passed, run.failed) == ({"test_nothing"}, frozenset())


def test_subclass_is_collected_whatever_its_name(run_kit):
    source = GOOD + "class It(Good): ...\n" + USE.replace("TestIt", "Segments")
    assert "test_same_audience_twice" in run_kit(source).passed


def test_kit_without_a_plugin_fails_with_what_to_write_and_never_skips(run_kit):
    run = run_kit("class TestIt(SegmentConformance): ...\n")
    assert run.passed == run.skipped == frozenset()
    assert "needs to know the plugin" in run.said
    assert "def plugin(self):" in run.said


def test_class_object_and_module_are_plugins(run_kit, pytester):
    pytester.makepyfile(
        acme="from ballyhoo import hookimpl\n@hookimpl\ndef segment(context):\n    yield 1\n"
    )
    for made in ("It", "It()", "acme"):
        source = "import acme\n" + GOOD + "class It(Good): ...\n" + USE.replace("It\n", f"{made}\n")
        source = source.replace(f"class Test{made}", "class TestIt")
        run = run_kit(source)
        assert (run.failed, run.skipped) == (frozenset(), frozenset()), run.said


def test_settings_are_read_as_those_of_ballyhoo_toml(run_kit):
    source = """
class Settings(Options):
    only: int

class It:
    Settings = Settings

    @hookimpl
    def segment(self, context):
        yield context.settings.only
"""
    test = "test_audience_is_ids_or_a_selectable"
    assert run_kit(source + USE, only=test).failed == {test}
    given = USE + "    @pytest.fixture\n    def settings(self):\n        return {'only': 7}\n"
    assert run_kit(source + given, only=test).passed == {test}


BAD = {
    "misspells a hook": (
        "class It:\n    @hookimpl\n    def segmnt(self, context): yield 1\n",
        "test_plugin_registers_and_has_the_hook",
        "there is no hook 'segmnt'",
    ),
    "has another hook": (
        "class It:\n    @hookimpl\n    def feedback(self, events): pass\n",
        "test_plugin_registers_and_has_the_hook",
        "has no hook 'segment'",
    ),
    "misspells an argument": (
        "class It:\n    @hookimpl\n    def segment(self, contxt): yield 1\n",
        "test_plugin_registers_and_has_the_hook",
        "no argument 'contxt'",
    ),
    "imports pandas": (
        "import sys, types\nsys.modules['pandas'] = types.ModuleType('pandas')\n"
        "class It(Good): ...\n",
        "test_import_is_light",
        "importing the plugin imports pandas",
    ),
    "imports SQLAlchemy": (
        "import sqlalchemy\nclass It(Good): ...\n",
        "test_import_is_light",
        "importing the plugin imports sqlalchemy",
    ),
    "lets unknown keys pass below": (
        "from pydantic import BaseModel\n"
        "class Inner(BaseModel):\n    deep: int = 1\n"
        "class Loose(Options):\n    inner: Inner = Inner()\n"
        "class It:\n    @hookimpl\n    def segment(self, options: Loose): yield 1\n",
        "test_unknown_option_is_refused",
        "Inner lets unknown keys pass",
    ),
    "has options that cannot be pickled": (
        "def make():\n    class Local(Options):\n        pass\n    return Local\n"
        "Local = make()\n"
        "class It:\n    @hookimpl\n    def segment(self, options: Local): yield 1\n",
        "test_options_survive_pickling",
        "pickle",
    ),
    "needs an option that is not given": (
        "class Needy(Options):\n    where: str\n"
        "class It:\n    @hookimpl\n    def segment(self, options: Needy): yield 1\n",
        "test_given_options_are_accepted",
        "'where' is missing",
    ),
}


def test_each_bad_plugin_fails_on_what_is_bad_about_it(expect_failures):
    expect_failures(GOOD, BAD, USE)


def test_options_of_the_wrong_type_are_named(expect_failure):
    use = USE + "    @pytest.fixture\n    def options(self):\n        return {'top': 'many'}\n"
    expect_failure(
        GOOD + "class It(Good): ...\n" + use,
        "test_given_options_are_accepted",
        "top: must be a whole number, not 'many'",
    )
