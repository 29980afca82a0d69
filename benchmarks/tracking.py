"""How fast events are taken and links followed, durably, beside a handler that does nothing.

The server is `ballyhoo serve`: one process answers, a second one stores. Its database is on the
disk of this machine, and each answer is given after the commit that stores what it answers for.
The peer is a bare Starlette handler that reads the body and answers as much, in one process of
uvicorn with the same settings. Both are asked by wrk on loopback, with 64 connections, one event
or one click in each request, in turns. The figure is the median of the ratios round by round. Then
the server is killed by -9 under load, and what it had acknowledged is looked for in the database.

    python benchmarks/tracking.py [--quick] [--save]

The last line is one JSON object:
    events_ratio           events stored a second / requests of the bare handler (aim: 0.5)
    clicks_ratio           clicks stored and led on a second / the same (aim: 0.5)
    p99_ms                 the worse of both, in the worst round: 99 of 100 answers came within
    lost                   what was acknowledged before the kill, and is not stored (0)
    postgres_...           the first three on PostgreSQL; null when there is no server
    batch_events_ratio     events a second, 100 in a request / requests of the bare handler
All are null where there is no wrk (Debian: apt install wrk).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from postgres_server import BIG, run_postgresql
from record import save_result
from tracking_load import Load, Measured, count_lost, measure
from tracking_shop import KEY, open_shop

CONNECTIONS = 64
START_SECONDS = 60


def main() -> None:
    """Measure, print a line for each round, and the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two short rounds")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    parser.add_argument("--bare", type=int, metavar="PORT", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.bare is not None:
        return serve_bare(arguments.bare)
    rounds, seconds, share = (2, 1, 0.1) if arguments.quick else (5, 3, 1.0)
    names = ("events_ratio", "clicks_ratio", "p99_ms", "lost", "batch_events_ratio")
    figures: dict[str, Any] = dict.fromkeys(
        (*names, "postgres_events_ratio", "postgres_clicks_ratio", "postgres_p99_ms")
    )
    if shutil.which("wrk") is None:
        print("no wrk: apt install wrk")
    else:
        with tempfile.TemporaryDirectory(prefix="tracking-") as name:
            folder = Path(name)
            figures |= measure_database(folder, None, rounds, seconds, share, names)
            # Durable, as a server of a shop is: no setting that forgets.
            with run_postgresql(folder, BIG) as url:
                if url is not None:
                    found = measure_database(folder, url, rounds, seconds, share, names)
                    figures["lost"] += found.pop("lost")
                    found.pop("batch_events_ratio")
                    figures |= {f"postgres_{name}": value for name, value in found.items()}
    figures["load"] = round(os.getloadavg()[0], 1)
    figures["scale"] = (
        f"{rounds} rounds of {seconds} s, {CONNECTIONS} connections, {share:.0%} of the customers"
    )
    print(json.dumps(figures))
    if arguments.save:
        save_result(
            "tracking", figures, ("ballyhoo", "starlette", "uvicorn", "sqlalchemy", "psycopg")
        )
    return None


def measure_database(
    folder: Path,
    url: str | None,
    rounds: int,
    seconds: int,
    share: float,
    names: tuple[str, ...],
) -> dict[str, Any]:
    """Return the figures of one database; SQLite when there is no URL."""
    place = folder / ("sqlite" if url is None else "postgres")
    shop = open_shop(place, url, share=share)
    said = "sqlite" if url is None else "postgresql"
    events, batches = (Load(key=KEY, batch=batch, customers=shop.customers) for batch in (1, 100))
    clicks = Load(paths=shop.links)
    ratios: dict[str, list[float]] = {"events": [], "clicks": [], "batches": []}
    slowest = 0.0
    with serve(bare_command()) as bare, serve(shop.command, cwd=place) as ours:
        for number in range(rounds + 1):
            peers = {
                "events": measure(bare, events, CONNECTIONS, seconds),
                "clicks": measure(bare, clicks, CONNECTIONS, seconds),
            }
            own = {
                "events": measure(ours, events, CONNECTIONS, seconds),
                "clicks": measure(ours, clicks, CONNECTIONS, seconds),
                "batches": measure(ours, batches, CONNECTIONS, seconds),
            }
            refuse_errors([*peers.values(), *own.values()])
            if number == 0:
                continue  # the first round warms up
            ratios["events"].append(own["events"].rate / peers["events"].rate)
            ratios["clicks"].append(own["clicks"].rate / peers["clicks"].rate)
            ratios["batches"].append(own["batches"].rate * batches.batch / peers["events"].rate)
            slowest = max(slowest, own["events"].p99_ms, own["clicks"].p99_ms)
            print(
                f"{said} round {number}: bare {peers['events'].rate:,.0f} and "
                f"{peers['clicks'].rate:,.0f}/s; events {own['events'].rate:,.0f}/s "
                f"(p99 {own['events'].p99_ms:.0f} ms), clicks {own['clicks'].rate:,.0f}/s "
                f"(p99 {own['clicks'].p99_ms:.0f} ms), events by hundreds "
                f"{own['batches'].rate * batches.batch:,.0f}/s",
                flush=True,
            )
    with serve(shop.command, cwd=place) as ours:
        lost, acknowledged = count_lost(ours, shop)
        print(f"{said}: killed by -9 after {acknowledged:,} acknowledgements; {lost} lost")
    events_ratio, clicks_ratio, batch_ratio = (
        round(median(ratios[one]), 3) for one in ("events", "clicks", "batches")
    )
    return dict(
        zip(names, (events_ratio, clicks_ratio, round(slowest, 1), lost, batch_ratio), strict=True)
    )


def refuse_errors(measured: list[Measured]) -> None:
    """Stop when an answer was an error: its speed would be a lie."""
    wrong = sum(one.errors for one in measured)
    if wrong:
        raise SystemExit(f"{wrong} answers were errors")


class Server:
    """A server that runs: its process and its port."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port


@contextmanager
def serve(command: list[str], *, cwd: Path | None = None) -> Iterator[Server]:
    """Run a server that takes its port as the last argument, until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([*command, str(port)], cwd=cwd, stderr=subprocess.DEVNULL)
    ends = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            if process.poll() is not None or time.monotonic() > ends:
                raise SystemExit("the server does not start") from None
            time.sleep(0.05)
    try:
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait()


def bare_command() -> list[str]:
    """Return the command of the bare handler's server."""
    return [sys.executable, __file__, "--bare"]


def serve_bare(port: int) -> None:
    """Serve two handlers that do nothing, as `ballyhoo serve` serves."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    async def take(request: Request) -> Response:
        await request.body()
        return JSONResponse({"stored": 1, "errors": []})

    async def follow(request: Request) -> Response:
        return Response(status_code=302, headers={"location": "https://shop.example/new"})

    app = Starlette(routes=[Route("/events", take, methods=["POST"]), Route("/c/{token}", follow)])
    uvicorn.run(
        app, host="127.0.0.1", port=port, proxy_headers=False, log_config=None,
        access_log=False, server_header=False, timeout_keep_alive=30,
        h11_max_incomplete_event_size=65_536,
    )  # fmt: skip


if __name__ == "__main__":
    main()
