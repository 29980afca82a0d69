"""The kit for channels, over a channel of this test that sends by SMTP."""

from __future__ import annotations

import re

import pytest

from ballyhoo import Channel, FieldLimits, Options, hookimpl
from ballyhoo.plugins.email_channel.smtp import Envelope, deliver_by_smtp, read_server
from ballyhoo.plugins.outbox import normalise_address
from ballyhoo.testing import DeliverConformance

from ..scripted_server import ScriptedServer
from ..world import MailWorld
from .posting import HASTY, PATIENT

CONNECTIONS = 4


class PostOptions(Options):
    """No options."""


class Post:
    """A plugin that sends its fields as text to a server; the test says to which."""

    url = ""

    @hookimpl
    def channel(self) -> Channel:
        return Channel(
            name="email",
            address_field="email",
            normalise=normalise_address,
            fields={"subject": FieldLimits(max_chars=250)},
        )

    @hookimpl
    def render(self, context, options: PostOptions, messages):
        return [
            f"Message-ID: <{message.key}@test.example>\r\n\r\n{dict(message.fields)}\r\n".encode()
            for message in messages
        ]

    @hookimpl
    def deliver(self, context, options: PostOptions, dispatch) -> None:
        deliver_by_smtp(
            dispatch,
            read_server(self.url),
            lambda message: Envelope("news@test.example", message.address, message.content, True),
            connections=CONNECTIONS,
            messages_per_connection=5,
            pace=HASTY,
            timeouts=PATIENT,
        )


def find_key(accepted) -> str:
    found = re.match(rb"Message-ID: <([^@>]+)@", accepted.content)
    assert found is not None
    return found[1].decode()


class TestConversationKeepsTheContract(DeliverConformance):
    @pytest.fixture
    def world(self):
        with ScriptedServer() as server:
            yield MailWorld(server, find_key)

    @pytest.fixture
    def plugin(self, world):
        post = Post()
        post.url = world.url
        return post

    @pytest.fixture
    def connections(self):
        return CONNECTIONS

    @pytest.fixture
    def idempotent(self):
        # A mail server does not know a message again by its Message-ID.
        return False


class TestOneByOneKeepsTheContract(TestConversationKeepsTheContract):
    @pytest.fixture
    def world(self):
        with ScriptedServer(extensions=("8BITMIME", "SMTPUTF8")) as server:
            yield MailWorld(server, find_key)
