"""The delivery kit: a good channel passes all of it, and each bad one fails on what is bad."""

from __future__ import annotations

import pytest

GOOD = '''
import asyncio
from contextlib import contextmanager

class Refused(Exception): ...
class Deferred(Exception): ...


class Provider(World):
    """The other side in memory; it knows a message again by its key."""

    def __init__(self):
        self.taken, self.mood, self.knows_keys = [], "well", True

    def accepted(self):
        return list(self.taken)

    @contextmanager
    def be(self, mood):
        self.mood = mood
        yield
        self.mood = "well"

    def lose_answers(self): return self.be("silent")
    def refuse(self): return self.be("refusing")
    def defer(self): return self.be("deferring")
    def go_down(self): return self.be("down")

    def connect(self):
        if self.mood == "down":
            raise ConnectionRefusedError("nobody there")

    def take(self, message):
        if self.mood == "refusing":
            raise Refused
        if self.mood == "deferring":
            raise Deferred
        if message.key not in self.taken or not self.knows_keys:
            self.taken.append(message.key)
        if self.mood == "silent":
            raise TimeoutError


provider = Provider()


def normalise(address):
    bare = address.strip()
    if "@" not in bare or not bare.isprintable() or len(bare) > 320:
        raise ValueError("not an e-mail address")
    return bare.lower()


class Good:
    @hookimpl
    def channel(self):
        return Channel(
            name="pigeon",
            address_field="email",
            normalise=normalise,
            fields={"body": FieldLimits(max_chars=100)},
            required_fields=("body",),
        )

    @hookimpl
    def render(self, messages):
        return [message.fields["body"].encode() for message in messages]

    @hookimpl
    def deliver(self, dispatch):
        for message in dispatch:
            if self.can_connect(message, dispatch) and dispatch.mark(message):
                dispatch.settle(message, self.send(message))

    def can_connect(self, message, dispatch):
        try:
            provider.connect()
        except OSError:
            dispatch.settle(message, Receipt.later("nobody there"))
            return False
        return True

    def send(self, message):
        try:
            provider.take(message)
        except Refused:
            return Receipt.failed("it said never")
        except Deferred:
            return Receipt.later("it said not now")
        except TimeoutError:
            return Receipt.unknown("no answer")
        return Receipt.sent()


class Kit(DeliverConformance):
    __test__ = False

    @pytest.fixture
    def world(self):
        provider.__init__()
        return provider
'''

USE = """
class TestIt(Kit):
    @pytest.fixture
    def plugin(self):
        return It()
"""


ASYNC = """
class It(Good):
    @hookimpl
    def deliver(self, dispatch):
        asyncio.run(self.run(dispatch))

    async def run(self, dispatch):
        await asyncio.gather(*(self.work(dispatch) for _ in range(3)))

    async def work(self, dispatch):
        async for message in dispatch:
            try:
                provider.connect()
            except OSError:
                await dispatch.settle_async(message, Receipt.later("nobody there"))
                continue
            if await dispatch.mark_async(message):
                await dispatch.settle_async(message, self.send(message))
"""

THREADS = """
from concurrent.futures import ThreadPoolExecutor

class It(Good):
    @hookimpl
    def deliver(self, dispatch):
        with ThreadPoolExecutor(3) as pool:
            for done in [pool.submit(Good.deliver, self, dispatch) for _ in range(3)]:
                done.result()
"""

THREE_CONNECTIONS = """
    @pytest.fixture
    def connections(self):
        return 3
"""


def test_good_channel_passes_everything_and_nothing_is_skipped(expect_success):
    expect_success(GOOD + "class It(Good): ...\n" + USE, tests=33)


@pytest.mark.parametrize("channel", [ASYNC, THREADS], ids=["async", "threads"])
def test_good_channel_with_three_connections_passes_everything(expect_success, channel):
    expect_success(GOOD + channel + USE + THREE_CONNECTIONS, tests=33)


def test_channel_without_keys_passes_when_the_author_says_so(run_kit):
    forgetful = """
class It(Good):
    @hookimpl
    def deliver(self, dispatch):
        provider.knows_keys = False
        Good.deliver(self, dispatch)
"""
    said = """
    @pytest.fixture
    def idempotent(self):
        return False  # pigeons do not know what they carry
"""
    test = "test_message_delivered_again_does_not_arrive_twice"
    assert run_kit(GOOD + forgetful + USE, only=test).failed == {test}
    assert run_kit(GOOD + forgetful + USE + said, only=test).passed == {test}


def deliver(body: str) -> str:
    """Return a channel whose deliver does this for each message."""
    lines = "".join(f"            {line}\n" for line in body.strip().splitlines())
    head = "class It(Good):\n    @hookimpl\n    def deliver(self, dispatch):\n"
    return f"{head}        for message in dispatch:\n{lines}"


CHECKED = "if not self.can_connect(message, dispatch): continue\n"

BAD = {
    "sends past a refused mark": (
        deliver(CHECKED + "dispatch.mark(message)\ndispatch.settle(message, self.send(message))"),
        "test_refused_mark_is_obeyed",
        "went out past a refused mark",
    ),
    "settles after a refused mark": (
        deliver(
            CHECKED + "granted = dispatch.mark(message)\n"
            "dispatch.settle(message, self.send(message) if granted else Receipt.failed('no'))"
        ),
        "test_refused_mark_is_obeyed",
        "after its mark was refused",
    ),
    "stops at a refused mark": (
        deliver(
            CHECKED + "if not dispatch.mark(message): return\n"
            "dispatch.settle(message, self.send(message))"
        ),
        "test_refused_mark_is_obeyed",
        "must be settled as sent",
    ),
    "says failed when the answer is lost": (
        "class It(Good):\n    def send(self, message):\n"
        "        receipt = super().send(message)\n"
        "        return Receipt.failed('time') if receipt.outcome == 'unknown' else receipt\n",
        "test_lost_answer_is_unknown",
        "settled as failed",
    ),
    "says later when the answer is lost": (
        "class It(Good):\n    def send(self, message):\n"
        "        receipt = super().send(message)\n"
        "        return Receipt.later('time') if receipt.outcome == 'unknown' else receipt\n",
        "test_lost_answer_is_unknown",
        "settled as later",
    ),
    "sends again when the answer is lost": (
        "class It(Good):\n    def send(self, message):\n"
        "        provider.knows_keys = False\n"
        "        receipt = super().send(message)\n"
        "        return super().send(message) if receipt.outcome == 'unknown' else receipt\n",
        "test_lost_answer_is_unknown",
        "was sent again because no answer came",
    ),
    "says nothing when the answer is lost": (
        deliver(
            CHECKED + "if dispatch.mark(message):\n"
            "    receipt = self.send(message)\n"
            "    if receipt.outcome != 'unknown': dispatch.settle(message, receipt)"
        ),
        "test_lost_answer_is_unknown",
        "settled as nothing",
    ),
    "marks everything first": (
        "class It(Good):\n    @hookimpl\n    def deliver(self, dispatch):\n"
        "        marked = [one for one in dispatch if self.can_connect(one, dispatch)\n"
        "                  and dispatch.mark(one)]\n"
        "        for one in marked: dispatch.settle(one, self.send(one))\n",
        "test_messages_are_not_marked_ahead",
        "5 messages were marked at the same time over 1 connection(s)",
    ),
    "marks after sending": (
        deliver(
            CHECKED + "receipt = self.send(message)\n"
            "if dispatch.mark(message): dispatch.settle(message, receipt)"
        ),
        "test_mark_comes_before_the_message_is_out",
        "was out before its mark",
    ),
    "never marks": (
        deliver(CHECKED + "dispatch.settle(message, self.send(message))"),
        "test_mark_comes_before_the_message_is_out",
        "went out without a mark",
    ),
    "settles as sent without a mark": (
        deliver(CHECKED + "dispatch.settle(message, self.send(message))"),
        "test_protocol_is_kept",
        "settled as sent without a mark",
    ),
    "swallows a mark that cannot be stored": (
        deliver(
            CHECKED + "try: granted = dispatch.mark(message)\n"
            "except Exception: granted = True\n"
            "if granted: dispatch.settle(message, self.send(message))"
        ),
        "test_nothing_goes_out_when_marks_cannot_be_stored",
        "went out without a mark",
    ),
    "marks before it knows that somebody is there": (
        deliver(
            "if dispatch.mark(message) and self.can_connect(message, dispatch):\n"
            "    dispatch.settle(message, self.send(message))"
        ),
        "test_unreachable_other_side_is_later_and_not_marked",
        "marked though nobody was there",
    ),
    "gives up when nobody is there": (
        deliver(
            "try: provider.connect()\n"
            "except OSError: return\n"
            "if dispatch.mark(message): dispatch.settle(message, self.send(message))"
        ),
        "test_protocol_is_kept",
        "claimed and forgotten",
    ),
    "takes a refusal for good for one for now": (
        "class It(Good):\n    def send(self, message):\n"
        "        receipt = super().send(message)\n"
        "        return Receipt.later('no') if receipt.outcome == 'failed' else receipt\n",
        "test_definite_refusal_is_failed",
        "must be settled as failed",
    ),
    "takes a refusal for now for one for good": (
        "class It(Good):\n    def send(self, message):\n"
        "        receipt = super().send(message)\n"
        "        return Receipt.failed('no') if receipt.outcome == 'later' else receipt\n",
        "test_definite_deferral_is_later",
        "must be settled as later",
    ),
    "raises at a refusal": (
        deliver(
            CHECKED + "if dispatch.mark(message):\n"
            "    receipt = self.send(message)\n"
            "    if receipt.outcome == 'failed': raise RuntimeError(receipt.detail)\n"
            "    dispatch.settle(message, receipt)"
        ),
        "test_trouble_with_one_message_does_not_stop_the_others",
        "raised RuntimeError",
    ),
    "stops at the first trouble": (
        deliver(
            CHECKED + "if not dispatch.mark(message): continue\n"
            "receipt = self.send(message)\n"
            "dispatch.settle(message, receipt)\n"
            "if receipt.outcome != 'sent': return"
        ),
        "test_trouble_with_one_message_does_not_stop_the_others",
        "of 5 messages only 0 were sent",
    ),
    "forgets every other message": (
        deliver(
            "if message.id % 2: continue\n"
            + CHECKED
            + "if dispatch.mark(message): dispatch.settle(message, self.send(message))"
        ),
        "test_each_message_arrives_once",
        "gave []",
    ),
    "sends everything twice": (
        "class It(Good):\n    def send(self, message):\n"
        "        provider.knows_keys = False\n"
        "        super().send(message)\n"
        "        return super().send(message)\n",
        "test_each_message_arrives_once",
        "gave ['sample-1-1', 'sample-1-1']",
    ),
    "says sent and sends nothing": (
        "class It(Good):\n    def send(self, message):\n        return Receipt.sent()\n",
        "test_each_message_arrives_once",
        "gave []",
    ),
    "settles twice": (
        deliver(
            CHECKED + "if dispatch.mark(message):\n"
            "    dispatch.settle(message, self.send(message))\n"
            "    dispatch.settle(message, Receipt.sent())"
        ),
        "test_protocol_is_kept",
        "settled twice",
    ),
    "settles with something else": (
        deliver(
            CHECKED + "if dispatch.mark(message):\n"
            "    self.send(message); dispatch.settle(message, 'sent')"
        ),
        "test_protocol_is_kept",
        "which is not a Receipt",
    ),
    "sends without a key": (
        "class It(Good):\n    def send(self, message):\n"
        "        provider.knows_keys = False\n"
        "        return super().send(message)\n",
        "test_message_delivered_again_does_not_arrive_twice",
        "arrived more often than 1 time(s)",
    ),
    "logs addresses": (
        "import logging\nclass It(Good):\n    def send(self, message):\n"
        "        logging.getLogger('x').debug('to %s', message.address)\n"
        "        return super().send(message)\n",
        "test_no_address_is_told",
        "stands in a log or receipt",
    ),
    "tells addresses in receipts": (
        "class It(Good):\n    def send(self, message):\n"
        "        receipt = super().send(message)\n"
        "        return Receipt(outcome=receipt.outcome, detail=f'{message.address}: no')\n",
        "test_no_address_is_told",
        "the address stands in a receipt",
    ),
    "is a coroutine": (
        "class It(Good):\n    @hookimpl\n    async def deliver(self, dispatch):\n        pass\n",
        "test_each_message_arrives_once",
        "deliver is a coroutine",
    ),
    "renders into the world": (
        "class It(Good):\n    @hookimpl\n    def render(self, messages):\n"
        "        for message in messages: provider.take(message)\n"
        "        return super().render(messages)\n",
        "test_render_is_pure",
        "rendering sent a message",
    ),
    "renders into the workspace": (
        "class It(Good):\n    @hookimpl\n    def render(self, context, messages):\n"
        "        (context.folder / 'draft').write_text('x')\n"
        "        return Good.render(self, messages)\n",
        "test_render_is_pure",
        "rendering wrote into the workspace",
    ),
    "renders otherwise each time": (
        "import itertools\nnumbers = itertools.count()\n"
        "class It(Good):\n    @hookimpl\n    def render(self, messages):\n"
        "        return [b'%d' % next(numbers) for message in messages]\n",
        "test_same_bytes_twice",
        "other bytes each time",
    ),
    "renders what stands beside it": (
        "class It(Good):\n    @hookimpl\n    def render(self, messages):\n"
        "        return [messages[0].key.encode() for message in messages]\n",
        "test_same_bytes_twice",
        "other bytes when the batch is turned around",
    ),
    "renders text": (
        "class It(Good):\n    @hookimpl\n    def render(self, messages):\n"
        "        return [message.fields['body'] for message in messages]\n",
        "test_each_message_of_a_batch_is_rendered",
        "where bytes is due",
    ),
    "drops a message in rendering": (
        "class It(Good):\n    @hookimpl\n    def render(self, messages):\n"
        "        return super().render(messages)[1:]\n",
        "test_each_message_of_a_batch_is_rendered",
        "entries for a batch of",
    ),
}
NORMALISER = """
def other(address):
    {body}

class It(Good):
    @hookimpl
    def channel(self):
        return Channel(
            name="pigeon", address_field="email", normalise=other,
            fields={{"body": FieldLimits()}}, required_fields={required},
        )
"""
BAD |= {
    "normalises further each time": (
        NORMALISER.format(body="return address[1:]", required=("body",)),
        "test_normaliser_is_idempotent",
        "becomes 'eader-1@example.com', and that becomes",
    ),
    "takes any address": (
        NORMALISER.format(body="return address", required=("body",)),
        "test_bad_address_is_refused_without_being_named",
        "is taken for an address",
    ),
    "names the address that it refuses": (
        NORMALISER.format(body="raise ValueError(f'{address} is bad')", required=("body",)),
        "test_bad_address_is_refused_without_being_named",
        "the reason holds the address",
    ),
    "requires a field that it cannot carry": (
        NORMALISER.format(body="return normalise(address)", required=("body", "title")),
        "test_channel_is_declared_the_same_twice",
        "required_fields names what is not in fields: ['title']",
    ),
    "declares something else each time": (
        "import itertools\nnumbers = itertools.count()\n"
        "class It(Good):\n    @hookimpl\n    def channel(self):\n"
        "        return Channel(name=f'pigeon {next(numbers)}', address_field='email',\n"
        "                       normalise=normalise, fields={'body': FieldLimits()})\n",
        "test_channel_is_declared_the_same_twice",
        "declares another 'name' the second time",
    ),
}


def test_each_bad_channel_fails_on_what_is_bad_about_it(expect_failures):
    expect_failures(GOOD, BAD, USE)


def test_world_that_takes_nothing_is_found_out(expect_failure):
    broken = "    def lose_answers(self): return self.be('deferring')\n"
    source = GOOD.replace('    def lose_answers(self): return self.be("silent")\n', broken)
    expect_failure(
        source + "class It(Good): ...\n" + USE,
        "test_lost_answer_is_unknown",
        "the other side took nothing under lose_answers()",
    )


def test_author_without_a_world_is_told_what_to_write(expect_failure):
    source = "class TestIt(DeliverConformance):\n    @pytest.fixture\n    def plugin(self):\n"
    good = GOOD + "class It(Good): ...\n"
    expect_failure(
        good + source + "        return It()\n", "test_render_is_pure", "def world(self):"
    )


def test_author_of_another_kind_of_address_is_told_what_to_write(expect_failure):
    channel = "class It(Good): ...\n"
    good = GOOD.replace('address_field="email"', 'address_field="loft"')
    expect_failure(good + channel + USE, "test_protocol_is_kept", "supply a fixture `addresses`")
