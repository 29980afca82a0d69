"""The ledger in memory grants, refuses and remembers as the ledger does, and believes nobody."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from ballyhoo import Receipt
from ballyhoo.testing import MemoryDispatch, Transition, sample_messages

SENT = Receipt.sent()


@pytest.fixture
def messages():
    return sample_messages(3)


@pytest.fixture
def key(messages):
    return messages[0].key


def claim_first(dispatch):
    return next(iter(dispatch))


def moves(dispatch, key):
    return [(one.before, one.after) for one in dispatch.transitions if one.key == key]


def test_message_is_claimed_marked_and_settled(messages, key):
    with MemoryDispatch(messages[:1]) as dispatch:
        assert dispatch.states == {key: "ready"}
        for message in dispatch:
            assert dispatch.states == {key: "claimed"}
            assert dispatch.mark(message) is True
            assert dispatch.states == {key: "sending"}
            dispatch.settle(message, SENT)
    assert dispatch.states == {key: "sent"}
    assert dispatch.receipts == {key: SENT}
    assert dispatch.marked == [key]
    assert dispatch.transitions == [
        Transition(key=key, before="ready", after="claimed"),
        Transition(key=key, before="claimed", after="sending"),
        Transition(key=key, before="sending", after="sent"),
    ]
    assert dispatch.breaches == dispatch.left_claimed == dispatch.left_marked == []


@pytest.mark.parametrize(
    ("receipt", "state"),
    [
        (Receipt.sent(), "sent"),
        (Receipt.later("full"), "ready"),
        (Receipt.failed("gone"), "failed"),
        (Receipt.unknown("no answer"), "unknown"),
    ],
)
def test_receipt_decides_what_becomes_of_a_marked_message(messages, key, receipt, state):
    with MemoryDispatch(messages) as dispatch:
        message = claim_first(dispatch)
        dispatch.mark(message)
        dispatch.settle(message, receipt)
    assert dispatch.states[key] == state
    assert dispatch.breaches == []


def test_message_settled_as_later_does_not_come_again(messages):
    with MemoryDispatch(messages) as dispatch:
        seen = []
        for message in dispatch:
            seen.append(message.key)
            dispatch.settle(message, Receipt.later("not now"))
    assert seen == [message.key for message in messages]


@pytest.mark.parametrize("receipt", [Receipt.later("not now"), Receipt.failed("never")])
def test_message_that_fails_before_its_mark_is_settled_without_one(messages, key, receipt):
    with MemoryDispatch(messages) as dispatch:
        dispatch.settle(claim_first(dispatch), receipt)
    assert dispatch.receipts == {key: receipt}
    assert dispatch.breaches == []
    assert dispatch.marked == []


@pytest.mark.parametrize("receipt", [Receipt.sent(), Receipt.unknown("no answer")])
def test_message_cannot_be_out_without_a_mark(messages, key, receipt):
    with MemoryDispatch(messages) as dispatch:
        dispatch.settle(claim_first(dispatch), receipt)
    assert dispatch.breaches == [f"{key}: settled as {receipt.outcome} without a mark"]
    assert dispatch.receipts == {}
    assert dispatch.states[key] == "ready"


def test_mark_is_granted_once(messages, key):
    with MemoryDispatch(messages) as dispatch:
        message = claim_first(dispatch)
        assert dispatch.mark(message) is True
        assert dispatch.mark(message) is False
        dispatch.settle(message, SENT)
        assert dispatch.mark(message) is False
    assert dispatch.breaches == [f"{key}: marked twice", f"{key}: marked after it was settled"]
    assert dispatch.states[key] == "sent"


def test_message_is_settled_once_and_the_first_receipt_stays(messages, key):
    with MemoryDispatch(messages) as dispatch:
        message = claim_first(dispatch)
        dispatch.mark(message)
        dispatch.settle(message, SENT)
        dispatch.settle(message, Receipt.failed("no"))
    assert dispatch.breaches == [f"{key}: settled twice"]
    assert dispatch.receipts == {key: SENT}
    assert dispatch.states[key] == "sent"


def test_message_that_was_not_claimed_is_not_the_channels(messages, key):
    with MemoryDispatch(messages) as dispatch:
        assert dispatch.mark(messages[0]) is False
        dispatch.settle(messages[0], Receipt.failed("no"))
    assert dispatch.breaches == [
        f"{key}: marked without having been claimed",
        f"{key}: settled without having been claimed",
    ]
    assert dispatch.states[key] == "ready"


def test_stranger_and_thing_that_is_no_message_are_breaches(messages, key):
    with MemoryDispatch(messages) as dispatch:
        claim_first(dispatch)
        assert dispatch.mark(replace(messages[0], key="stranger")) is False
        dispatch.settle(key, SENT)
    assert dispatch.breaches == [
        "marked something that is no message of this dispatch",
        "settled something that is no message of this dispatch",
    ]


def test_refused_mark_takes_the_message_from_the_channel(messages, key):
    with MemoryDispatch(messages, refuse={key}) as dispatch:
        message = claim_first(dispatch)
        assert dispatch.mark(message) is False
        assert dispatch.states[key] == "skipped"
        assert dispatch.breaches == []
        dispatch.settle(message, Receipt.failed("refused"))
        assert dispatch.mark(message) is False
    assert dispatch.breaches == [
        f"{key}: settled after its mark was refused; leave it alone then",
        f"{key}: marked after its mark was refused; leave it alone then",
    ]
    assert dispatch.states[key] == "skipped"
    assert dispatch.receipts == {}
    assert dispatch.marked == []


@pytest.mark.parametrize(
    ("receipt", "said"),
    [
        ("sent", "settled with a str, which is not a Receipt"),
        (None, "settled with a NoneType, which is not a Receipt"),
        (Receipt(outcome="gone"), "settled with the outcome 'gone', which there is not"),
        (Receipt.sent(detail="to reader-1@example.com"), "a detail that holds the address"),
    ],
)
def test_receipt_that_is_none_is_a_breach_and_the_message_becomes_unknown(
    messages, key, receipt, said
):
    with MemoryDispatch(messages) as dispatch:
        message = claim_first(dispatch)
        dispatch.mark(message)
        dispatch.settle(message, receipt)
    [breach] = dispatch.breaches
    assert said in breach
    assert "example.com" not in breach
    assert dispatch.states[key] == "unknown"


def test_end_gives_back_what_is_claimed_and_doubts_what_was_marked(messages):
    with MemoryDispatch(messages) as dispatch:
        claims = iter(dispatch)
        dispatch.mark(next(claims))
        next(claims)
    one, two, three = (message.key for message in messages)
    assert dispatch.states == {one: "unknown", two: "ready", three: "ready"}
    assert (dispatch.left_marked, dispatch.left_claimed) == ([one], [two])
    assert moves(dispatch, one)[-1] == ("sending", "unknown")
    assert moves(dispatch, two)[-1] == ("claimed", "ready")
    assert moves(dispatch, three) == []


def test_end_is_the_same_when_deliver_raises_and_the_error_comes_out(messages, key):
    dispatch = MemoryDispatch(messages)

    def deliver():
        with dispatch:
            dispatch.mark(claim_first(dispatch))
            raise ConnectionError("gone")

    with pytest.raises(ConnectionError, match="gone"):
        deliver()
    assert dispatch.states[key] == "unknown"


def test_finishing_twice_does_no_harm(messages):
    with MemoryDispatch(messages) as dispatch:
        claim_first(dispatch)
        dispatch.finish()
    assert dispatch.left_claimed == [messages[0].key]


def test_nothing_is_granted_after_the_end(messages, key):
    dispatch = MemoryDispatch(messages)
    message = claim_first(dispatch)
    dispatch.finish()
    assert dispatch.mark(message) is False
    dispatch.settle(message, Receipt.failed("late"))
    assert list(dispatch) == []
    assert dispatch.breaches == [
        f"{key}: marked after deliver had ended",
        f"{key}: settled after deliver had ended",
    ]


def test_most_marked_is_what_was_open_at_one_moment(messages):
    with MemoryDispatch(messages) as dispatch:
        one, two, three = dispatch
        for message in (one, two):
            dispatch.mark(message)
        assert dispatch.most_marked == 2
        for message in (one, two):
            dispatch.settle(message, SENT)
        dispatch.mark(three)
        dispatch.settle(three, SENT)
    assert dispatch.most_marked == 2


def test_iterators_share_what_is_due(messages):
    with MemoryDispatch(messages) as dispatch:
        one, two = iter(dispatch), iter(dispatch)
        assert [next(one).key, next(two).key, next(one).key] == [one.key for one in messages]
        assert next(two, None) is None


def test_hooks_are_called_at_the_moment_they_are_named_for(messages, key):
    seen = []
    dispatch = MemoryDispatch(
        messages[:2],
        refuse={messages[1].key},
        on_claim=lambda message: seen.append(("claim", message.key, states())),
        on_mark=lambda message: seen.append(("mark", message.key, states())),
        on_settle=lambda message, receipt: seen.append(("settle", receipt.outcome, states())),
    )

    def states():
        return list(dispatch.states.values())

    with dispatch:
        for message in dispatch:
            if dispatch.mark(message):
                dispatch.settle(message, SENT)
    other = messages[1].key
    assert seen == [
        ("claim", key, ["claimed", "ready"]),
        ("mark", key, ["claimed", "ready"]),
        ("settle", "sent", ["sent", "ready"]),
        ("claim", other, ["sent", "claimed"]),
        ("mark", other, ["sent", "claimed"]),
    ]


def test_what_a_mark_raises_comes_out_and_nothing_moved(messages, key):
    def fail(message):
        raise ConnectionError("the database is gone")

    with MemoryDispatch(messages, on_mark=fail) as dispatch:
        message = claim_first(dispatch)
        with pytest.raises(ConnectionError):
            dispatch.mark(message)
        assert dispatch.states[key] == "claimed"
    assert dispatch.marked == []


def test_two_messages_with_one_key_are_refused(messages):
    with pytest.raises(ValueError, match="two messages have the same key"):
        MemoryDispatch([messages[0], messages[0]])


def test_awaitable_form_does_the_same_and_lets_others_run(messages):
    order = []

    async def work(name, dispatch):
        async for message in dispatch:
            order.append((name, message.key))
            if await dispatch.mark_async(message):
                await dispatch.settle_async(message, SENT)

    async def deliver(dispatch):
        await asyncio.gather(work("a", dispatch), work("b", dispatch))

    with MemoryDispatch(messages, refuse={messages[2].key}) as dispatch:
        asyncio.run(deliver(dispatch))
    assert list(dispatch.states.values()) == ["sent", "sent", "skipped"]
    assert dispatch.breaches == []
    assert {name for name, _ in order} == {"a", "b"}
    assert dispatch.most_marked == 2


def test_several_threads_never_get_the_same_message():
    messages = sample_messages(200)
    seen = []

    def work(dispatch):
        for message in dispatch:
            seen.append(message.key)
            if dispatch.mark(message):
                dispatch.settle(message, SENT)

    with MemoryDispatch(messages) as dispatch:
        threads = [threading.Thread(target=work, args=(dispatch,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(seen) == sorted(message.key for message in messages)
    assert set(dispatch.states.values()) == {"sent"}
    assert dispatch.breaches == []
    assert dispatch.most_marked <= 4
