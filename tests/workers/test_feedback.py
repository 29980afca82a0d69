"""The sweep of workers tells plugins what happened, beside its own work."""

from __future__ import annotations

import time

from ballyhoo.core.workspace import Workspace
from ballyhoo.workers.app import make_parts
from ballyhoo.workers.sweeper import Sweeper

from .shop import PLAIN, Shop, wait_until
from .test_work import play

DIARY = """
from pathlib import Path

from ballyhoo import hookimpl

@hookimpl
def feedback(context, events):
    with (context.folder / "diary.txt").open("a") as file:
        file.writelines(f"{event.type}\\n" for event in events)
"""
SLOW = """
import time

from ballyhoo import hookimpl

@hookimpl
def feedback(context, events):
    (context.folder / "slow.txt").touch()
    while not (context.folder / "go.txt").exists():
        time.sleep(0.01)
"""


def test_a_sweep_tells_what_workers_sent_and_waits_for_no_plugin(shop: Shop) -> None:
    (shop.folder / "diary.py").write_text(DIARY)
    (shop.folder / "slow.py").write_text(SLOW)
    settings = shop.folder / "ballyhoo.toml"
    files = '["writer.py", "diary.py", "slow.py"]'
    settings.write_text(settings.read_text().replace('["writer.py"]', files))
    parts = make_parts(Workspace(shop.folder))
    sweeper = Sweeper(parts.station, parts.bells, seconds=0.001)
    diary, slow = shop.folder / "diary.txt", shop.folder / "slow.txt"
    try:
        assert sweeper.sweep()  # from now on they listen
        run_id = shop.start(PLAIN, name="plain")
        parts.work.plan(run_id)
        play(parts)
        sent = shop.count(run_id).states["sent"]
        began = time.monotonic()
        wait_until(sweeper.sweep)
        wait_until(lambda: diary.exists() and slow.exists())
        assert time.monotonic() - began < 30
        wait_until(lambda: diary.read_text() == "sent\n" * sent)
    finally:
        (shop.folder / "go.txt").touch()
        sweeper.stop()
        parts.station.close()
        parts.app.close()
