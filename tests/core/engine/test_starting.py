"""Which run a command means, what may be started, and what a run keeps of its workspace."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from ballyhoo import DataFile, Options, hookimpl
from ballyhoo.core.engine.keeping import collect_files
from ballyhoo.core.engine.runs import VersionsDiffer, load_run
from ballyhoo.core.engine.starting import (
    DEMO_MODEL,
    Start,
    check_release,
    describe_way,
    find_run,
    start_run,
)
from ballyhoo.core.errors import BallyhooError, DataError, EnvironmentMissing, PolicyError
from ballyhoo.core.setting_tables import Brand

from .plugins import Capture, ScribeOptions
from .shop import Shop, make_recipe

HAND = {"subject": "Hello", "body": "Look."}
OTHER = make_recipe(deliver={"fields": {"subject": "Another", "body": "version"}})


def find(
    shop: Shop, recipe: str | None = None, *, limit: int | None = None, new: bool = False
) -> Any:
    campaign = shop.load(make_recipe() if recipe is None else recipe)
    start = find_run(shop.engine, campaign, limit=limit, is_new=new)
    return start and (start.run_id, start.way)


class TestTheSameCommandAgain:
    def test_starts_a_run_when_there_is_none(self, shop: Shop) -> None:
        assert find(shop) is None

    @pytest.mark.parametrize("state", ["planning", "running", "waiting", "paused"])
    def test_goes_on_with_an_open_run(self, shop: Shop, state: str) -> None:
        run = shop.start()
        shop.move(run, state)
        assert find(shop) == (run.id, "resumed")
        assert find(shop, limit=50) == (run.id, "resumed")

    def test_shows_a_finished_run(self, shop: Shop) -> None:
        run = shop.run()
        assert find(shop) == (run.id, "finished")

    def test_starts_another_one_after_a_cancelled_one(self, shop: Shop) -> None:
        run = shop.start()
        shop.move(run, "cancelled")
        assert find(shop) is None

    def test_with_another_recipe_is_refused_while_a_run_is_open(self, shop: Shop) -> None:
        run = shop.start()
        with pytest.raises(BallyhooError, match="another version of the recipe") as caught:
            find(shop, OTHER)
        assert caught.value.exit_code == 2
        assert f"ballyhoo cancel {run.id}" in (caught.value.hint or "")
        assert "--new" in (caught.value.hint or "")
        assert find(shop, OTHER, new=True) is None

    def test_with_another_recipe_starts_another_run_after_a_finished_one(self, shop: Shop) -> None:
        shop.run()
        assert find(shop, OTHER) is None

    def test_with_another_limit_starts_another_run(self, shop: Shop) -> None:
        run = shop.run(limit=1)
        assert find(shop, limit=1) == (run.id, "finished")
        assert find(shop) is None
        assert find(shop, limit=2) is None

    def test_new_always_starts_another_run(self, shop: Shop) -> None:
        shop.start()
        assert find(shop, new=True) is None

    def test_goes_on_with_an_open_run_although_a_newer_one_is_finished(self, shop: Shop) -> None:
        """--new was started beside it, and is through."""
        open_one = shop.start()
        shop.run()
        assert find(shop) == (open_one.id, "resumed")
        with pytest.raises(BallyhooError, match=f"run {open_one.id} "):
            find(shop, OTHER)

    def test_is_about_its_own_campaign(self, shop: Shop) -> None:
        shop.start(make_recipe("another"))
        assert find(shop) is None

    def test_says_what_it_does(self, shop: Shop) -> None:
        run = shop.start()
        row = shop.read(run)
        said = [
            describe_way(Start(run_id=run.id, way=way), row)
            for way in ("started", "resumed", "finished")
        ]
        assert said == [
            f"run {run.id} of 'letter' started",
            f"run {run.id} of 'letter' goes on",
            f"run {run.id} of 'letter' is finished; --new starts another",
        ]


class TestWhatMayReachPeople:
    """`check_release` names everything that is missing at once."""

    def load(self, shop: Shop, name: str = "email", **blocks: Any) -> Any:
        shop.add_plugin("smtp", Capture(name, "email", reaches_people=True))
        return shop.load(make_recipe(deliver={"plugin": "smtp"}, **blocks))

    def set(
        self, shop: Shop, address: str = "Fernpfad, 1 Dale Road", base: str = "https://x"
    ) -> None:
        shop.set(brand=Brand(legal_address=address), base_url=base)

    def test_with_everything_it_may(self, shop: Shop) -> None:
        campaign = self.load(shop)
        self.set(shop)
        check_release(shop.engine, campaign, allows_demo_model=False)

    @pytest.mark.parametrize(
        ("address", "base", "said"),
        [
            ("", "https://x", ["legal_address"]),
            ("  ", "https://x", ["legal_address"]),
            ("a", "http://x", ["https://"]),
            ("a", "", ["https://"]),
            ("", "", ["legal_address", "https://"]),
        ],
    )
    def test_e_mail_needs_an_address_and_a_safe_way_out(
        self, shop: Shop, address: str, base: str, said: list[str]
    ) -> None:
        campaign = self.load(shop)
        self.set(shop, address, base)
        with pytest.raises(PolicyError) as caught:
            check_release(shop.engine, campaign, allows_demo_model=False)
        assert all(word in str(caught.value) for word in said)
        assert str(caught.value).count("  - ") == len(said)

    def test_another_channel_needs_neither(self, shop: Shop) -> None:
        check_release(shop.engine, self.load(shop, "sms"), allows_demo_model=False)

    def test_what_stays_in_the_house_needs_nothing(self, shop: Shop) -> None:
        check_release(shop.engine, shop.load(make_recipe()), allows_demo_model=False)

    def test_a_toys_copy_needs_a_flag(self, shop: Shop) -> None:
        class Toy:
            @hookimpl
            def generate(self, options: ToyOptions, briefs: Any) -> Any:
                return []

        shop.add_plugin("toy", Toy())
        campaign = self.load(shop, generate={"plugin": "toy", "model": DEMO_MODEL})
        self.set(shop)
        with pytest.raises(PolicyError, match="--allow-demo-model"):
            check_release(shop.engine, campaign, allows_demo_model=False)
        check_release(shop.engine, campaign, allows_demo_model=True)

    def test_one_variant_is_enough_to_refuse_them_all(self, shop: Shop) -> None:
        shop.add_plugin("smtp", Capture(reaches_people=True))
        variants = {"a": {}, "b": {"deliver": {"plugin": "smtp"}}}
        campaign = shop.load(make_recipe(experiment={"variants": variants}))
        with pytest.raises(PolicyError):
            check_release(shop.engine, campaign, allows_demo_model=False)

    def test_nothing_is_started(self, shop: Shop) -> None:
        self.load(shop)
        with pytest.raises(PolicyError):
            shop.start(make_recipe(deliver={"plugin": "smtp"}))
        assert find(shop) is None


class NestedOptions(Options):
    """A part of a block."""

    files: list[DataFile]


class DeepOptions(Options):
    """A `generate` block with parts."""

    parts: dict[str, NestedOptions]


class ToyOptions(ScribeOptions):
    """The recipe's `generate` block of a toy."""

    model: str = ""


def test_a_plugin_that_did_not_load_keeps_a_run_from_starting(shop: Shop) -> None:
    """Nothing fails open: the reviewer that a recipe names must be there."""
    campaign = shop.load(make_recipe(generate={}, review={"always_objects": {}}))
    shop.install("always_objects", None)
    with pytest.raises(EnvironmentMissing, match="always_objects") as caught:
        start_run(shop.engine, campaign, shop.folder)
    assert caught.value.exit_code == 3


class TestWhatARunKeeps:
    """Edits never touch an open run, and any machine can go on with it."""

    def prepare(self, shop: Shop) -> None:
        (shop.folder / "templates").mkdir()
        (shop.folder / "templates/letter.txt.j2").write_text("{{ fields.body }} (as it was)")
        (shop.folder / "segments").mkdir()
        (shop.folder / "segments/loyal.yaml").write_text("where: traits.loyal = true\n")
        (shop.folder / "data").mkdir()
        (shop.folder / "data/people.csv").write_text("id\nada\n")
        loyal = {"traits": '{"loyal": true}'}
        shop.add("ada", "bob", **loyal)

    def start(self, shop: Shop, segment: dict[str, Any]) -> Any:
        deliver = {"template": "letter.txt.j2", "fields": HAND}
        return shop.start(make_recipe(segment=segment, deliver=deliver))

    def reload(self, shop: Shop, run: Any) -> Any:
        """Load the run as another process does, in a folder without anything."""
        shop.engine.runs.clear()
        for name in ("templates", "segments", "data", "letter.yaml"):
            path = shop.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        return load_run(shop.engine, run.id)

    def test_named_segments_and_templates(self, shop: Shop) -> None:
        self.prepare(shop)
        run = self.start(shop, {"where": "in_segment('loyal')"})
        (shop.folder / "segments/loyal.yaml").write_text("where: country = 'FR'\n")
        (shop.folder / "templates/letter.txt.j2").write_text("another")
        again = self.reload(shop, run)
        shop.go_on(again)
        assert shop.receipt(run).states == {"sent": 2}
        assert {message.content for message in shop.channel.sent} == {b"Look. (as it was)"}

    def test_files_that_options_name(self, shop: Shop) -> None:
        self.prepare(shop)
        run = self.start(shop, {"plugin": "list_segment", "file": "data/people.csv"})
        (shop.folder / "data/people.csv").write_text("id\nbob\n")
        again = self.reload(shop, run)
        shop.go_on(again)
        assert shop.fates(run) == {"ada": "sent"}

    def test_its_recipe_its_hash_and_its_seed(self, shop: Shop) -> None:
        recipe = make_recipe()
        run = shop.start(recipe, seed=77)
        (shop.folder / "letter.yaml").write_text("campaign: broken")
        row = shop.read(run)
        assert (row.recipe, row.seed) == (recipe, 77)
        assert row.recipe_hash == run.campaign.hash
        assert load_run(shop.engine, run.id).campaign.hash == run.campaign.hash

    def test_a_seed_that_was_drawn(self, shop: Shop) -> None:
        campaign = shop.load(make_recipe())
        seeds = set()
        for _ in range(3):
            start = start_run(shop.engine, campaign, shop.folder)
            seeds.add(load_run(shop.engine, start.run_id).seed)
        assert len(seeds) == 3

    def test_the_versions_of_its_plugins_and_the_brand(self, shop: Shop) -> None:
        shop.set(brand=Brand(name="Fernpfad"))
        details = shop.read(shop.start(make_recipe(generate={}))).details
        assert set(details["plugins"]) == {"sql_segment", "scribe", "capture", "copy_guard"}
        assert details["plugins"]["scribe"] == "1.0"
        assert details["brand"]["name"] == "Fernpfad"

    def test_files_that_are_too_large_are_refused(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.prepare(shop)
        monkeypatch.setattr("ballyhoo.core.engine.keeping.MOST_BYTES", 5)
        with pytest.raises(DataError, match="a run keeps at most 5"):
            self.start(shop, {"plugin": "list_segment", "file": "data/people.csv"})

    def test_files_in_lists_and_blocks_of_options_are_found(self, shop: Shop) -> None:
        class Maker:
            @hookimpl
            def generate(self, options: DeepOptions, briefs: Any) -> Any:
                return []

        self.prepare(shop)
        shop.add_plugin("maker", Maker())
        parts = {"a": {"files": ["data/people.csv"]}}
        campaign = shop.load(make_recipe(generate={"plugin": "maker", "parts": parts}))
        assert list(collect_files(campaign, shop.folder)) == ["data/people.csv"]


class TestOtherVersionsOfPlugins:
    def test_leave_the_run_alone_and_say_so(self, shop: Shop) -> None:
        run = shop.start(make_recipe(generate={}))
        shop.install("scribe", "2.0")
        with pytest.raises(VersionsDiffer, match=r"scribe 1\.0 \(here 2\.0\)") as caught:
            load_run(shop.engine, run.id)
        assert caught.value.exit_code == 3
        assert f"resume {run.id} --accept-versions" in (caught.value.hint or "")
        assert shop.read(run).state == "planning"

    def test_of_plugins_that_it_does_not_need_are_no_matter(self, shop: Shop) -> None:
        run = shop.start()
        shop.install("scribe", "2.0")
        assert load_run(shop.engine, run.id).id == run.id

    def test_a_plugin_that_is_gone_is_missing(self, shop: Shop) -> None:
        run = shop.start(make_recipe(generate={}))
        shop.install("scribe", None)
        with pytest.raises(EnvironmentMissing, match="scribe"):
            load_run(shop.engine, run.id)


def test_a_run_that_is_not_there_is_bad_input(shop: Shop) -> None:
    with pytest.raises(DataError, match="there is no run 77"):
        load_run(shop.engine, 77)


def test_the_folders_of_runs_are_gone_with_their_engine(shop: Shop) -> None:
    with shop.open_engine() as engine:
        run = shop.start()
        folder = Path(load_run(engine, run.id).folder.name)
        assert folder.is_dir()
    assert not folder.exists()
