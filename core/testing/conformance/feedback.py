"""The kit for plugins that are told what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from ...event import OF_MESSAGES, Event, JsonValue
from ...registry import Registry
from ..invented import HOSTILE_TEXTS, SAMPLE_NOW
from ..samples import sample_events
from .plugin import MakeContext, PluginConformance
from .verdict import require

Tell = Callable[[Sequence[Event]], None]
Learnt = Callable[[], object]


class FeedbackConformance(PluginConformance):
    """Holds a plugin to the contract of `feedback`.

    Fixtures to supply: `plugin`, and `learnt` where the plugin's state can be seen. To override
    where needed: `events`, `settings`, `folder`, `store`.
    """

    hook = "feedback"

    @pytest.fixture
    def learnt(self) -> Learnt:
        """A function that answers what the plugin has learnt, as something to compare.

        The kit compares it after the same events were told once and again.
        """
        return lambda: None

    @pytest.fixture
    def events(self) -> list[Event]:
        """What is told: of messages, purchases and views, and of kinds that nobody knows."""
        about: dict[str, JsonValue] = {
            "message": 7, "run": 1, "campaign": "letter", "variant": None, "channel": "email",
        }  # fmt: skip
        messages = [
            Event(
                id=f"#message/{number}", type=kind, at=SAMPLE_NOW, customer_id=1, properties=about
            )
            for number, kind in enumerate((*OF_MESSAGES, "conversion"))
        ]
        odd = [
            Event(id=f"odd-{number}", type="sighting", at=SAMPLE_NOW, properties={"note": text})
            for number, text in enumerate(HOSTILE_TEXTS)
        ]
        return [*messages, *sample_events(6), *odd]

    @pytest.fixture
    def tell(self, registry: Registry, plugin_name: str, new_context: MakeContext) -> Tell:
        """Call the hook with a batch."""

        def call(events: Sequence[Event]) -> None:
            answered = registry.call(plugin_name, "feedback", context=new_context(), events=events)
            require(answered is None, f"feedback answers a {type(answered).__name__}, not nothing")

        return call

    def test_batch_of_any_size_is_taken(
        self, tell: Tell, learnt: Learnt, events: list[Event]
    ) -> None:
        """None, one and many are taken; a batch of none teaches nothing."""
        before = learnt()
        tell([])
        require(learnt() == before, "an empty batch changes what it has learnt")
        tell(events[:1])
        tell(events)

    def test_same_event_twice_is_harmless(
        self, tell: Tell, learnt: Learnt, events: list[Event]
    ) -> None:
        """An event that comes again, alone or in one batch with itself, teaches nothing new."""
        tell(events)
        once = learnt()
        tell(events)
        require(learnt() == once, "events told a second time change what it has learnt")
        tell([events[0], events[0], *events[-1:]])
        require(learnt() == once, "an event told twice in one batch changes what it has learnt")

    def test_event_about_nobody_and_nothing_is_taken(self, tell: Tell, events: list[Event]) -> None:
        """Customer, product and value may be unknown, or unknown to the store."""
        bare = replace(events[0], id="bare", customer_id=None, product_id=None, value=None)
        strange = replace(events[0], id="strange", customer_id=2**40, product_id=2**40)
        tell([bare, strange, replace(bare, id="few", quantity=0, currency=None)])
