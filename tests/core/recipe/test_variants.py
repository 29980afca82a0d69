from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.core.recipe.document import Node
from ballyhoo.core.recipe.findings import Findings
from ballyhoo.core.recipe.variants import MOST_VARIANTS, merge_variant, read_variants
from ballyhoo.core.recipe.yaml_reader import read_yaml

quick = settings(derandomize=True, deadline=None, max_examples=60)
KEYS = st.sampled_from(["generate", "deliver", "policy", "plugin", "voice", "fields", "cap"])
LEAVES = st.integers(0, 3) | st.sampled_from(["x", "y"]) | st.lists(st.integers(0, 3), max_size=2)
TREES = st.dictionaries(
    KEYS,
    st.recursive(LEAVES, lambda below: st.dictionaries(KEYS, below, max_size=3), max_leaves=8),
    max_size=4,
)
PATCHES = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES | st.none(), lambda below: st.dictionaries(KEYS, below, max_size=3), max_leaves=8
    ),
    max_size=4,
)
PLAIN = st.dictionaries(st.sampled_from(["policy", "review"]), TREES, max_size=2)


def read(tree: Any) -> Node:
    node = read_yaml(json.dumps(tree, indent=1).encode(), Findings("x.yaml"))
    assert node is not None
    return node


def merge_plainly(base: Any, patch: Any) -> Any:
    """Merge as the documentation says it: mappings merge, the rest replaces, null deletes."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(base) if isinstance(base, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_plainly(merged.get(key), value)
    return merged


@given(tree=TREES)
@quick
def test_a_variant_that_says_nothing_changes_nothing(tree: Any) -> None:
    root = read(tree)
    assert merge_variant(root, read({})) == root


@given(tree=TREES)
@quick
def test_a_variant_that_repeats_the_recipe_changes_no_value(tree: Any) -> None:
    assert merge_variant(read(tree), read(tree)).plain() == tree


@given(tree=PLAIN, patch=st.dictionaries(st.sampled_from(["policy", "review"]), PATCHES))
@quick
def test_mappings_merge_the_rest_replaces_and_null_deletes(tree: Any, patch: Any) -> None:
    assert merge_variant(read(tree), read(patch)).plain() == merge_plainly(tree, patch)


@given(tree=TREES, patch=PATCHES)
@quick
def test_every_node_of_a_merge_keeps_the_place_and_path_of_its_file(tree: Any, patch: Any) -> None:
    recipe, variant = read(tree), read(patch)
    known = {(node.place, node.path, id(node.value)) for node in (*recipe.walk(), *variant.walk())}
    places = {(node.place, node.path) for node in (*recipe.walk(), *variant.walk())}
    for node in merge_variant(recipe, variant).walk():
        assert (node.place, node.path) in places
        if not isinstance(node.value, dict):
            assert (node.place, node.path, id(node.value)) in known
        assert set(node.key_places) == set(node.mapping)


@given(tree=TREES, patch=PATCHES)
@quick
def test_merging_changes_neither_the_recipe_nor_the_variant(tree: Any, patch: Any) -> None:
    recipe, variant = read(tree), read(patch)
    merge_variant(recipe, variant)
    assert (recipe, variant) == (read(tree), read(patch))


def test_a_stage_that_names_another_plugin_drops_the_old_ones_options() -> None:
    recipe = read({"generate": {"plugin": "a", "voice": "warm", "fields": {"body": {}}}})
    merged = merge_variant(recipe, read({"generate": {"plugin": "b", "model": "m"}}))
    assert merged.plain() == {"generate": {"plugin": "b", "model": "m", "fields": {"body": {}}}}


def test_naming_the_default_plugin_drops_nothing() -> None:
    recipe = read({"generate": {"voice": "warm"}})
    merged = merge_variant(recipe, read({"generate": {"plugin": "llm_copy"}}))
    assert merged.plain() == {"generate": {"voice": "warm", "plugin": "llm_copy"}}


def test_going_back_to_the_default_plugin_drops_the_other_ones_options() -> None:
    recipe = read({"generate": {"plugin": "other", "style": 3, "attempts": 2}})
    merged = merge_variant(recipe, read({"generate": {"plugin": None}}))
    assert merged.plain() == {"generate": {"attempts": 2}}


def test_what_a_variant_deleted_is_remembered_with_its_place() -> None:
    recipe, variant = read({"deliver": {"from": "x"}}), read({"deliver": {"from": None}})
    deleted = merge_variant(recipe, variant).mapping["deliver"].deleted
    assert deleted == {"from": variant.mapping["deliver"].mapping["from"]}


def test_a_null_in_a_block_that_the_variant_brings_deletes_nothing_and_is_gone() -> None:
    merged = merge_variant(read({}), read({"policy": {"cap": None, "again": "never"}}))
    assert merged.plain() == {"policy": {"again": "never"}}


def test_without_variants_there_is_one_without_a_name() -> None:
    root = read({"campaign": "x", "experiment": {"holdout": "5%"}})
    assert read_variants(root, Findings("x.yaml")) == {None: root}


def test_more_variants_than_an_experiment_can_have_are_refused() -> None:
    findings = Findings("x.yaml")
    variants = {f"v{number}": {} for number in range(MOST_VARIANTS + 1)}
    read_variants(read({"experiment": {"variants": variants}}), findings)
    (mistake,) = findings.sorted()
    assert (mistake.path, mistake.message) == ("experiment.variants", "has 51 variants; at most 50")
