"""How long the command line takes to start, against importing what it is built on.

Measured: the wall time of `ballyhoo --help` and of `ballyhoo check` on one recipe, whose segment is
a list or a condition, each a process of its own, against `python -c "import click, pydantic"` of
the same interpreter, in turn, so that a machine that slows down slows all of them. The figures are
medians of the ratios round by round.
It also looks that none of them loads torch, transformers, surprise, pandas or sqlalchemy.

    python benchmarks/startup.py [--quick] [--save]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from record import save_result

HEAVY = ("torch", "transformers", "surprise", "pandas", "sqlalchemy")
RECIPE = """\
campaign: startup
segment: {plugin: list_segment, customers: [C-1]}
deliver:
  plugin: outbox
  rate: 600/min
  fields: {subject: "Hello {first_name|there}", body: "Come and have a look."}
policy: {quiet_hours: "21:00-08:00", cap: {messages: 2, per: 7d}, again: never}
"""
CONDITION = RECIPE.replace(
    "{plugin: list_segment, customers: [C-1]}",
    "{where: country = 'DE' AND orders >= 2 AND NOT bought(days => 30)}",
)
PROBE = """\
import sys
from ballyhoo.core.cli import main
try:
    main(sys.argv[1:])
except SystemExit as stop:
    assert not stop.code, stop.code
loaded = sorted(set({heavy!r}) & set(sys.modules))
sys.exit("loaded: " + ", ".join(loaded) if loaded else 0)
"""


def main() -> None:
    """Measure, print a table, and the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    arguments = parser.parse_args()
    rounds = 15 if arguments.quick else 60
    with tempfile.TemporaryDirectory() as folder:
        recipe = Path(folder) / "startup.yaml"
        recipe.write_text(RECIPE)
        conditional = Path(folder) / "conditional.yaml"
        conditional.write_text(CONDITION)
        ballyhoo = str(Path(sys.executable).parent / "ballyhoo")
        commands = {
            "peer": [sys.executable, "-c", "import click, pydantic"],
            "help": [ballyhoo, "--help"],
            "check": [ballyhoo, "check", str(recipe)],
            "condition": [ballyhoo, "check", str(conditional)],
        }
        seconds = measure(commands, rounds, folder)
        for name in ("help", "check", "condition"):
            refuse_heavy(commands[name][1:], folder)
    for name, times in seconds.items():
        middle, least = statistics.median(times), min(times)
        print(f"{name:9} median {middle * 1000:6.1f} ms   min {least * 1000:6.1f} ms")
    figures = {
        "help_ratio": ratio(seconds["help"], seconds["peer"]),
        "check_ratio": ratio(seconds["check"], seconds["peer"]),
        "check_condition_ratio": ratio(seconds["condition"], seconds["peer"]),
        "scale": f"{rounds} rounds",
    }
    if arguments.save:
        save_result("startup", figures)
    print(json.dumps(figures))


def measure(commands: dict[str, list[str]], rounds: int, folder: str) -> dict[str, list[float]]:
    """Return the wall times of each command, in seconds, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            if number:
                seconds[name].append(time.perf_counter() - started)
    return seconds


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Return the median of the ratios round by round."""
    return round(statistics.median(a / b for a, b in zip(ours, theirs, strict=True)), 3)


def refuse_heavy(arguments: list[str], folder: str) -> None:
    """Stop when the command loads a heavy package."""
    probe = PROBE.format(heavy=HEAVY)
    command = [sys.executable, "-c", probe, *arguments]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"}
    )
    if done.returncode:
        sys.exit(f"ballyhoo {' '.join(arguments[:1])} {done.stderr.strip()}")


if __name__ == "__main__":
    main()
