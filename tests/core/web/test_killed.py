"""A server that is killed under load loses nothing that it acknowledged, and doubles nothing."""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from ballyhoo.core.store.rows import ConsentRow
from ballyhoo.core.store.tables import events, message_events, orders

from ..engine.shop import make_recipe
from .site import BASE, BROWSER, MAIL, TRACKED, Site

KEY = {"authorization": "Bearer a key of the shop"}
CLIENTS = 9
ACKNOWLEDGED = 150
"""So many answers were given when the server is killed."""

Asked = tuple[str, str, Any]


@contextmanager
def serve(site: Site) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run `ballyhoo serve` as an operator does; give its process and its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-c", "from ballyhoo.core.cli import main; main()"]
    process = subprocess.Popen(
        [*program, "serve", "--port", str(port)], cwd=site.shop.folder, stderr=subprocess.DEVNULL
    )
    try:
        ends = time.monotonic() + 60
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert process.poll() is None
            assert time.monotonic() < ends, "the server does not start"
            time.sleep(0.02)
        yield process, port
    finally:
        process.kill()
        process.wait()


def make_request(client: int, number: int, link: str) -> Asked:
    """Return what a client asks: an event, an order with two lines, or a click."""
    name = f"{client}-{number}"
    if client % 3 == 0:
        event = {
            "id": name, "type": "view", "at": "2026-03-02T08:00:00Z", "customer": "ada",
            "product": "tarn",
        }  # fmt: skip
        return "POST", "/events", {"events": [event]}
    if client % 3 == 1:
        lines = [{"sku": "tarn", "price": 5}, {"sku": "fell", "price": 7}]
        order = {
            "id": name, "customer": "ada", "placed_at": "2026-03-02", "currency": "EUR",
            "lines": lines,
        }  # fmt: skip
        return "POST", "/orders", order
    return "GET", link, None


def ask(connection: http.client.HTTPConnection, asked: Asked) -> bool:
    """Ask, and say whether it was acknowledged."""
    method, path, told = asked
    body = None if told is None else json.dumps(told)
    connection.request(method, path, body, BROWSER if told is None else KEY)
    answer = connection.getresponse()
    answer.read()
    return answer.status in (200, 302)


def test_what_was_acknowledged_is_stored_once_whenever_the_server_is_killed(site: Site) -> None:
    yes = (ConsentRow("email", True, 1), ConsentRow("tracking", True, 1))
    site.shop.add("ada", consents=yes)
    site.shop.add_products("tarn", "fell")
    run = site.shop.run(make_recipe(deliver={**MAIL, **TRACKED}))
    site.shop.clock.advance(timedelta(minutes=5))
    found = re.search(rf'href="{BASE}(/c/[^"]+)"', site.page_of(run, "ada"))
    assert found is not None
    link = found[1]
    told: list[Asked] = []
    acknowledged: list[Asked] = []
    enough = threading.Event()

    def load(client: int, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number in range(100_000):
            asked = make_request(client, number, link)
            told.append(asked)
            try:
                is_acknowledged = ask(connection, asked)
            except (OSError, http.client.HTTPException):
                break
            assert is_acknowledged
            acknowledged.append(asked)
            if len(acknowledged) >= ACKNOWLEDGED:
                enough.set()
        connection.close()

    with serve(site) as (process, port):
        clients = [threading.Thread(target=load, args=(n, port)) for n in range(CLIENTS)]
        for one in clients:
            one.start()
        assert enough.wait(60)
        [writer] = list_children(process.pid)
        process.kill()
        for one in clients:
            one.join()
    ends = time.monotonic() + 30
    while (state := read_state(writer)) and state[0] != "Z":  # nobody may reap it
        assert time.monotonic() < ends, "the process that stores outlives its server"
        time.sleep(0.02)
    stored_events, stored_orders = read_stored(site)
    clicks = sum(one.kind == "click" for one in site.rows(message_events))
    assert len(told) > len(acknowledged) >= ACKNOWLEDGED
    assert clicks >= sum(path == link for _, path, _ in acknowledged)
    for _, path, body in acknowledged:
        if path == "/events":
            assert stored_events[body["events"][0]["id"]] == 1
        elif path == "/orders":
            assert stored_orders[body["id"]] == 1

    with serve(site) as (_, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        assert all(ask(connection, one) for one in told if one[1] != link)
        connection.close()
    stored_events, stored_orders = read_stored(site)
    views = [body["events"][0]["id"] for _, path, body in told if path == "/events"]
    ordered = [body["id"] for _, path, body in told if path == "/orders"]
    lines = [f"#order/{name}/{place}" for name in ordered for place in (0, 1)]
    assert stored_events == Counter(views + lines)
    assert stored_orders == Counter(ordered)


def list_children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    others = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    return [one for one in others if (state := read_state(one)) and int(state[1]) == pid]


def read_state(pid: int) -> list[str]:
    """Return how a process is, the number of its parent and more; nothing of one that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def read_stored(site: Site) -> tuple[Counter[str], Counter[str]]:
    """Return how often each event that is no click, and each order, is stored."""
    kept = [one.key for one in site.rows(events) if one.type != "click"]
    return Counter(kept), Counter(one.key for one in site.rows(orders))
