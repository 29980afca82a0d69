"""Mistakes in one file do not hide, repeat or disturb one another."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

GOOD = (Path(__file__).parent / "good/spring_trail.yaml").read_text()
SLIPS = [
    ("campaign: spring-trail", "campaign: Spring Trail"),
    ("  plugin: cf_recommender", "  plugn: cf_recommender"),
    ("  top: 3", "  top: none"),
    ("not_bought_days: 180", "not_bougth_days: 180"),
    ("  model: ballyhoo/demo", "  modle: ballyhoo/demo"),
    ("  voice: warm, concrete, no superlatives", "  voice: &tone warm"),
    ("discount: 20%, ends: 2026-04-30", "discount: twenty, ends: 2026-02-30"),
    ("{max_chars: 90}", "{max_chars: -1}"),
    ("traits: [favourite_category, ", "traits: [first_name, "),
    ("{first_name|friend}", "{frist_name|friend}"),
    ('"{product.name} and more"', '"{product.nam} and more"'),
    ("with {offer.code} it", "with {offer.code it"),
    ("terse: {generate: {voice: terse}}", "terse: {generate: {voice: terse}, segment: {}}"),
    ("  holdout: 5%", "  holdout: 0.05"),
    ("  metric: click", "  metric: clicks"),
    ("  window: 14d", "  window: 14 days"),
    ("  waves: 5", "  waves: 1"),
    ("{superlatives: refuse}", "{superlatives: forbid}"),
    ("  from: Ballyhoo", "  form: Ballyhoo"),
    ("  template: spring", "  template: sprig"),
    ("  rate: 600/min", "  rate:"),
    ("opens: false", "opens: no"),
    ('"21:00-08:00"', '"21:00-21:00"'),
    ("{messages: 2, per: 7d}", "{messages: 2}"),
    ("  again: never", "  agian: never"),
    ("  on_unknown: hold", "  on_unknown: wait"),
]


def shown(check, text: str) -> list[str]:
    return [str(mistake) for mistake in check(text).mistakes]


def apply(slips: list[tuple[str, str]]) -> str:
    text = GOOD
    for right, wrong in slips:
        assert GOOD.count(right) == 1, right
        text = text.replace(right, wrong)
    return text


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip[1].strip()[:30])
def test_each_slip_alone_is_told(check, slip: tuple[str, str]) -> None:
    assert shown(check, apply([slip]))


def test_all_slips_together_are_told_as_each_is_alone_in_the_order_of_the_file(check) -> None:
    alone = [line for slip in SLIPS for line in shown(check, apply([slip]))]
    assert shown(check, apply(SLIPS)) == alone
    assert len(alone) == len(SLIPS) + 1


@given(slips=st.lists(st.sampled_from(SLIPS), unique=True, max_size=8))
@settings(derandomize=True, deadline=None, max_examples=60)
def test_any_slips_together_are_told_as_each_is_alone(check, slips: list[tuple[str, str]]) -> None:
    in_order = [slip for slip in SLIPS if slip in slips]
    alone = [line for slip in in_order for line in shown(check, apply([slip]))]
    assert shown(check, apply(in_order)) == alone
