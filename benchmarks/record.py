"""Keeps the result of a full run with its date, commit and versions."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("ballyhoo", "click", "pydantic", "pluggy", "ruamel.yaml", "sqlalchemy")


def save_result(name: str, figures: dict[str, Any], packages: tuple[str, ...] = PACKAGES) -> Path:
    """Write `results/NAME.json` and return its path.

    Args:
        name: The benchmark's name.
        figures: What it printed last.
        packages: Whose versions belong to it; those not installed are left out.
    """
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    kept = {
        "benchmark": name,
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "processors": os.cpu_count(),
        "versions": _versions(packages),
        "figures": figures,
    }
    path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    return path


def _versions(packages: tuple[str, ...]) -> dict[str, str]:
    versions: dict[str, str] = {}
    for package in packages:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions
