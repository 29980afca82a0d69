"""A channel as it should be, and the other side of it in memory; bad ones are made from it."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from ballyhoo import Channel, FieldLimits, Receipt, hookimpl
from ballyhoo.testing import DeliverConformance, World


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

    def lose_answers(self):
        return self.be("silent")

    def refuse(self):
        return self.be("refusing")

    def defer(self):
        return self.be("deferring")

    def go_down(self):
        return self.be("down")

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
