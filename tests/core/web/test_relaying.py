"""What is told is stored by a process of its own, also when that is killed or cannot start."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from ballyhoo.core.store.rows import EventRow
from ballyhoo.core.store.tables import events, message_events, orders
from ballyhoo.core.web.app import make_app
from ballyhoo.core.web.committing import WriteFailed
from ballyhoo.core.web.relaying import WriterProcess
from ballyhoo.core.web.waiting import MOST_WAITING, Overloaded
from ballyhoo.core.web.writes import MOST_ROWS

from .site import BASE, BROWSER, Site
from .test_app import find_link, send

KEY = {"authorization": "Bearer a key of the shop"}


def with_writer(
    site: Site, play: Callable[[WriterProcess], Awaitable[None]], **how: Any
) -> WriterProcess:
    """Play something with a writer, and end it."""

    async def run() -> WriterProcess:
        writer = WriterProcess(site.shop.folder, MOST_ROWS, **how)
        await writer.start()
        try:
            await asyncio.wait_for(play(writer), 60)
        finally:
            await writer.close()
        return writer

    return asyncio.run(run())


def make_event(key: str) -> list[EventRow]:
    return [EventRow(key, "view", 1_772_438_400_000, "ada", "tarn")]


async def ask(writer: WriterProcess, key: str) -> int:
    answer = await writer.relays["events"].ask(make_event(key))
    return int(answer.stored)


async def wait_until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < ends
        await asyncio.sleep(0.01)


def count_events(site: Site) -> Counter[str]:
    return Counter(one.key for one in site.rows(events) if one.key.startswith("e-"))


@pytest.fixture
def stocked(site: Site) -> Site:
    site.shop.add("ada")
    site.shop.add_products("tarn", "fell")
    return site


def tell(client: TestClient, name: str, link: str) -> list[Any]:
    """Tell all that can be told, right and wrong, and return the answers."""
    seen = {"type": "view", "at": "2026-03-02T08:00:00Z", "product": "tarn"}
    told = [
        {**seen, "id": f"{name}-1", "customer": "ada"},
        {**seen, "id": f"{name}-2", "customer": "nobody"},
    ]
    order = {
        "customer": "ada", "placed_at": "2026-03-02", "currency": "EUR",
        "lines": [{"sku": "tarn", "price": 5}],
    }  # fmt: skip
    mixed = [{**order, "id": f"{name}-3"}, {**order, "id": f"{name}-4", "customer": "nobody"}]
    answers = [
        client.post("/events", json={"events": told}, headers=KEY),
        client.post("/orders", json=mixed, headers=KEY),
        client.post("/orders?atomic=true", json=[{"id": "?"}, mixed[0]], headers=KEY),
        client.post("/customers", json=[{"id": f"{name}-c", "email": "x@y.example"}], headers=KEY),
        client.get(link, headers=BROWSER, follow_redirects=False),
        client.get("/healthz"),
    ]
    return [(one.status_code, one.text, one.headers.get("location")) for one in answers]


def test_both_ways_of_storing_answer_the_same(stocked: Site) -> None:
    link = find_link(stocked.page_of(send(stocked, "ada"), "ada"), "c").removeprefix(BASE)
    stocked.shop.clock.advance(timedelta(minutes=5))
    threads = tell(stocked.client, "one", link)
    app = make_app(stocked.shop.workspace, clock=stocked.shop.clock, writes_apart=True)
    with TestClient(app) as client:
        apart = tell(client, "one", link)
        other = tell(client, "two", link)
    assert [status for status, _, _ in threads] == [200, 200, 422, 200, 302, 200]
    assert apart[0] == threads[0]  # told twice, stored once
    assert [(status, text.replace("two", "one"), to) for status, text, to in other] == threads
    assert {one.key for one in stocked.rows(orders)} == {"one-3", "two-3"}
    clicks = [one for one in stocked.rows(message_events) if one.kind == "click"]
    assert len(clicks) == 3


def test_a_writer_that_is_killed_is_followed_by_another_and_nothing_is_lost_or_doubled(
    stocked: Site, caplog: pytest.LogCaptureFixture
) -> None:
    killed: list[int] = []

    async def play(writer: WriterProcess) -> None:
        async def tell_many(client: int) -> None:
            for number in range(25):
                assert await ask(writer, f"e-{client}-{number}") == 1

        clients = [asyncio.ensure_future(tell_many(one)) for one in range(8)]
        for _ in range(2):
            assert await ask(writer, f"e-{len(killed)}") == 1
            assert writer.process is not None
            killed.append(writer.process.pid)
            writer.process.kill()
        await asyncio.gather(*clients)
        assert writer.process.pid not in killed

    with_writer(stocked, play)
    wanted = {f"e-{client}-{number}" for client in range(8) for number in range(25)}
    assert count_events(stocked) == Counter(wanted | {"e-0", "e-1"})
    assert "has ended; another one is started" in caplog.text


def test_while_no_writer_can_start_all_is_refused_and_then_goes_on(stocked: Site) -> None:
    settings = stocked.shop.folder / "ballyhoo.toml"
    right = settings.read_text()

    async def play(writer: WriterProcess) -> None:
        await wait_until(lambda: writer.is_ready)
        assert await ask(writer, "e-before") == 1
        settings.write_text("this is = no [settings")
        assert writer.process is not None
        writer.process.kill()
        with pytest.raises(Overloaded, match="the process that stores is away"):
            await ask(writer, "e-lost")
        assert writer.is_away
        with pytest.raises(Overloaded):
            await ask(writer, "e-at-once")
        settings.write_text(right)
        await wait_until(lambda: not writer.is_away)
        assert await ask(writer, "e-after") == 1

    with_writer(stocked, play, patience_seconds=1.0)
    assert count_events(stocked) == Counter(["e-before", "e-after"])


def test_a_writer_that_never_becomes_ready_is_given_up(
    stocked: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep = [sys.executable, "-c", "import sys, time; time.sleep(60)"]
    popen = subprocess.Popen
    monkeypatch.setattr(
        "ballyhoo.core.web.relaying.subprocess.Popen", lambda _, **how: popen(asleep, **how)
    )

    async def play(writer: WriterProcess) -> None:
        with pytest.raises(Overloaded, match="the process that stores is away"):
            await ask(writer, "e-1")
        assert writer.is_away
        assert writer.process is not None
        writer.process.kill()

    with_writer(stocked, play, patience_seconds=0.2)


def test_the_health_says_that_no_writer_can_start(
    stocked: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(stocked.shop.workspace, writes_apart=True)
    with TestClient(app) as client:
        assert client.get("/healthz").json() == {"ok": True}
        monkeypatch.setattr(app.state.service.writer, "is_away", True)
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()) == (503, {"ok": False, "writer": "away"})
        told = {"id": "e-1", "type": "view", "at": "2026-03-02T08:00:00Z", "customer": "ada"}
        assert client.post("/events", json={"events": [told]}, headers=KEY).status_code == 503


def test_what_was_taken_is_stored_before_the_end_and_no_process_is_left(stocked: Site) -> None:
    asked: list[asyncio.Future[int]] = []

    async def play(writer: WriterProcess) -> None:
        asked.extend(asyncio.ensure_future(ask(writer, f"e-{n}")) for n in range(50))
        await asyncio.sleep(0)

    writer = with_writer(stocked, play)
    assert [one.result() for one in asked] == [1] * 50
    assert len(count_events(stocked)) == 50
    assert writer.process is not None
    assert writer.process.returncode == 0

    async def ask_late() -> None:
        with pytest.raises(Overloaded):
            await ask(writer, "e-late")

    asyncio.run(ask_late())


def test_one_that_cannot_be_stored_is_refused_alone_and_the_error_has_no_value(
    stocked: Site,
) -> None:
    async def play(writer: WriterProcess) -> None:
        relay = writer.relays["events"]
        mad = [("a secret",)]
        answers = await asyncio.gather(
            ask(writer, "e-1"), relay.ask(mad), ask(writer, "e-2"), return_exceptions=True
        )
        assert (answers[0], answers[2]) == (1, 1)
        assert isinstance(answers[1], WriteFailed)
        assert "a secret" not in str(answers[1])

    with_writer(stocked, play)
    assert len(count_events(stocked)) == 2


class Poison:
    """Ends whoever reads it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (9,)


def test_what_ends_every_writer_is_refused_and_the_others_are_stored(stocked: Site) -> None:
    async def play(writer: WriterProcess) -> None:
        poisoned = asyncio.ensure_future(writer.relays["events"].ask([Poison()]))
        await asyncio.sleep(0.1)
        assert await ask(writer, "e-1") == 1
        with pytest.raises(Overloaded):
            await poisoned

    with_writer(stocked, play)
    assert count_events(stocked) == Counter(["e-1"])


def test_more_than_is_bounded_is_refused_at_once(stocked: Site) -> None:
    async def play(writer: WriterProcess) -> None:
        first = asyncio.ensure_future(ask(writer, "e-1"))
        await asyncio.sleep(0)
        with pytest.raises(Overloaded, match="more comes than"):
            await writer.relays["events"].ask(make_event("e-2"), size=MOST_WAITING)
        assert await first == 1

    with_writer(stocked, play)


def test_a_writer_ends_with_its_server(stocked: Site) -> None:
    """Signals reach both when a terminal or systemd sends them; the server ends its writer."""
    ours, theirs = socket.socketpair()
    module = "ballyhoo.core.web.writer_process"
    command = [sys.executable, "-P", "-m", module, str(stocked.shop.folder), str(theirs.fileno())]
    process = subprocess.Popen(command, pass_fds=[theirs.fileno()])
    theirs.close()
    assert ours.recv(1)  # it is ready, and says more than we read
    for number in (signal.SIGINT, signal.SIGTERM):
        process.send_signal(number)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    ours.close()
    assert process.wait(30) == 0
