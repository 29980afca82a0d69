"""The page about a real shop: with its file, PostgreSQL, Redis, workers and a mail server."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from ..databases import make_database
from ..workers.redis_server import find_port, start_redis
from .pages import ROOT
from .workshop import Workshop

pytestmark = pytest.mark.shared_data
PAGE = ROOT / "docs/how-to/online-retail.md"
NAME = "online-retail/online_retail.parquet"
SOME = 60
"""Customers, where not everything is asked for."""


@pytest.fixture
def real_file() -> Path:
    """The whole file of the shop; skips, saying so, when it is not there."""
    beside = ROOT.parent / "shared" / "data"
    path = Path(os.environ.get("BALLYHOO_SHARED_DATA") or beside) / NAME
    if not path.is_file():
        pytest.skip(f"no real data: {path.parent} is not there; set BALLYHOO_SHARED_DATA")
    return path


def copy_lines(source: Path, target: Path, some: int | None) -> None:
    """Copy the lines of some customers, evenly taken; None copies all, those of nobody too."""
    pa = pytest.importorskip("pyarrow")
    compute = pytest.importorskip("pyarrow.compute")
    parquet = pytest.importorskip("pyarrow.parquet")
    lines = parquet.read_table(source)
    if some is not None:
        people = sorted(compute.unique(lines["Customer ID"].drop_null()).to_pylist())
        taken = pa.array(people[:: len(people) // some])
        lines = lines.filter(compute.is_in(lines["Customer ID"], taken))
    parquet.write_table(lines, target)


def test_a_real_shop_goes_from_its_file_to_the_report(
    real_file: Path, postgresql_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in [one for one in os.environ if one.startswith("BALLYHOO_")]:
        monkeypatch.delenv(variable)
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "100")
    is_whole = bool(os.environ.get("FULL_TESTS"))
    copy_lines(real_file, folder / real_file.name, None if is_whole else SOME)
    workshop = Workshop(folder, monkeypatch)
    if not is_whole:
        workshop.console.replaced["ballyhoo evaluate"] = "ballyhoo evaluate --windows 1"
    with ExitStack() as stack:
        redis = stack.enter_context(start_redis(tmp_path))
        mail_server = f"localhost:{find_port()}"
        workshop.console.replaced["localhost:8025"] = mail_server
        monkeypatch.setenv("BALLYHOO_SMTP_URL", f"smtp://{mail_server}")
        monkeypatch.setenv("BALLYHOO_BROKER_URL", redis.make_url())
        monkeypatch.setenv(
            "BALLYHOO_DATABASE_URL", stack.enter_context(make_database(postgresql_server))
        )
        workshop.run_page(PAGE)
        receipt = json.loads(workshop.console.run_command("ballyhoo status 1 --json"))
    mails = [path.read_bytes() for path in (folder / "mails/new").iterdir()]
    assert receipt["adds_up"]
    assert set(receipt["states"]) == {"sent", "skipped"}
    assert set(receipt["skipped"]) <= {"no_consent", "holdout"}
    assert receipt["audience"] == sum(receipt["states"].values())
    assert len(mails) == receipt["states"]["sent"] == receipt["recommended"]
    assert len({find_recipient(mail) for mail in mails}) == len(mails)
    assert "gifts" in (folder / "gifts.html").read_text(encoding="utf-8")


def find_recipient(mail: bytes) -> bytes:
    return next(line for line in mail.splitlines() if line.startswith(b"X-RcptTo:"))
