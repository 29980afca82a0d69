"""Campaigns beside each other, and beside the people whom none writes to."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from ballyhoo.core.reporting.overview import gather_overview
from ballyhoo.core.reporting.overview_views import (
    describe_overview,
    print_overview,
    write_overview,
)
from ballyhoo.core.setting_tables import Experiments

from ..engine.shop import Shop, make_recipe, to_ms

NAMES = tuple(f"person{number}" for number in range(80))


def test_campaigns_are_added_up_and_compared_with_whom_none_writes_to(
    shop: Shop, tmp_path: Path
) -> None:
    shop.set(experiments=Experiments.model_validate({"global_holdout": "25%"}))
    shop.add_products("cork")
    shop.add(*NAMES)
    runs = []
    for campaign in ("first", "second"):
        runs.append(shop.run(make_recipe(campaign, experiment={"holdout": "30%"})))
        shop.clock.advance(timedelta(hours=1))
    rows = [shop.rows(run) for run in runs]
    never = [name for name, row in rows[0].items() if row["reason"] == "global_holdout"]
    assert never == [name for name, row in rows[1].items() if row["reason"] == "global_holdout"]
    others = [name for name in NAMES if name not in never]
    for name in (*others[:20], never[0]):
        shop.happen(name, "purchase", sku="cork", value=1_000, currency="EUR")
    shop.clock.advance(timedelta(days=10))
    found = gather_overview(shop.store, now=to_ms(shop.clock.now()), days=30)
    assert [one.campaign for one in found.lines] == ["first", "second"]
    assert found.everybody is not None
    assert (found.everybody.held_out.people, found.everybody.held_out.bought) == (len(never), 1)
    assert (found.everybody.others.people, found.everybody.others.bought) == (len(others), 20)
    assert found.everybody.held_out.spent == 1_000
    assert found.everybody.others.spent == 20_000
    lifts = [one.lift for one in found.lines]
    assert all(one is not None and one.extra is not None for one in lifts)
    assert found.extra is not None
    total = sum(one.extra.estimate for one in lifts if one is not None and one.extra is not None)
    assert found.extra.estimate == pytest.approx(total)
    described = describe_overview(found)
    assert described["global_holdout"]["others"]["bought"] == 20
    write_overview(found, tmp_path / "all.html")
    page = (tmp_path / "all.html").read_text()
    console = Console(width=160, record=True)
    print_overview(found, console)
    for shown in (page, console.export_text(), json.dumps(described)):
        assert "second" in shown
        assert "person" not in shown.lower().replace("people", "").replace(
            "per person", ""
        ).replace("_per_person", "")


def test_a_shop_without_runs_has_an_overview_too(shop: Shop, tmp_path: Path) -> None:
    found = gather_overview(shop.store, now=to_ms(shop.clock.now()), days=30)
    assert found.words == ("There was no run within this time.",)
    write_overview(found, tmp_path / "all.html")
