"""Asks a server as fast as it answers, by wrk; and counts what a killed one had acknowledged."""

from __future__ import annotations

import http.client
import json
import subprocess
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text
from tracking_shop import KEY

if TYPE_CHECKING:
    from tracking import Server
    from tracking_shop import TrackedShop

AGENT = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
THREADS = 2
CLIENTS = 32
KILL_AFTER_SECONDS = 3.0

_SCRIPT = """
local paths = {%(paths)s}
local threads = 0
function setup(thread) thread:set("own", threads); threads = threads + 1 end
local number, run = 0, "%(run)s"
function request()
  number = number + 1
  if #paths > 0 then
    return wrk.format("GET", paths[(number * 7 + own * 13) %% #paths + 1], wrk.headers)
  end
  local events = {}
  for part = 1, %(batch)d do
    events[part] = string.format('{"id":"%%s-%%d-%%d-%%d","type":"view",' ..
      '"at":"2026-03-02T08:00:00+01:00","customer":"C-%%d","product":"shoe"}',
      run, own, number, part, (number * 107 + part) %% %(customers)d)
  end
  local body = '{"events":[' .. table.concat(events, ",") .. "]}"
  return wrk.format("POST", "/events", wrk.headers, body)
end
wrk.headers["Content-Type"] = "application/json"
wrk.headers["User-Agent"] = "%(agent)s"
wrk.headers["Authorization"] = "Bearer %(key)s"
function done(summary, latency, requests)
  local wrong = summary.errors
  io.write(string.format('FIGURES {"requests":%%d,"us":%%d,"p99":%%d,"errors":%%d}\\n',
    summary.requests, summary.duration, latency:percentile(99),
    wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked.

    Attributes:
        key: The bearer key.
        batch: How many events are in a request.
        paths: The links that are followed; events are told when there are none.
        customers: How many there are whom events are about.
    """

    key: str = ""
    batch: int = 1
    paths: list[str] = field(default_factory=list)
    customers: int = 1


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests a second, the slowest but one of a hundred, and how many were errors."""

    rate: float
    p99_ms: float
    errors: int


def measure(server: Server, load: Load, connections: int, seconds: int) -> Measured:
    """Ask for some seconds."""
    listed = ",".join(json.dumps(path) for path in load.paths)
    script = _SCRIPT % {
        "paths": listed, "run": time.time_ns(), "batch": load.batch, "agent": AGENT,
        "key": load.key, "customers": load.customers,
    }  # fmt: skip
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        done = subprocess.run(
            ["wrk", f"-t{THREADS}", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s",
             "-s", file.name, f"http://127.0.0.1:{server.port}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    figures = json.loads(done.stdout.rpartition("FIGURES ")[2])
    rate = figures["requests"] / (figures["us"] / 1e6)
    return Measured(rate, figures["p99"] / 1000, figures["errors"])


def count_lost(server: Server, shop: TrackedShop) -> tuple[int, int]:
    """Kill a server by -9 while many ask; return what was lost of what it had acknowledged."""
    told: list[set[str]] = [set() for _ in range(CLIENTS)]
    clicked: list[Counter[str]] = [Counter() for _ in range(CLIENTS)]
    before = count_clicks(shop)
    run = time.time_ns()

    def ask(client: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        for number in range(1_000_000):
            try:
                if client % 2:
                    path = shop.links[(number * CLIENTS + client) % len(shop.links)]
                    connection.request("GET", path, headers={"user-agent": AGENT})
                    answer = connection.getresponse()
                    answer.read()
                    if answer.status == 302:
                        clicked[client][path] += 1
                    continue
                identity = f"kill-{run}-{client}-{number}"
                body = json.dumps({"events": [make_event(identity)]})
                connection.request("POST", "/events", body, {"authorization": f"Bearer {KEY}"})
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200:
                    told[client].add(identity)
            except (OSError, http.client.HTTPException):
                return

    threads = [threading.Thread(target=ask, args=(client,)) for client in range(CLIENTS)]
    for one in threads:
        one.start()
    time.sleep(KILL_AFTER_SECONDS)
    server.process.kill()
    for one in threads:
        one.join()
    wanted = set().union(*told)
    engine = create_engine(shop.url)
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT key FROM events WHERE key LIKE :run"), {"run": f"kill-{run}-%"}
        )
        stored = {key for (key,) in found}
    engine.dispose()
    clicks = sum(sum(one.values()) for one in clicked)
    missing = max(0, clicks - (count_clicks(shop) - before))
    return len(wanted - stored) + missing, len(wanted) + clicks


def count_clicks(shop: TrackedShop) -> int:
    """Return how many clicks are stored."""
    engine = create_engine(shop.url)
    with engine.connect() as connection:
        asked = text("SELECT count(*) FROM message_events WHERE kind = 'click'")
        found = int(connection.execute(asked).scalar_one())
    engine.dispose()
    return found


def make_event(identity: str) -> dict[str, Any]:
    """Return an event of a customer of the shop."""
    return {
        "id": identity, "type": "view", "at": "2026-03-02T08:00:00+01:00", "customer": "C-1",
        "product": "shoe",
    }  # fmt: skip
