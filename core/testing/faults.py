"""A channel that goes wrong in every way that a channel can, and a witness of what it let out.

For tests of the engine, never for customers. The witness is a file that each accepted message's
key is appended to, durably and by nobody else: what the ledger says is held against it.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import Field

from ..brief import FieldLimits
from ..context import Context
from ..errors import DataError
from ..hooks import hookimpl
from ..message import Channel, Dispatch, Message, Receipt
from ..options import Options

Fault = Literal["later", "failed", "lost", "dropped", "raises", "hangs"]
FAULTS: tuple[Fault, ...] = ("later", "failed", "lost", "dropped", "raises", "hangs")


class FaultyOptions(Options):
    """The recipe's `deliver` block of the faulty channel; the shares of faults are in [0, 1].

    Attributes:
        witness: The file of the workspace that accepted messages are written to.
        senders: How many send at the same time.
        form: Whether they use the blocking form of the dispatch, in threads, or the awaitable one.
        seed: Of the faults; the same seed gives a message the same ones.
        later: Share of messages that are refused for now.
        failed: Share of messages that are refused for good.
        lost: Share of messages that are accepted, and the answer is lost.
        dropped: Share of messages that are not accepted, and the answer is lost.
        raises: Share of messages over which `deliver` raises, before or after the mark.
        hangs: Share of messages that take `hang_seconds` longer, marked and not settled.
        hang_seconds: How long a message hangs.
        most_faults: How often one message goes wrong at most; after that it is accepted.
        pause_seconds: What every message takes.
        deadly: The customer's id whose message kills the process that is about to mark it.
    """

    witness: str = Field(default="witness.log", pattern=r"^[A-Za-z0-9_.-]+$")
    senders: int = Field(default=1, ge=1, le=64)
    form: Literal["blocking", "awaitable"] = "blocking"
    seed: int = 0
    later: float = Field(default=0, ge=0, le=1)
    failed: float = Field(default=0, ge=0, le=1)
    lost: float = Field(default=0, ge=0, le=1)
    dropped: float = Field(default=0, ge=0, le=1)
    raises: float = Field(default=0, ge=0, le=1)
    hangs: float = Field(default=0, ge=0, le=1)
    hang_seconds: float = Field(default=0.05, ge=0)
    most_faults: int = Field(default=2, ge=0)
    pause_seconds: float = Field(default=0, ge=0)
    deadly: int | None = None


class FaultyChannel:
    """The hooks of the channel."""

    @hookimpl
    def channel(self) -> Channel:
        """Declare it: it stands in for e-mail, and needs the same consent."""
        return Channel(
            name="email",
            address_field="email",
            consent="email",
            normalise=str.strip,
            fields={"subject": FieldLimits(max_chars=250), "body": FieldLimits()},
            required_fields=("subject", "body"),
            reaches_people=False,
        )

    @hookimpl
    def render(
        self, context: Context, options: FaultyOptions, messages: Sequence[Message]
    ) -> list[bytes]:
        """Lay each message out, address, subject and body."""
        return [
            "\n".join((one.address, one.fields["subject"], one.fields["body"])).encode()
            for one in messages
        ]

    @hookimpl
    def deliver(self, context: Context, options: FaultyOptions, dispatch: Dispatch) -> None:
        """Send with several senders at once, and go wrong as often as the options say."""
        with Witness(context.folder / options.witness) as witness:
            world = _World(options, witness)
            if options.form == "awaitable":
                asyncio.run(world.send_async(dispatch))
            else:
                world.send(dispatch)


class Witness:
    """The file that says who was tried and what was accepted, over all processes and crashes.

    Args:
        path: The file; it is made when it is not there.
    """

    def __init__(self, path: Path) -> None:
        self._tried: Counter[str] = Counter()
        self._lock = threading.Lock()
        if path.exists():
            self._tried = _count(path, "tried")
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def note_try(self, key: str) -> int:
        """Write down that a message is tried; return how often it was before."""
        os.write(self._file, f"tried {key}\n".encode())
        with self._lock:
            self._tried[key] += 1
            return self._tried[key] - 1

    def accept(self, key: str) -> None:
        """Write down that a message is out; it is durable when this returns."""
        os.write(self._file, f"accepted {key}\n".encode())
        os.fsync(self._file)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def __enter__(self) -> Witness:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def read_witness(path: Path) -> Counter[str]:
    """Return how often the message of each key was accepted.

    Args:
        path: The file that the channel's option `witness` names.

    Raises:
        DataError: There is a line in it that the channel did not write.
    """
    return _count(path, "accepted") if path.exists() else Counter()


def _count(path: Path, wanted: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        kind, _, key = line.partition(" ")
        if kind not in ("tried", "accepted") or not key:
            raise DataError(f"{path.name}:{number}: no line of a witness")
        if kind == wanted:
            counted[key] += 1
    return counted


class _World:
    """What the messages meet on the other side."""

    def __init__(self, options: FaultyOptions, witness: Witness) -> None:
        self.options = options
        self.witness = witness

    def send(self, dispatch: Dispatch) -> None:
        failures: list[Exception] = []

        def work() -> None:
            try:
                for message in dispatch:
                    if failures:
                        return
                    self._send_one(dispatch, message)
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(self.options.senders)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    async def send_async(self, dispatch: Dispatch) -> None:
        async def work() -> None:
            async for message in dispatch:
                await self._send_one_async(dispatch, message)

        async with asyncio.TaskGroup() as group:
            for _ in range(self.options.senders):
                group.create_task(work())

    def _send_one(self, dispatch: Dispatch, message: Message) -> None:
        fault, chance = self._choose(message)
        early = self._go_wrong_early(fault, chance)
        if early is not None:
            dispatch.settle(message, early)
        elif dispatch.mark(message):
            time.sleep(self._find_seconds(fault))
            dispatch.settle(message, self._answer(message, fault, chance))
            if fault == "raises":
                raise ConnectionResetError("the channel broke after a receipt")

    async def _send_one_async(self, dispatch: Dispatch, message: Message) -> None:
        fault, chance = self._choose(message)
        early = self._go_wrong_early(fault, chance)
        if early is not None:
            await dispatch.settle_async(message, early)
        elif await dispatch.mark_async(message):
            await asyncio.sleep(self._find_seconds(fault))
            await dispatch.settle_async(message, self._answer(message, fault, chance))
            if fault == "raises":
                raise ConnectionResetError("the channel broke after a receipt")

    def _choose(self, message: Message) -> tuple[Fault | None, float]:
        """Return what goes wrong with a message this time, and a number in [0, 1) for where."""
        key = message.key
        tried = self.witness.note_try(key)
        if message.customer_id is not None and message.customer_id == self.options.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        if tried >= self.options.most_faults:
            return None, 0.0
        drawn, where = _draw(self.options.seed, key, tried)
        for fault in FAULTS:
            share: float = getattr(self.options, fault)
            if drawn < share:
                return fault, where
            drawn -= share
        return None, where

    def _find_seconds(self, fault: Fault | None) -> float:
        return self.options.pause_seconds + (self.options.hang_seconds if fault == "hangs" else 0)

    def _go_wrong_early(self, fault: Fault | None, chance: float) -> Receipt | None:
        """Return the answer of those that are refused before the mark, half of them."""
        if fault == "raises" and chance < 0.25:
            raise ConnectionResetError("the channel broke before a mark")
        if chance >= 0.5:
            return None
        if fault == "later":
            return Receipt.later("not now", code=450)
        return Receipt.failed("never", code=550) if fault == "failed" else None

    def _answer(self, message: Message, fault: Fault | None, chance: float) -> Receipt:
        """Accept a marked message, or not, and return the answer to it."""
        if fault == "later":
            return Receipt.later("not now, after all", code=451)
        if fault == "failed":
            return Receipt.failed("never, after all", code=554)
        if fault == "dropped":
            return Receipt.unknown("the answer was lost")
        if fault == "raises" and chance < 0.5:
            raise ConnectionResetError("the channel broke after a mark")
        self.witness.accept(message.key)
        if fault == "raises" and chance < 0.75:
            raise ConnectionResetError("the channel broke before the answer")
        if fault == "lost":
            return Receipt.unknown("the answer was lost")
        return Receipt.sent(code=250, provider_id=message.key)


def _draw(seed: int, key: str, tried: int) -> tuple[float, float]:
    """Return two numbers in [0, 1) that depend on nothing else."""
    digest = hashlib.sha256(f"{seed}\x1f{key}\x1f{tried}".encode()).digest()
    return (
        int.from_bytes(digest[:6], "big") / 2**48,
        int.from_bytes(digest[6:12], "big") / 2**48,
    )


faulty_channel = FaultyChannel()
