"""What plugin authors test with: conformance kits, fakes, samples, a simulated clock.

Names are imported when they are first used; only the kits need pytest.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .core.testing.artifacts import FakeArtifacts
    from .core.testing.clock import SimulatedClock
    from .core.testing.conformance.deliver import DeliverConformance
    from .core.testing.conformance.feedback import FeedbackConformance
    from .core.testing.conformance.functions import FunctionsConformance
    from .core.testing.conformance.generate import GenerateConformance
    from .core.testing.conformance.recommend import RecommendConformance
    from .core.testing.conformance.respond import RespondConformance
    from .core.testing.conformance.review import ReviewConformance
    from .core.testing.conformance.routes import RoutesConformance
    from .core.testing.conformance.segment import SegmentConformance
    from .core.testing.conformance.train import TrainConformance
    from .core.testing.conformance.world import World
    from .core.testing.contexts import make_context
    from .core.testing.dispatch import MemoryDispatch, Transition
    from .core.testing.echo import always_objects, echo, no_objections
    from .core.testing.faults import faulty_channel, read_witness
    from .core.testing.invented import HOSTILE_TEXTS, SAMPLE_NOW
    from .core.testing.rehearsal import Rehearsal, rehearse
    from .core.testing.samples import (
        sample_addresses,
        sample_articles,
        sample_briefs,
        sample_customers,
        sample_enquiries,
        sample_events,
        sample_messages,
        sample_products,
        sample_store,
    )
    from .core.testing.store import FakeStore
    from .core.testing.web import MemoryInbox, MemoryWebApp, Suppression

_HOMES = {
    "artifacts": "FakeArtifacts",
    "clock": "SimulatedClock",
    "conformance.deliver": "DeliverConformance",
    "conformance.feedback": "FeedbackConformance",
    "conformance.functions": "FunctionsConformance",
    "conformance.generate": "GenerateConformance",
    "conformance.recommend": "RecommendConformance",
    "conformance.respond": "RespondConformance",
    "conformance.review": "ReviewConformance",
    "conformance.routes": "RoutesConformance",
    "conformance.segment": "SegmentConformance",
    "conformance.train": "TrainConformance",
    "conformance.world": "World",
    "contexts": "make_context",
    "dispatch": "MemoryDispatch Transition",
    "echo": "always_objects echo no_objections",
    "faults": "faulty_channel read_witness",
    "invented": "HOSTILE_TEXTS SAMPLE_NOW",
    "rehearsal": "Rehearsal rehearse",
    "samples": (
        "sample_addresses sample_articles sample_briefs sample_customers sample_enquiries "
        "sample_events sample_messages sample_products sample_store"
    ),
    "store": "FakeStore",
    "web": "MemoryInbox MemoryWebApp Suppression",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "HOSTILE_TEXTS",
    "SAMPLE_NOW",
    "DeliverConformance",
    "FakeArtifacts",
    "FakeStore",
    "FeedbackConformance",
    "FunctionsConformance",
    "GenerateConformance",
    "MemoryDispatch",
    "MemoryInbox",
    "MemoryWebApp",
    "RecommendConformance",
    "Rehearsal",
    "RespondConformance",
    "ReviewConformance",
    "RoutesConformance",
    "SegmentConformance",
    "SimulatedClock",
    "Suppression",
    "TrainConformance",
    "Transition",
    "World",
    "always_objects",
    "echo",
    "faulty_channel",
    "make_context",
    "no_objections",
    "read_witness",
    "rehearse",
    "sample_addresses",
    "sample_articles",
    "sample_briefs",
    "sample_customers",
    "sample_enquiries",
    "sample_events",
    "sample_messages",
    "sample_products",
    "sample_store",
]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'ballyhoo.testing' has no attribute '{name}'")
    value = getattr(import_module(f"ballyhoo.core.testing.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
