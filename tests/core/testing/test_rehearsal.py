from __future__ import annotations

from pathlib import Path

import pytest

from ballyhoo.core.errors import EnvironmentMissing
from ballyhoo.core.store.engine import open_store
from ballyhoo.core.store.reading import StoredView
from ballyhoo.testing import SimulatedClock, rehearse, sample_store

from ..conditions.shop import NOW, make_shop, write_shop

RECIPE = """\
campaign: spring
segment:
  where: country = 'DE' AND did('view', days => 40)
deliver: {plugin: outbox, fields: {subject: Hello, body: Come and look.}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace whose database holds sixty people."""
    (tmp_path / "ballyhoo.toml").write_text("")
    (tmp_path / "spring.yaml").write_text(RECIPE)
    with open_store(f"sqlite:///{tmp_path}/ballyhoo.db", create=True) as store:
        write_shop(store, make_shop())
    return tmp_path


def find_wanted() -> list[int]:
    shop = make_shop()
    day = 86_400_000
    viewed = {
        one["customer_id"]
        for one in shop.happened
        if one["type"] == "view" and NOW.timestamp() * 1000 - one["at"] < 40 * day
    }
    return [
        one["id"]
        for one in shop.people
        if one["country"] == "DE" and one["id"] in viewed and one["erased_at"] is None
    ]


def test_a_segment_by_a_condition_is_rehearsed_over_the_database_of_the_workspace(
    workspace: Path,
) -> None:
    first, *others = find_wanted()
    people = {number: {"email": f"{number}@customers.example"} for number in (first, 9_999)}
    played = rehearse(
        workspace / "spring.yaml", workspace=workspace, people=people, clock=SimulatedClock(NOW)
    )
    assert played.states == {first: "sent"}
    assert played.skipped == dict.fromkeys(others, "no_address")


def test_a_stored_view_serves_as_well(workspace: Path) -> None:
    clock = SimulatedClock(NOW)
    with open_store(f"sqlite:///{workspace}/ballyhoo.db") as store:
        played = rehearse(
            workspace / "spring.yaml",
            workspace=workspace,
            store=StoredView(store, clock),
            people={},
            clock=clock,
        )
    assert list(played.skipped) == find_wanted()


def test_a_segment_by_a_condition_cannot_be_rehearsed_over_a_store_in_memory(
    workspace: Path,
) -> None:
    with pytest.raises(EnvironmentMissing) as error:
        rehearse(workspace / "spring.yaml", workspace=workspace, store=sample_store(), people={})
    assert error.value.message == (
        "the plugin 'sql_segment' finds its segment inside of a database, and the store here is a "
        "FakeStore"
    )
    assert "leave the store out" in str(error.value.hint)
