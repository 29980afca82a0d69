from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.core.assignment import choose_variant, draw_fraction

KEY = b"a key of the tests"


@given(st.binary(min_size=1), st.text(), st.integers())
def test_a_fraction_is_at_least_0_and_below_1(key: bytes, name: str, number: int) -> None:
    assert 0 <= draw_fraction(key, name, number) < 1


def test_the_draw_is_the_same_on_every_machine() -> None:
    assert draw_fraction(KEY, "variant", "spring", 7) == 0.24215169275434334


def test_shares_are_kept() -> None:
    shares = {"warm": 0.5, "terse": 0.3, "plain": 0.2}
    counted = Counter(choose_variant(shares, KEY, "spring", one) for one in range(20_000))
    for name, share in shares.items():
        assert abs(counted[name] / 20_000 - share) < 0.015


def test_campaigns_are_drawn_independently() -> None:
    shares = {"a": 0.5, "b": 0.5}
    same = sum(
        choose_variant(shares, KEY, "spring", one) == choose_variant(shares, KEY, "autumn", one)
        for one in range(20_000)
    )
    assert abs(same / 20_000 - 0.5) < 0.015


def test_another_key_draws_anew() -> None:
    shares = {"a": 0.5, "b": 0.5}
    first = [choose_variant(shares, KEY, "spring", one) for one in range(100)]
    assert first != [choose_variant(shares, b"other", "spring", one) for one in range(100)]


@given(st.integers())
def test_shares_that_round_short_of_1_leave_nobody_out(customer: int) -> None:
    assert choose_variant({"a": 0.1, "b": 0.2}, KEY, "spring", customer) in ("a", "b")
