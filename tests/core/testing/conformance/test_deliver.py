"""The delivery kit: a good channel passes all of it, and each bad one fails on what is bad."""

from __future__ import annotations

import pytest

ASYNC = """
import asyncio

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


def test_good_channel_passes_everything_and_nothing_is_skipped(expect_success, pigeons):
    expect_success(pigeons.good + "It = Good\n" + pigeons.use, tests=33, light=True)


@pytest.mark.parametrize("channel", [ASYNC, THREADS], ids=["async", "threads"])
def test_good_channel_with_three_connections_passes_everything(expect_success, pigeons, channel):
    expect_success(pigeons.good + channel + pigeons.use + THREE_CONNECTIONS, tests=32)


def test_channel_without_keys_passes_when_the_author_says_so(run_kit, pigeons):
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
    source = pigeons.good + forgetful + pigeons.use
    test = "test_message_delivered_again_does_not_arrive_twice"
    assert run_kit(source, only=test).failed == {test}
    assert run_kit(source + said, only=test).passed == {test}


def test_world_that_takes_nothing_is_found_out(expect_failure, pigeons):
    broken = """
    @pytest.fixture
    def world(self):
        class Broken(Provider):
            def lose_answers(self):
                return self.be("deferring")

        provider.__class__ = Broken
        provider.__init__()
        yield provider
        provider.__class__ = Provider
"""
    expect_failure(
        pigeons.good + "It = Good\n" + pigeons.use + broken,
        "test_lost_answer_is_unknown",
        "the other side took nothing under lose_answers()",
    )


def test_author_without_a_world_is_told_what_to_write(expect_failure, pigeons):
    use = pigeons.use.replace("(Kit)", "(DeliverConformance)")
    source = pigeons.good + "It = Good\n" + use
    expect_failure(source, "test_render_is_pure", "def world(self):")


def test_author_of_another_kind_of_address_is_told_what_to_write(expect_failure, pigeons):
    lofts = """
from dataclasses import replace

class It(Good):
    @hookimpl
    def channel(self):
        return replace(Good.channel(self), address_field="loft")
"""
    source = pigeons.good + lofts + pigeons.use
    expect_failure(source, "test_protocol_is_kept", "supply a fixture `addresses`")
