"""Tokens are chosen by their chances, by the row's own numbers, and never against the rules."""

from __future__ import annotations

from collections import Counter

import pytest
import torch

from ballyhoo.plugins.llm_copy.engines.picking import Sampling, draw_numbers, pick_tokens

LOGITS = torch.log(torch.tensor([0.05, 0.5, 0.05, 0.3, 0.1]))


def pick(numbers, sampling, logits=LOGITS, blocked=None):
    rows = len(numbers)
    blocked = None if blocked is None else torch.tensor(blocked).expand(rows, -1)
    return pick_tokens(logits.expand(rows, -1), blocked, torch.tensor(numbers), sampling).tolist()


def test_without_a_temperature_the_likeliest_is_taken():
    assert pick([0.0, 0.99], Sampling()) == [1, 1]


def test_tokens_come_as_often_as_they_are_likely():
    numbers = [(one + 0.5) / 1000 for one in range(1000)]
    found = Counter(pick(numbers, Sampling(temperature=1.0)))
    assert found == {0: 50, 1: 500, 2: 50, 3: 300, 4: 100}


def test_top_p_leaves_the_likeliest_that_have_it_together():
    numbers = [(one + 0.5) / 1000 for one in range(1000)]
    found = Counter(pick(numbers, Sampling(temperature=1.0, top_p=0.7)))
    assert set(found) == {1, 3}
    assert found[1] == pytest.approx(625, abs=1)


def test_top_p_counts_more_tokens_than_are_looked_at_first():
    logits = torch.zeros(1000)
    found = {
        token
        for one in range(500)
        for token in pick([one / 500], Sampling(temperature=1.0, top_p=0.9), logits)
    }
    assert len(found) > 300


def test_a_low_temperature_is_nearly_greedy():
    assert set(pick([0.01, 0.5, 0.99], Sampling(temperature=0.05))) == {1}


def test_what_is_blocked_is_not_chosen_at_either_end():
    blocked = [True, False, False, False, True]
    picked = pick([0.0, 0.5, 0.999999], Sampling(temperature=2.0), blocked=blocked)
    assert set(picked) <= {1, 2, 3}


def test_numbers_depend_on_the_seed_alone_and_begin_alike():
    assert draw_numbers(7, 5).tolist() == draw_numbers(7, 9).tolist()[:5]
    assert draw_numbers(7, 5).tolist() != draw_numbers(8, 5).tolist()
    assert len(draw_numbers(2**63 + 5, 3)) == 3
