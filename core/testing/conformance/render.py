"""The part of the delivery kit that is about `channel` and `render`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from pathlib import Path

import pytest

from ...brief import FieldLimits
from ...context import Context
from ...message import Channel, Message
from ...recipe.binding import Binding
from ...registry import Registry
from ...stages import render_messages
from ..invented import HOSTILE_TEXTS
from ..samples import sample_addresses, sample_messages
from .plugin import StageConformance
from .verdict import require
from .world import World

Render = Callable[[Sequence[Message]], list[Message]]


class RenderConformance(StageConformance):
    """Holds a plugin to the contract of `channel` and `render`; part of `DeliverConformance`."""

    hook = "deliver"

    @pytest.fixture
    def world(self) -> World:
        """The other side of the channel."""
        raise pytest.UsageError(
            f"{type(self).__name__} needs the other side of the channel; write into the class:\n"
            "    @pytest.fixture\n"
            "    def world(self):\n"
            "        return MyWorld()  # a subclass of ballyhoo.testing.World"
        )

    @pytest.fixture
    def connections(self) -> int:
        """How many messages it sends at the same time, each over a connection of its own."""
        return 1

    @pytest.fixture
    def channel(self, registry: Registry, plugin_name: str) -> Channel:
        """What the plugin declares."""
        declared = registry.call(plugin_name, "channel")
        require(isinstance(declared, Channel), "channel() does not answer a Channel")
        assert isinstance(declared, Channel)
        return declared

    @pytest.fixture
    def addresses(self, channel: Channel, connections: int) -> list[str]:
        """Addresses that can be written to, more than three for each connection."""
        try:
            return sample_addresses(3 * connections + 2, channel.address_field)
        except ValueError:
            raise pytest.UsageError(
                f"{type(self).__name__} needs addresses of the kind '{channel.address_field}'; "
                "supply a fixture `addresses` with a list of them, all invented"
            ) from None

    @pytest.fixture
    def bad_addresses(self) -> list[str]:
        """Addresses that nobody can write to."""
        return ["", "   ", "reader\nBcc: all@example.com", "reader\x00@example.com", "x" * 5_000]

    @pytest.fixture
    def messages(self, channel: Channel, addresses: list[str]) -> list[Message]:
        """Messages with the channel's own fields, within its limits, with hostile text in them."""
        return [
            replace(
                message, address=channel.normalise(address), fields=_write_fields(channel, number)
            )
            for number, (message, address) in enumerate(
                zip(sample_messages(len(addresses)), addresses, strict=True)
            )
        ]

    @pytest.fixture
    def render(
        self, registry: Registry, binding: Binding, context_for: Callable[[str], Context]
    ) -> Render:
        """Call the hook with a batch, as the core does; an answer that is not aligned raises."""
        return lambda messages: render_messages(registry, binding, context_for, messages)

    def test_channel_is_declared_the_same_twice(
        self, registry: Registry, plugin_name: str, channel: Channel
    ) -> None:
        """The declaration has a name, an address field and its required fields, and stays so."""
        again = registry.call(plugin_name, "channel")
        for one in fields(Channel):
            if one.name != "normalise":
                require(
                    getattr(channel, one.name) == getattr(again, one.name),
                    f"channel() declares another '{one.name}' the second time",
                )
        require(channel.name and channel.address_field, "a name and an address field are needed")
        lacking = [name for name in channel.required_fields if name not in channel.fields]
        require(not lacking, f"required_fields names what is not in fields: {lacking}")
        loose = [name for name, one in channel.fields.items() if not isinstance(one, FieldLimits)]
        require(not loose, f"the limits of these fields are no FieldLimits: {loose}")

    def test_normaliser_is_idempotent(self, channel: Channel, addresses: list[str]) -> None:
        """An address in its one form stays as it is."""
        for address in addresses:
            once = channel.normalise(address)
            twice = channel.normalise(once)
            require(twice == once, f"{address!r} becomes {once!r}, and that becomes {twice!r}")

    def test_bad_address_is_refused_without_being_named(
        self, channel: Channel, bad_addresses: list[str]
    ) -> None:
        """It raises ValueError with a reason, and the address is not in it."""
        for address in bad_addresses:
            try:
                taken = channel.normalise(address)
            except ValueError as error:
                said = str(error)
            else:
                pytest.fail(f"{address!r:.60} is taken for an address: {taken!r:.60}")
            require(said, f"no reason is given why {address!r:.60} is refused")
            bare = address.strip()
            require(not bare or bare not in said, f"the reason holds the address: {said!r:.200}")

    def test_each_message_of_a_batch_is_rendered(
        self, render: Render, messages: list[Message]
    ) -> None:
        """Batches of none, one and many are answered with bytes, one for one."""
        render([])
        render(messages[:1])
        require(all(one.content for one in render(messages)), "a message is rendered to nothing")

    def test_same_bytes_twice(self, render: Render, messages: list[Message]) -> None:
        """A message is rendered to the same bytes each time, whatever else is in the batch."""
        contents = [one.content for one in render(messages)]
        render(messages[:1])
        require(contents == [one.content for one in render(messages)], "other bytes each time")
        turned = [one.content for one in render(messages[::-1])][::-1]
        require(contents == turned, "other bytes when the batch is turned around")
        alone = [render([message])[0].content for message in messages]
        require(contents == alone, "other bytes for a message alone than in a batch")

    def test_render_is_pure(
        self, render: Render, messages: list[Message], world: World, folder: Path
    ) -> None:
        """Rendering sends nothing and writes nothing."""
        before = _look_at(folder)
        render(messages)
        require(not world.accepted(), "rendering sent a message")
        require(_look_at(folder) == before, "rendering wrote into the workspace")


def _write_fields(channel: Channel, number: int) -> dict[str, str]:
    return {
        name: _cut(
            f"Message {number} for you. {HOSTILE_TEXTS[number % len(HOSTILE_TEXTS)]}", limits
        )
        for name, limits in channel.fields.items()
    }


def _cut(text: str, limits: FieldLimits) -> str:
    """Cut a text to the limits, or repeat it until it has what it must have at least."""
    while len(text) < (limits.min_chars or 0) or len(text.split()) < (limits.min_words or 0):
        text += f" {text}"
    if limits.max_words is not None:
        text = " ".join(text.split()[: limits.max_words])
    return text[: limits.max_chars]


def _look_at(folder: Path) -> dict[Path, bytes | None]:
    return {one: one.read_bytes() if one.is_file() else None for one in folder.rglob("*")}
