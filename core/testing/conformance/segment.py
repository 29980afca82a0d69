"""The kit for plugins that select an audience."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

import pytest

from ...context import Artifacts
from ...recipe.binding import Binding
from ...registry import Registry
from ...stages import is_selectable
from ...store.view import StoreView
from ..samples import sample_store
from ..store import FakeStore
from .plugin import MakeContext, StageConformance
from .verdict import require

Select = Callable[..., Any]
_WHOLE = (list, tuple, set, frozenset, dict)


class SegmentConformance(StageConformance):
    """Holds a plugin to the contract of `segment`.

    Fixtures to supply: `plugin`. To override where needed: `options`, `store` (one in which the
    options find somebody), `settings`, `folder`, `artifacts`.
    """

    hook = "segment"

    @pytest.fixture
    def select(
        self, registry: Registry, binding: Binding, new_context: MakeContext, artifacts: Artifacts
    ) -> Select:
        """Call the hook, with another store or seed where one is given."""

        def call(**replaced: Any) -> Any:
            context = new_context(artifacts=artifacts, **replaced)
            return registry.call(
                binding.plugin, "segment", context=context, options=binding.options
            )

        return call

    def test_audience_is_ids_or_a_selectable(self, select: Select) -> None:
        """It answers our integer ids, or something that the database can select from."""
        answer = select()
        if is_selectable(answer):
            columns = len(answer.exported_columns)
            require(
                columns == 1, f"the selectable has {columns} columns; it must have the id alone"
            )
            return
        ids = _read(answer)
        require(
            ids,
            "the audience is empty, so that nothing can be tested; supply a `store` or `options` "
            "with which it finds somebody",
        )
        wrong = sorted({type(one).__name__ for one in ids if type(one) is not int})
        require(not wrong, f"ids must be of type int, not {', '.join(wrong)}")

    def test_audience_is_streamed(self, select: Select, store: StoreView) -> None:
        """A large audience is never held in memory as a whole."""
        watched = _WatchedStore(store)
        answer = select(store=watched)
        if is_selectable(answer):
            return
        require(
            not isinstance(answer, _WHOLE),
            f"the audience is a {type(answer).__name__}; yield the ids one by one",
        )
        require(
            not watched.read_to_the_end,
            f"{', '.join(watched.read_to_the_end)} was read to its end before the first id was "
            "asked for; make the hook a generator",
        )

    def test_same_audience_twice(self, select: Select) -> None:
        """The same options, store and seed give the same ids in the same order."""
        first, second = select(), select()
        if is_selectable(first):
            require(first.compare(second), "the same options give another selectable")
            return
        require(_read(first) == _read(second), "the same store and seed give another audience")

    def test_audience_of_a_store_of_any_size(self, select: Select) -> None:
        """An empty store, one customer and many are no reason to raise."""
        for customers in (0, 1, 24):
            store = sample_store(customers, 6) if customers else FakeStore()
            answer = select(store=store)
            require(
                is_selectable(answer) or isinstance(answer, Iterable),
                f"with {customers} customers in the store it answers a {type(answer).__name__}",
            )
            if not is_selectable(answer):
                _read(answer)


def _read(answer: Any) -> list[Any]:
    require(
        isinstance(answer, Iterable) and not isinstance(answer, str | bytes),
        f"the audience is a {type(answer).__name__}, not an iterable of ids",
    )
    return list(answer)


class _WatchedStore:
    """Passes everything on, and notes which of its streams were read to the end."""

    def __init__(self, store: StoreView) -> None:
        self._store = store
        self.read_to_the_end: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def customer_ids(self) -> Iterator[int]:
        yield from self._store.customer_ids()
        self.read_to_the_end.append("customer_ids()")

    def events(self, **asked: Any) -> Iterator[Any]:
        yield from cast(Any, self._store).events(**asked)
        self.read_to_the_end.append("events()")
