"""A dispatch of messages that are in no ledger: a channel takes them as it takes all others."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator

from ..errors import PluginError
from ..message import Message, Receipt
from .outcomes import check_receipt


class UnrecordedDispatch:
    """A `Dispatch` over given messages: each is given out once, and its mark granted once.

    It may be used from several threads. Nothing of it is durable.

    Args:
        plugin: The channel's plugin, for messages.
        messages: What is to be sent.

    Attributes:
        receipts: The receipt of each settled message by key.
        marked: The keys of messages whose mark was granted.
    """

    def __init__(self, plugin: str, messages: Iterable[Message]) -> None:
        self.plugin = plugin
        self.receipts: dict[str, Receipt] = {}
        self.marked: set[str] = set()
        self._due = deque(messages)
        self._open: set[str] = set()
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Message]:
        """Give out messages, one after the other; several iterators share them."""
        while (message := self._take()) is not None:
            yield message

    def mark(self, message: Message) -> bool:
        """Let the message leave; False when it was marked or settled before."""
        with self._lock:
            if message.key not in self._open or message.key in self.marked:
                return False
            self.marked.add(message.key)
            return True

    def settle(self, message: Message, receipt: Receipt) -> None:
        """Keep the receipt of a message.

        Raises:
            PluginError: The message was not given out, or was settled before; or the receipt says
                of one that was not marked that it may be out.
        """
        with self._lock:
            if message.key not in self._open:
                raise PluginError(
                    f"the plugin '{self.plugin}' settled a message that it does not have",
                    hint="settle each message once, before `deliver` returns",
                )
            check_receipt(self.plugin, receipt, is_marked=message.key in self.marked)
            self._open.discard(message.key)
            self.receipts[message.key] = receipt

    async def __aiter__(self) -> AsyncIterator[Message]:
        """Give out messages, letting others run before each."""
        while True:
            await asyncio.sleep(0)
            message = self._take()
            if message is None:
                return
            yield message

    async def mark_async(self, message: Message) -> bool:
        """Do the same as `mark`."""
        await asyncio.sleep(0)
        return self.mark(message)

    async def settle_async(self, message: Message, receipt: Receipt) -> None:
        """Do the same as `settle`."""
        self.settle(message, receipt)
        await asyncio.sleep(0)

    def _take(self) -> Message | None:
        with self._lock:
            if not self._due:
                return None
            message = self._due.popleft()
            self._open.add(message.key)
            return message
