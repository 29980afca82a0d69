"""What plan, explain and diff say of waves."""

from __future__ import annotations

import json

from ballyhoo.core.assignment import draw_fraction
from ballyhoo.core.engine.diffing import compare_campaigns, load_comparable
from ballyhoo.core.engine.dry_plan import plan_dry
from ballyhoo.core.engine.explaining import explain_message

from .shop import Shop, make_recipe

NAMES = [f"c{number}" for number in range(90)]
KEY = b"an assignment key of tests"
FIXED = {"variants": {"warm": {}, "plain": {}}, "holdout": "20%"}
WAVES = {**FIXED, "allocate": "thompson", "waves": {"number": 3, "feedback": 50}}


def test_a_plan_says_how_many_each_wave_has_and_the_variants_of_the_first(shop: Shop) -> None:
    shop.add(*NAMES)
    recipe = make_recipe(experiment=WAVES)
    planned = plan_dry(shop.engine, shop.load(recipe))
    rows = list(shop.rows(shop.plan(recipe)).values())
    assert list(planned.waves) == [
        sum(row["state"] != "skipped" and row["wave"] == wave for row in rows) for wave in (1, 2, 3)
    ]
    assert planned.variants == {
        name: sum(row["state"] != "skipped" and row["variant"] == name for row in rows)
        for name in ("warm", "plain")
    }
    assert sum(planned.variants.values()) == planned.waves[0]
    assert sum(planned.waves) == planned.messages
    assert planned.allocation is not None
    assert planned.allocation.feedback == 50
    fixed = plan_dry(shop.engine, shop.load(make_recipe(experiment=FIXED)))
    assert (fixed.messages, fixed.holdout) == (planned.messages, planned.holdout)
    assert (fixed.waves, fixed.allocation) == ([], None)


def test_explain_tells_the_wave_and_the_shares_that_her_variant_was_drawn_by(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.run(make_recipe("x", experiment=WAVES))
    rows = shop.rows(run)
    later = next(name for name, row in rows.items() if row["wave"] == 2 and not row["reason"])
    fraction = draw_fraction(KEY, "wave", "x", shop.find(later))
    drawn = f"drawn {fraction:.4f}; it is hers from 0.333333 to 0.666667"

    def told() -> dict[str, tuple[str, ...]]:
        explained = explain_message(shop.engine, run.id, later)
        return {one.what: (one.said, *one.parts) for one in explained.decisions}

    waits = "she is in wave 2 of 3, and her variant is drawn when it opens"
    assert told()["wave"] == (waits, drawn)
    assert "variant" not in told()
    shop.clock.advance(days=1)
    shop.go_on(run)
    said, *parts = told()["wave"]
    assert (said, parts[0]) == ("she is in wave 2 of 3", drawn)
    assert parts[1].startswith("warm had ")
    assert "of it: it was the best at " in parts[1]
    assert told()["variant"][0] == f"her variant is {shop.rows(run)[later]['variant']}"


def test_diff_names_the_wave_of_those_whose_variant_is_drawn_later(shop: Shop) -> None:
    shop.add(*NAMES)
    for name, block in (("old", FIXED), ("new", WAVES)):
        (shop.folder / f"{name}.yaml").write_text(make_recipe("x", experiment=block))
    sides = [
        load_comparable(shop.engine, str(shop.folder / f"{one}.yaml")) for one in ("old", "new")
    ]
    found = compare_campaigns(shop.engine, *sides, samples=4)
    assert found.old.messages == found.new.messages
    assert (found.enters.count, found.leaves.count) == (0, 0)
    assert set(found.changes_variant.because) == {
        f"{name} -> wave {wave}" for name in ("warm", "plain") for wave in (2, 3)
    }
    assert found.stays == sum(found.new.variants.values())
    assert len(found.messages) == 4
    assert json.dumps(dict(found.changes_variant.because))
