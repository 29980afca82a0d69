"""The e-mail channel is held to the contract of channels, over a real server on loopback."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from ballyhoo import Sender, Senders
from ballyhoo.plugins.email_channel import channel as email_channel
from ballyhoo.testing import DeliverConformance

from .scripted_server import Accepted, ScriptedServer
from .world import MailWorld


def find_key(accepted: Accepted) -> str:
    """Return the key that inert links put into the Message-ID."""
    found = re.search(rb"^Message-ID: <preview-(\S+)\.\d+@", accepted.content, re.MULTILINE)
    assert found is not None
    return found[1].decode()


class TestEmailKeepsTheContract(DeliverConformance):
    @pytest.fixture
    def plugin(self) -> object:
        return email_channel

    @pytest.fixture
    def options(self) -> dict[str, object]:
        return {"from": "Fernpfad <news@shop.example>", "connections": 3}

    @pytest.fixture
    def connections(self) -> int:
        return 3

    @pytest.fixture
    def idempotent(self) -> bool:
        return False  # a mail server takes the same message twice

    @pytest.fixture
    def world(self) -> Iterator[MailWorld]:
        with ScriptedServer() as server:
            yield MailWorld(server, find_key)

    @pytest.fixture
    def senders(self, world: MailWorld) -> Senders:
        return Senders({"default": Sender(smtp_url=SecretStr(world.url))})


class TestEmailOverOneConnectionKeepsTheContract(TestEmailKeepsTheContract):
    @pytest.fixture
    def options(self) -> dict[str, object]:
        return {
            "from": "news@shop.example",
            "connections": 1,
            "messages_per_connection": 2,
            "button": {"text": "Look", "url": "https://shop.example/"},
        }

    @pytest.fixture
    def connections(self) -> int:
        return 1
