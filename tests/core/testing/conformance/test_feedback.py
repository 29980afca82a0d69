"""The feedback kit: a good plugin passes, and each bad one fails on what is bad."""

from __future__ import annotations

GOOD = """
class Good:
    def __init__(self):
        self.seen = {}

    @hookimpl
    def feedback(self, context, events):
        for event in events:
            self.seen[event.id] = event.type
"""
USE = """
class TestIt(FeedbackConformance):
    @pytest.fixture
    def plugin(self):
        return It()

    @pytest.fixture
    def learnt(self, plugin):
        return lambda: repr(plugin.seen)
"""


def feedback(body: str) -> str:
    head = "class It(Good):\n    @hookimpl\n    def feedback(self, context, events):\n"
    return head + "".join(f"        {line}\n" for line in body.splitlines())


def test_good_plugin_passes_everything(expect_success):
    expect_success(GOOD + "class It(Good): ...\n" + USE, tests=5)


def test_plugin_whose_state_nobody_sees_passes_too(expect_success):
    unseen = USE.partition("    @pytest.fixture\n    def learnt")[0]
    expect_success(GOOD + "class It(Good): ...\n" + unseen, tests=5)


BAD = {
    "counts every time": (
        feedback("for event in events: self.seen[event.type] = self.seen.get(event.type, 0) + 1"),
        "test_same_event_twice_is_harmless",
        "events told a second time change what it has learnt",
    ),
    "counts batches": (
        feedback("self.seen['batches'] = self.seen.get('batches', 0) + 1"),
        "test_batch_of_any_size_is_taken",
        "an empty batch changes what it has learnt",
    ),
    "needs an event": (
        feedback("self.seen[events[0].id] = 1"),
        "test_batch_of_any_size_is_taken",
        "raised IndexError",
    ),
    "remembers its last batch to know repeats": (
        feedback(
            "if list(events) == self.seen.get('last'): return\n"
            "self.seen['last'] = list(events)\n"
            "for event in events: self.seen[event.type] = self.seen.get(event.type, 0) + 1"
        ),
        "test_same_event_twice_is_harmless",
        "an event told twice in one batch changes what it has learnt",
    ),
    "needs a customer": (
        feedback("for event in events: self.seen[event.customer_id + 0] = 1"),
        "test_event_about_nobody_and_nothing_is_taken",
        "raised TypeError",
    ),
    "answers": (
        feedback("return len(events)"),
        "test_batch_of_any_size_is_taken",
        "feedback answers a int, not nothing",
    ),
}


def test_each_bad_plugin_fails_on_what_is_bad_about_it(expect_failures):
    expect_failures(GOOD, BAD, USE)
