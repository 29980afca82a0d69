"""A run that goes wrong is seen early, and one that goes right is left alone."""

from __future__ import annotations

from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.core.engine.health import CHANCE, LEAST_SENT, Health, find_reputation_problem

OUTCOMES = ("sent", "later", "failed", "unknown")
quick = settings(derandomize=True, deadline=None, max_examples=150)


def after(health: Health, **outcomes: int) -> str | None:
    for outcome, number in outcomes.items():
        for _ in range(number):
            health.record(outcome)
    return health.problem()


def test_all_went_well() -> None:
    assert after(Health(), sent=1_000) is None
    assert Health().problem() is None


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ({"sent": 12, "failed": 20, "later": 18},
         "38 of the last 50 messages failed or were refused for now"),
        ({"failed": 20}, "20 of the last 20 messages failed"),
        ({"sent": 9, "later": 11}, "11 of the last 20 messages were refused for now"),
        ({"unknown": 25}, "25 of the last 25 messages may be out or not"),
        ({"unknown": 10, "failed": 10, "later": 10},
         "30 of the last 30 messages failed, were refused for now or may be out or not"),
    ],
)  # fmt: skip
def test_problem_is_said_in_words(outcomes: dict[str, int], said: str) -> None:
    assert after(Health(), **outcomes) == said


def test_half_may_go_wrong_and_no_more() -> None:
    assert after(Health(), sent=50, failed=50) is None
    assert after(Health(), sent=50, failed=51) is not None


def test_of_a_few_messages_nothing_is_said() -> None:
    assert after(Health(), failed=19) is None
    assert after(Health(window=10), failed=9) is None
    assert after(Health(window=10), failed=10) == "10 of the last 10 messages failed"


def test_only_the_last_ones_count() -> None:
    health = Health()
    assert after(health, sent=100_000, failed=101) is not None
    assert after(health, sent=99) is not None
    assert after(health, sent=1) is None
    assert after(health, sent=200, failed=100) is None


@given(st.lists(st.sampled_from(OUTCOMES), max_size=120), st.integers(1, 40), st.integers(1, 40))
@quick
def test_it_is_what_counting_by_hand_gives(outcomes: list[str], window: int, least: int) -> None:
    health = Health(window=window, least=least, most_errors=0.25)
    for outcome in outcomes:
        health.record(outcome)
    last = outcomes[-window:]
    wrong = sum(outcome != "sent" for outcome in last)
    is_wrong = len(last) >= min(least, window) and wrong * 4 > len(last)
    said = health.problem()
    assert (said is not None) == is_wrong
    assert said is None or said.startswith(f"{wrong} of the last {len(last)} messages ")


def test_word_that_is_no_outcome_is_refused() -> None:
    with pytest.raises(ValueError, match="'ok' is no outcome"):
        Health().record("ok")


def test_bounces_and_complaints_are_said_with_their_shares() -> None:
    assert find_reputation_problem(1_000, 40, 0) == (
        "of 1,000 messages sent, 40 bounced (4.0%; at most 2%)"
    )
    assert find_reputation_problem(12_000, 12, 60) == (
        "of 12,000 messages sent, 60 brought a complaint (0.50%; at most 0.1%)"
    )
    assert find_reputation_problem(12_000, 600, 60) == (
        "of 12,000 messages sent, 600 bounced (5.0%; at most 2%) "
        "and 60 brought a complaint (0.50%; at most 0.1%)"
    )


@pytest.mark.parametrize(
    ("sent", "bounced", "complained"),
    [(0, 0, 0), (20, 1, 1), (99, 99, 99), (100, 6, 1), (1_000, 25, 2), (1_000_000, 20_000, 1_000)],
)
def test_chance_is_no_problem(sent: int, bounced: int, complained: int) -> None:
    assert find_reputation_problem(sent, bounced, complained) is None


@pytest.mark.parametrize(
    ("sent", "bounced", "complained"),
    [(100, 7, 0), (100, 0, 2), (1_000_000, 20_400, 0), (1_000_000, 0, 1_100), (500, 700, 0)],
)
def test_more_than_chance_is_a_problem(sent: int, bounced: int, complained: int) -> None:
    assert find_reputation_problem(sent, bounced, complained) is not None


@given(sent=st.integers(LEAST_SENT, 600), bounced=st.integers(0, 40))
@quick
def test_limit_is_that_of_the_binomial_distribution(sent: int, bounced: int) -> None:
    fewer = sum(comb(sent, one) * 0.02**one * 0.98 ** (sent - one) for one in range(bounced))
    is_over = 1 - fewer < CHANCE
    assert (find_reputation_problem(sent, bounced, 0) is not None) == is_over
