from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.importing.kinds import KINDS, Kind

NASTY = [
    "", " ", "0", "-1", "1", "3", "1.5", "1e400", "-0.0", "nan", "inf", "99999999999999999999",
    "1,5", "2026-01-01", "2026-02-30", "9999-12-31", "0000-00-00", "2026-01-01T25:00", "a", "b",
    "ada@example.com", "@", "a@b", "x" * 300, "\x00", "ü", "\u202eabc", "DE", "EUR", "eur", "yes",
    "maybe", "paid", "view", "Placed Order", "https://shop.example/x", "javascript:x", "{}",
    '{"a": 1}', '{"a": NaN}', "[1]", "[" * 2000, "de", "Europe/Berlin", "+49 30 123456", "007",
    "a > b", "'; DROP TABLE customers; --", "<b>x</b>", "line\nbreak", '"quoted"', "=1+1", "٣",
    "1_000",
]  # fmt: skip
GOOD = {
    "text": "word", "key": "a", "email": "ada@example.com", "phone": "+4930123456",
    "language": "de", "country": "DE", "zone": "Europe/Berlin", "boolean": "yes",
    "time": "2026-01-01", "number": "1", "integer": "2", "money": "9.90", "currency": "EUR",
    "stars": "5", "list": "a,b", "path": "a > b", "url": "https://shop.example/x",
    "state": "paid", "channel": "email", "reason": "manual", "scalar": "x", "json": "{}",
    "event": "view", "condition": "country = 'DE'",
}  # fmt: skip


def write_nasty(path: Path, kind: Kind, seed: int) -> None:
    """Write rows that are good but for one cell or two."""
    chance = random.Random(seed)
    names = [*kind.fields, *(f"{family}.x" for family in kind.families), *kind.families]
    header = [name for name in dict.fromkeys(names) if name != "cancelled_at"]
    fields = [kind.find(name) for name in header]
    good = [GOOD[field.type] for field in fields if field is not None]
    if "address" in header:
        good[header.index("address")] = "ada@example.com"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(header)
        for number in range(200):
            row = list(good)
            for _ in range(1 + number % 2):
                row[chance.randrange(len(row))] = chance.choice(NASTY)
            rows.writerow(row)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_whatever_a_file_holds_its_rows_are_stored_or_rejected_and_add_up(
    importing: Any, tmp_path: Path, counted: Any, kind: Kind
) -> None:
    importing("customers", _write(tmp_path / "c.csv", "id,email\na,ada@example.com\nb,\n1,\n"))
    importing("products", _write(tmp_path / "p.csv", "sku,title\na,A\nb,B\n"))
    path = tmp_path / "nasty.csv"
    write_nasty(path, kind, seed=len(kind.name))
    report = importing(kind.name, path)
    assert counted(report)[0] > 0
    assert report.rejected > 0
    assert report.new > 0
    again = importing(kind.name, path)
    assert (again.read, again.rejected, again.new) == (report.read, report.rejected, 0)


def _write(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path
