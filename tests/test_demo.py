"""`make demo`, without its installation: it is what a newcomer sees first."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_demo_does_what_it_says_and_leaves_what_it_names(tmp_path: Path) -> None:
    for name in ("tools", "campaigns"):
        shutil.copytree(ROOT / name, tmp_path / name)
    done = subprocess.run(
        [sys.executable, "tools/demo.py"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for name in ("preview/preview.html", "outbox/1/index.html"):
        assert f"demo/{name}" in done.stdout
        assert (tmp_path / "demo" / name).is_file()
    assert len(list((tmp_path / "demo/outbox/1").glob("*.eml"))) == 2
