"""Options have the same hash wherever they are the same, and another one where they are not."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from pydantic import ConfigDict, Field, SecretStr

from ballyhoo import CustomerCondition, DataFile, Options, PluginError, Secret, TemplateFile
from ballyhoo.core.option_hash import hash_options


class Mode(Enum):
    FAST = "fast"
    GOOD = "good"


class Weights(Options):
    clicks: float = 0.5
    price: Decimal = Decimal("19.90")


class Everything(Options):
    mode: Mode = Mode.FAST
    weights: Weights = Field(default_factory=Weights)
    only: frozenset[str] = frozenset({"shoes", "socks", "tents", "hats", "gloves"})
    names: dict[str, int] = Field(default_factory=lambda: {"b": 1, "a": 2})
    pair: tuple[int, str] = (1, "x")
    day: date = date(2026, 6, 1)
    at: datetime = datetime(2026, 6, 1, tzinfo=UTC)
    hour: time = time(8, 30)
    pause: timedelta = timedelta(minutes=5)
    raw: bytes = b"\x00\xff"
    nothing: int | None = None
    word: SecretStr = SecretStr("hunter2")


CODE = """
import sys
sys.path.insert(0, sys.argv[1])
from test_option_hash import Everything
from ballyhoo.core.option_hash import hash_options
print(hash_options(Everything(), plugin="p"))
"""


def hash_of(options: Options | None, workspace: Path | None = None) -> str:
    return hash_options(options, plugin="ranker", workspace=workspace)


def test_hash_is_the_same_in_every_process() -> None:
    hashes = {hash_of(Everything())}
    for seed in ("1", "2", "3"):
        done = subprocess.run(
            [sys.executable, "-c", CODE, str(Path(__file__).parent)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        hashes.add(done.stdout.strip())
    assert len(hashes) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"mode": Mode.GOOD},
        {"weights": Weights(clicks=0.25)},
        {"weights": Weights(price=Decimal("19.91"))},
        {"only": frozenset({"shoes"})},
        {"names": {"a": 2, "b": 2}},
        {"pair": (1, "y")},
        {"day": date(2026, 6, 2)},
        {"at": datetime(2026, 6, 1, 1, tzinfo=UTC)},
        {"hour": time(8, 31)},
        {"pause": timedelta(minutes=5, microseconds=1)},
        {"raw": b"\x00"},
        {"nothing": 0},
    ],
)
def test_every_change_changes_the_hash(changed: dict[str, Any]) -> None:
    assert hash_of(Everything(**changed)) != hash_of(Everything())


def test_order_of_names_changes_nothing() -> None:
    assert hash_of(Everything(names={"a": 2, "b": 1})) == hash_of(Everything())


def test_no_options_have_a_hash_of_their_own() -> None:
    assert hash_of(None) not in (hash_of(Weights()), hash_of(Everything()))


def test_secret_counts_by_its_name_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Keyed(Options):
        key: Secret

    def of(name: str) -> str:
        return hash_of(Keyed.model_validate({"key": {"env": name}}))

    monkeypatch.setenv("SHOP_KEY", "one")
    before = of("SHOP_KEY")
    monkeypatch.setenv("SHOP_KEY", "two")
    assert of("SHOP_KEY") == before
    assert of("OTHER_KEY") != before
    assert hash_of(Everything(word=SecretStr("other"))) == hash_of(Everything())


def test_workspace_may_lie_elsewhere(tmp_path: Path) -> None:
    class Filed(Options):
        file: DataFile
        layout: TemplateFile

    def of(folder: Path, *, name: str = "vips.csv", text: str = "Hello") -> str:
        (folder / "templates").mkdir(parents=True, exist_ok=True)
        (folder / "templates/letter.j2").write_text(text)
        (folder / name).touch()
        said = {"file": name, "layout": "letter.j2"}
        options = Filed.model_validate(said, context={"workspace": folder})
        return hash_of(options, folder)

    assert of(tmp_path / "here") == of(tmp_path / "there")
    assert of(tmp_path / "here") != of(tmp_path / "there", name="all.csv")
    assert of(tmp_path / "here") != of(tmp_path / "there", text="Good day")


def test_condition_counts_as_it_was_written() -> None:
    class Filtered(Options):
        where: CustomerCondition

    def of(where: str) -> str:
        return hash_of(Filtered.model_validate({"where": where}))

    assert of("country = 'DE'") == of("country = 'DE'")
    assert of("country = 'DE'") != of("country = 'AT'")


def test_what_has_no_stable_text_is_refused() -> None:
    class Opaque:
        pass

    @dataclass(frozen=True)
    class Holder:
        inner: Any

    class Odd(Options):
        model_config = ConfigDict(arbitrary_types_allowed=True)
        thing: Any

    for thing in (Opaque(), [Opaque()], Holder(Opaque())):
        with pytest.raises(PluginError, match="of the plugin 'ranker' hold a Opaque"):
            hash_of(Odd(thing=thing))
    assert hash_of(Odd(thing=Holder(1))) != hash_of(Odd(thing=Holder(2)))
