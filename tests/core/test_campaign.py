from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from ballyhoo import (
    Brief,
    Context,
    Copy,
    EnvironmentMissing,
    Objection,
    Options,
    Provenance,
    RecipeError,
    hookimpl,
)
from ballyhoo.core.campaign import check_recipe, load_campaign, require_plugins
from ballyhoo.core.registry import Registry
from ballyhoo.plugins import copy_guard, list_segment, outbox

RECIPE = """\
# The first of May.
campaign: may
segment: {plugin: list_segment, customers: [C-1]}
generate:
  plugin: writer
  voice: warm
  fields: {subject: {}, body: {}}
  offer: {code: MAY}
  attempts: 2
experiment:
  variants:
    warm: {}
    terse: {generate: {voice: terse, offer: null, fields: {body: {max_words: 20}}}}
    other: {generate: {plugin: other_writer}, deliver: {folder: other}}
review: {strict: {level: 2}}
deliver: {plugin: outbox}
"""
BY_HAND = """\
campaign: june
segment: {plugin: list_segment, customers: [C-1]}
deliver: {plugin: outbox, fields: {subject: s, body: b}}
"""


class WriterOptions(Options):
    voice: str = ""


class Writer:
    @hookimpl
    def generate(
        self, context: Context, options: WriterOptions, briefs: Sequence[Brief]
    ) -> list[Copy]:
        return [Copy(fields={}, provenance=Provenance(generator="writer")) for _ in briefs]


class OtherWriter:
    @hookimpl
    def generate(self, context: Context, briefs: Sequence[Brief]) -> list[Copy]:
        return [Copy(fields={}, provenance=Provenance(generator="other")) for _ in briefs]


class StrictOptions(Options):
    level: int = 1


class Strict:
    @hookimpl
    def review(
        self, context: Context, options: StrictOptions, brief: Brief, copy: Copy
    ) -> list[Objection]:
        return []


class Anybody:
    @hookimpl
    def segment(self, context: Context) -> Iterator[int]:
        yield from ()


def make_registry(*left_out: str) -> Registry:
    registry = Registry()
    plugins = {
        "copy_guard": copy_guard,
        "list_segment": list_segment,
        "other_writer": OtherWriter,
        "outbox": outbox,
        "sql_segment": Anybody,
        "strict": Strict,
        "writer": Writer,
    }
    for name, plugin in plugins.items():
        if name in left_out:
            registry.add_failed(name, "ImportError: no module named 'spam'")
        else:
            registry.add(name, plugin)
    return registry


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    path = tmp_path / "may.yaml"
    path.write_text(RECIPE)
    return path


def load(path: Path, registry: Registry | None = None):
    return load_campaign(path, registry=registry or make_registry(), workspace=path.parent)


def test_a_campaign_keeps_its_text_and_the_hash_of_its_bytes(recipe: Path) -> None:
    campaign = load(recipe)
    assert (campaign.name, campaign.file, campaign.text) == ("may", str(recipe), RECIPE)
    assert campaign.hash == hashlib.sha256(RECIPE.encode()).hexdigest()


def test_a_comment_changes_the_hash_and_a_byte_order_mark_does_not_reach_the_text(
    recipe: Path,
) -> None:
    before = load(recipe)
    recipe.write_bytes(b"\xef\xbb\xbf" + RECIPE.encode())
    after = load(recipe)
    assert after.text == before.text
    assert after.hash != before.hash
    assert after.variants == before.variants


def test_each_variant_is_the_whole_recipe_with_its_changes(recipe: Path) -> None:
    variants = load(recipe).variants
    assert list(variants) == ["warm", "terse", "other"]
    warm, terse, other = variants.values()
    assert warm.stages["generate"].options == WriterOptions(voice="warm")
    assert [offer.code for offer in warm.recipe.generate.offer] == ["MAY"]
    assert terse.stages["generate"].options == WriterOptions(voice="terse")
    assert terse.recipe.generate.offer == []
    assert terse.recipe.generate.fields["body"].max_words == 20
    assert terse.recipe.generate.fields.keys() == warm.recipe.generate.fields.keys()
    assert other.stages["generate"].plugin == "other_writer"
    assert other.stages["generate"].options is None
    assert other.recipe.generate.attempts == 2
    assert other.stages["deliver"].options.folder == "other"
    assert warm.stages["deliver"].options.folder == "outbox"


def test_all_plugins_of_all_variants_are_needed_each_once(recipe: Path) -> None:
    campaign = load(recipe)
    assert campaign.plugins == [
        "list_segment", "writer", "outbox", "copy_guard", "strict", "other_writer",
    ]  # fmt: skip
    assert campaign.variants["warm"].plugins == [
        "list_segment", "writer", "outbox", "copy_guard", "strict",
    ]  # fmt: skip


def test_what_no_variant_can_change_is_the_recipes(recipe: Path) -> None:
    campaign = load(recipe)
    assert campaign.recipe.campaign == "may"
    assert list(campaign.recipe.experiment.variants) == ["warm", "terse", "other"]


def test_without_an_experiment_there_is_one_variant_without_a_name(recipe: Path) -> None:
    recipe.write_text(BY_HAND)
    campaign = load(recipe)
    assert list(campaign.variants) == [None]
    assert campaign.variants[None].reviewers == ()


def test_a_wrong_recipe_is_refused_whole_with_every_mistake(recipe: Path) -> None:
    recipe.write_text(
        RECIPE.replace("campaign: may", "campaign: May").replace("level: 2", "levl: 2")
    )
    with pytest.raises(RecipeError) as caught:
        load(recipe)
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        f"{recipe}:2:11: campaign: must be a name of lower-case letters, digits, '-' and '_', "
        "at most 80 of them, not 'May'",
        f"{recipe}:15:19: review.strict: unknown key 'levl'; did you mean 'level'?",
    ]
    assert str(caught.value) == "\n".join(str(mistake) for mistake in caught.value.mistakes)
    assert caught.value.exit_code == 2


def test_a_file_that_cannot_be_read_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"gone\.yaml: No such file or directory"):
        load(tmp_path / "gone.yaml")
    with pytest.raises(RecipeError, match="Is a directory"):
        load(tmp_path)


@pytest.mark.parametrize("plugin", ["writer", "other_writer", "strict", "copy_guard", "outbox"])
def test_nothing_fails_open_when_a_plugin_or_reviewer_did_not_load(
    recipe: Path, plugin: str
) -> None:
    with pytest.raises(EnvironmentMissing) as caught:
        load(recipe, make_registry(plugin))
    assert caught.value.exit_code == 3
    assert f"the plugin '{plugin}' did not load: ImportError" in caught.value.message
    assert "ballyhoo plugins" in (caught.value.hint or "")


def test_the_guard_is_needed_for_generated_copy_alone(recipe: Path) -> None:
    recipe.write_text(BY_HAND)
    assert load(recipe, make_registry("copy_guard", "writer", "strict")).name == "june"


def test_a_recipe_that_is_wrong_and_lacks_a_plugin_is_first_of_all_wrong(recipe: Path) -> None:
    recipe.write_text(RECIPE.replace("attempts: 2", "attempts: 0"))
    with pytest.raises(RecipeError) as caught:
        load(recipe, make_registry("strict"))
    assert [mistake.missing for mistake in caught.value.mistakes] == [False, True]


def test_checking_tells_missing_from_wrong() -> None:
    checked = check_recipe(
        RECIPE.encode(), file="may.yaml", registry=make_registry("strict"), workspace=Path("x")
    )
    assert checked.campaign is None
    assert [(mistake.path, mistake.missing) for mistake in checked.mistakes] == [
        ("review.strict", True)
    ]


def test_a_campaign_does_not_start_where_its_plugins_are_not(recipe: Path) -> None:
    campaign = load(recipe)
    require_plugins(campaign, make_registry())
    with pytest.raises(EnvironmentMissing) as caught:
        require_plugins(campaign, make_registry("other_writer", "strict"))
    assert caught.value.message.startswith("the campaign 'may' cannot start: ")
    assert "'other_writer' did not load" in caught.value.message
    assert "'strict' did not load" in caught.value.message


def test_a_topic_that_the_shop_does_not_have_is_named_with_what_was_meant() -> None:
    def look(topics: list[str] | None) -> list[tuple[str, str]]:
        checked = check_recipe(
            f"{BY_HAND}policy: {{topic: sales}}\n".encode(), file="may.yaml",
            registry=make_registry("copy_guard", "writer", "strict"),
            workspace=Path("x"), topics=topics,
        )  # fmt: skip
        return [(mistake.path, mistake.message) for mistake in checked.mistakes]

    assert look(["sale", "news"]) == [
        ("policy.topic", "there is no topic 'sales'; did you mean 'sale'?")
    ]
    assert "[preferences.topics]" in look([])[0][1]
    assert look(["sales"]) == look(None) == []
