"""The kit for channels: nobody twice, nobody missed, and a receipt that is true."""

from __future__ import annotations

import inspect
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from typing import Any

import pytest

from ...context import Context
from ...errors import BallyhooError, EnvironmentMissing
from ...message import Message
from ...recipe.binding import Binding
from ...registry import Registry
from ..dispatch import MemoryDispatch
from .render import Render, RenderConformance
from .verdict import require
from .world import World

Deliver = Callable[..., MemoryDispatch]
TROUBLES = ("lose_answers", "refuse", "defer", "go_down")


class DeliverConformance(RenderConformance):
    """Holds a plugin to the contract of `deliver`, `render` and `channel`.

    Fixtures to supply: `plugin`, and `world`, the other side as a `World`. To override where
    needed: `options`, `connections` (how many messages it sends at the same time), `idempotent`,
    `addresses` and `bad_addresses`, `settings`, `folder`, `store`.
    """

    @pytest.fixture
    def idempotent(self) -> bool:
        """Whether the other side knows a message again by its key.

        An author says False, with the reason beside it, for a provider that has nothing of the
        kind; then a message that is delivered again may arrive again, once.
        """
        return True

    @pytest.fixture
    def ready(self, render: Render, messages: list[Message]) -> list[Message]:
        """Messages as a channel gets them: with the bytes that `render` made."""
        return render(messages)

    @pytest.fixture
    def deliver(
        self, registry: Registry, binding: Binding, context_for: Callable[[str], Context]
    ) -> Deliver:
        """Call the hook with messages, and return the dispatch after its end."""

        def call(messages: Sequence[Message], **hooks: Any) -> MemoryDispatch:
            with MemoryDispatch(messages, **hooks) as dispatch:
                try:
                    answered = registry.call(
                        binding.plugin,
                        "deliver",
                        context=context_for(binding.plugin),
                        options=binding.options,
                        dispatch=dispatch,
                    )
                except EnvironmentMissing as error:
                    answered, dispatch.missing = None, error
            if inspect.iscoroutine(answered):
                answered.close()
                pytest.fail("deliver is a coroutine; run it inside of deliver: asyncio.run(...)")
            require(answered is None, f"deliver answers a {type(answered).__name__}, not nothing")
            return dispatch

        return call

    def test_each_message_arrives_once(
        self, deliver: Deliver, world: World, ready: list[Message]
    ) -> None:
        """None, one and many: every message is taken exactly once, and settled as sent."""
        deliver([])
        require(not world.accepted(), "something was sent when nothing was due")
        deliver(ready[:1])
        require(world.accepted() == [ready[0].key], f"one message gave {world.accepted()}")
        dispatch = deliver(ready[1:])
        require(
            Counter(world.accepted()) == Counter(message.key for message in ready),
            f"{[message.key for message in ready]} gave {world.accepted()}",
        )
        _require_outcomes(dispatch, ready[1:], "sent")

    def test_mark_comes_before_the_message_is_out(
        self, deliver: Deliver, world: World, ready: list[Message]
    ) -> None:
        """At the moment of its mark nobody has the message yet, and without one nobody gets it."""
        early: list[str] = []

        def look(message: Message) -> None:
            if message.key in world.accepted():
                early.append(message.key)

        dispatch = deliver(ready, on_mark=look)
        require(not early, f"was out before its mark: {early}")
        unmarked = set(world.accepted()) - set(dispatch.marked)
        require(not unmarked, f"went out without a mark: {sorted(unmarked)}")

    def test_messages_are_not_marked_ahead(
        self, deliver: Deliver, ready: list[Message], connections: int
    ) -> None:
        """At most one message of each connection is marked and not settled at any moment."""
        dispatch = deliver(ready)
        require(
            dispatch.most_marked <= connections,
            f"{dispatch.most_marked} messages were marked at the same time over {connections} "
            "connection(s); mark a message right before it leaves, and settle it right after",
        )

    def test_refused_mark_is_obeyed(
        self, deliver: Deliver, world: World, ready: list[Message]
    ) -> None:
        """A message whose mark is refused is neither sent nor settled; the others go on."""
        refused = {message.key for message in ready[::2]}
        dispatch = deliver(ready, refuse=refused)
        passed = refused & set(world.accepted())
        require(not passed, f"went out past a refused mark: {sorted(passed)}")
        require(not dispatch.breaches, "\n".join(dispatch.breaches))
        others = [message for message in ready if message.key not in refused]
        _require_outcomes(dispatch, others, "sent")

    def test_nothing_goes_out_when_marks_cannot_be_stored(
        self, deliver: Deliver, world: World, ready: list[Message]
    ) -> None:
        """When the ledger is gone, and marking raises, nothing is sent."""

        def fail(message: Message) -> None:
            raise ConnectionError("the database does not answer")

        with suppress(BallyhooError):
            deliver(ready, on_mark=fail)
        require(not world.accepted(), f"went out without a mark: {world.accepted()}")

    def test_lost_answer_is_unknown(
        self, deliver: Deliver, world: World, ready: list[Message]
    ) -> None:
        """What may be out is settled as unknown, or as sent on evidence; never as not sent."""
        with world.lose_answers():
            dispatch = deliver(ready)
        require(
            world.accepted(),
            "the other side took nothing under lose_answers(); it must take the message and lose "
            "only its answer",
        )
        wrong = [
            f"{key}: settled as {getattr(dispatch.receipts.get(key), 'outcome', 'nothing')}"
            for key in dispatch.marked
            if getattr(dispatch.receipts.get(key), "outcome", None) not in ("unknown", "sent")
        ]
        require(not wrong, "the answer was lost, so it may be out:\n" + "\n".join(wrong))
        twice = [key for key, count in Counter(world.accepted()).items() if count > 1]
        require(not twice, f"was sent again because no answer came: {twice}")

    def test_definite_refusal_is_failed(
        self, deliver: Deliver, world: World, ready: list[Message]
    ) -> None:
        """A no for good is settled as failed, and nothing is out."""
        with world.refuse():
            dispatch = deliver(ready)
        require(not world.accepted(), "the other side took a message under refuse()")
        _require_outcomes(dispatch, ready, "failed")

    def test_definite_deferral_is_later(
        self, deliver: Deliver, world: World, ready: list[Message]
    ) -> None:
        """A no for now is settled as later, nothing is out, and later it goes through."""
        with world.defer():
            dispatch = deliver(ready)
        require(not world.accepted(), "the other side took a message under defer()")
        _require_outcomes(dispatch, ready, "later")
        _require_outcomes(deliver(ready), ready, "sent")

    def test_unreachable_other_side_is_later_and_not_marked(
        self, deliver: Deliver, world: World, ready: list[Message]
    ) -> None:
        """Nobody there: nothing is marked, and later it goes through.

        Either each message is settled as later, or the channel raises EnvironmentMissing, and the
        run waits for the other side.
        """
        with world.go_down():
            dispatch = deliver(ready)
        require(not dispatch.marked, f"marked though nobody was there: {dispatch.marked}")
        if dispatch.missing is None:
            _require_outcomes(dispatch, ready, "later")
        _require_outcomes(deliver(ready), ready, "sent")

    def test_message_delivered_again_does_not_arrive_twice(
        self, deliver: Deliver, world: World, ready: list[Message], idempotent: bool
    ) -> None:
        """What the other side has already, it knows again by its key."""
        with world.lose_answers():
            deliver(ready)
        _require_outcomes(deliver(ready), ready, "sent")
        most = 1 if idempotent else 2
        often = {key: count for key, count in Counter(world.accepted()).items() if count > most}
        require(not often, f"arrived more often than {most} time(s): {often}")

    @pytest.mark.parametrize("trouble", ["lose_answers", "refuse", "defer"])
    def test_trouble_with_one_message_does_not_stop_the_others(
        self,
        deliver: Deliver,
        world: World,
        ready: list[Message],
        connections: int,
        trouble: str,
    ) -> None:
        """The trouble ends with the first receipt; whatever was not under way then arrives."""
        with ExitStack() as stack:
            stack.enter_context(_make_trouble(world, trouble))
            dispatch = deliver(ready, on_settle=lambda message, receipt: stack.close())
        sent = [key for key, state in dispatch.states.items() if state == "sent"]
        require(
            len(sent) >= len(ready) - connections,
            f"of {len(ready)} messages only {len(sent)} were sent, though no more than "
            f"{connections} can have met the trouble",
        )

    @pytest.mark.parametrize("trouble", [None, *TROUBLES])
    def test_protocol_is_kept(
        self, deliver: Deliver, world: World, ready: list[Message], trouble: str | None
    ) -> None:
        """Claimed, marked, settled, once each and in this order, and nothing is left over."""
        with _make_trouble(world, trouble):
            dispatch = deliver(ready)
        require(not dispatch.breaches, "\n".join(dispatch.breaches))
        is_missing = trouble == "go_down" and dispatch.missing is not None
        forgotten = [] if is_missing else dispatch.left_claimed
        require(not forgotten, f"claimed and forgotten: {forgotten}")
        require(not dispatch.left_marked, f"marked and not settled: {dispatch.left_marked}")

    @pytest.mark.parametrize("trouble", [None, *TROUBLES])
    def test_no_address_is_told(
        self,
        deliver: Deliver,
        world: World,
        ready: list[Message],
        trouble: str | None,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """Neither a receipt nor a log line holds the address of a recipient."""
        caplog.set_level(logging.DEBUG)
        with _make_trouble(world, trouble):
            dispatch = deliver(ready)
        receipts = map(repr, dispatch.receipts.values())
        missing = [] if dispatch.missing is None else [str(dispatch.missing)]
        said = "\n".join([caplog.text, *dispatch.breaches, *receipts, *missing])
        told = [message.key for message in ready if message.address in said]
        require(not told, f"the address of these messages stands in a log or receipt: {told}")
        require("holds the address" not in said, "the address stands in a receipt")


def _make_trouble(world: World, trouble: str | None) -> AbstractContextManager[object]:
    if trouble is None:
        return nullcontext()
    made: AbstractContextManager[object] = getattr(world, trouble)()
    return made


def _require_outcomes(dispatch: MemoryDispatch, messages: Sequence[Message], outcome: str) -> None:
    __tracebackhide__ = True
    found = {
        message.key: getattr(dispatch.receipts.get(message.key), "outcome", "nothing")
        for message in messages
    }
    wrong = {key: one for key, one in found.items() if one != outcome}
    require(not wrong, f"must be settled as {outcome}: {wrong}")
